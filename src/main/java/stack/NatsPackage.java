package stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The system's own package of nats-server, fetched by apt with state folders of its own and
 * unpacked by dpkg-deb: that needs no root and installs nothing. apt checks the signatures.
 *
 * @param aptOptions precede the command, such as another source of lists
 */
record NatsPackage(Host host, List<String> aptOptions) {
  private static final Duration BOUND = Duration.ofSeconds(60);

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
    Path unpacked = Files.createDirectory(work.resolve("unpacked"));
    Files.createDirectories(work.resolve("state/lists/partial"));
    Files.createDirectories(work.resolve("cache/archives/partial"));
    apt(work, "update");
    apt(work, "download", NatsProgram.NAME);
    run(work, List.of("dpkg-deb", "-x", archive(work).toString(), unpacked.toString()));
    NatsProgram.take(unpacked, folder);
    ProgramCache.deleteAll(work);
  }

  private void apt(Path work, String... command) throws IOException {
    List<String> words = new ArrayList<>(List.of("apt-get", "-q"));
    for (String option :
        List.of(
            "Dir::State=" + work.resolve("state"),
            "Dir::Cache=" + work.resolve("cache"),
            // Otherwise apt, when root, becomes a user without access to our folder.
            "APT::Sandbox::User=",
            "Acquire::Retries=1",
            "Acquire::http::Timeout=10",
            "Acquire::https::Timeout=10",
            "Acquire::Languages=none")) {
      words.addAll(List.of("-o", option));
    }
    words.addAll(aptOptions);
    words.addAll(List.of(command));
    run(work, words);
  }

  private static void run(Path work, List<String> words) throws IOException {
    Command.Ended ended = Command.run(work, BOUND, words);
    if (!ended.isFine()) {
      throw new StackFailure(words.get(0) + " failed: " + ended.lastLine());
    }
  }

  private static Path archive(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".deb"))
          .findFirst()
          .orElseThrow(() -> new StackFailure("apt-get download left no package"));
    }
  }
}
