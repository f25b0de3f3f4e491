package stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The system's own package of nats-server, fetched by apt with state folders of its own and
 * unpacked by dpkg-deb: that needs no root and installs nothing. apt checks the signatures.
 *
 * @param aptOptions precede the command, such as another source of lists
 */
record NatsPackage(Host host, List<String> aptOptions) {
  private static final Duration BOUND = Duration.ofMinutes(2);

  /** The sandbox user is off because apt, when root, would become a user without access here. */
  private static final String SCRIPT =
      """
      mkdir -p state/lists/partial cache/archives/partial unpacked
      apt() {
        apt-get -q -o Dir::State="$PWD/state" -o Dir::Cache="$PWD/cache" -o APT::Sandbox::User= \
          -o Acquire::Retries=1 -o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10 \
          -o Acquire::Languages=none "$@"
      }
      apt "$@" update && apt "$@" download nats-server && dpkg-deb -x *.deb unpacked
      """;

  /**
   * Puts the program into a folder.
   *
   * @throws StackFailure if there is no apt, or it has no such package
   */
  void fetch(Path folder) throws IOException {
    for (String tool : List.of("apt-get", "dpkg-deb")) {
      if (host.find(tool).isEmpty()) {
        throw new StackFailure("there is no " + tool);
      }
    }
    Path work = Files.createDirectory(folder.resolve("work"));
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
    words.addAll(aptOptions);
    Command.Ended ended = Command.run(work, BOUND, words);
    if (!ended.isFine()) {
      throw new StackFailure("apt-get failed: " + ended.lastLine());
    }
    NatsProgram.take(work.resolve("unpacked"), folder);
    ProgramCache.deleteAll(work);
  }
}
