package stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * nats-server from the system's own package lists: apt with state folders of its own and dpkg-deb,
 * which needs no root and installs nothing. apt checks the signatures.
 *
 * @param aptOptions before the command, such as where else the lists come from
 */
record NatsPackage(Host host, List<String> aptOptions) {
  private static final Duration BOUND = Duration.ofSeconds(60);

  /** The system's own. */
  static NatsPackage of(Host host) {
    return new NatsPackage(host, List.of());
  }

  /**
   * Puts the program into a folder.
   *
   * @throws StackFailure if there is no apt, or it has no such package
   * @throws IOException if the folder cannot be written to
   */
  void fetch(Path folder) throws IOException {
    for (String tool : List.of("apt-get", "dpkg-deb")) {
      if (host.find(tool).isEmpty()) {
        throw new StackFailure("there is no " + tool);
      }
    }
    Path work = Files.createDirectory(folder.resolve("work"));
    Path state = Files.createDirectories(work.resolve("state"));
    Path unpacked = Files.createDirectory(work.resolve("unpacked"));
    Files.createDirectories(state.resolve("lists").resolve("partial"));
    Files.createDirectories(work.resolve("cache").resolve("archives").resolve("partial"));
    apt(work, "update");
    apt(work, "download", NatsProgram.NAME);
    run(work, List.of("dpkg-deb", "-x", only(work, ".deb").toString(), unpacked.toString()));
    try (Stream<Path> all = Files.walk(unpacked)) {
      Path program =
          all.filter(
                  file ->
                      file.endsWith(Path.of("sbin", NatsProgram.NAME))
                          || file.endsWith(Path.of("bin", NatsProgram.NAME)))
              .findFirst()
              .orElseThrow(() -> new StackFailure("the package holds no " + NatsProgram.NAME));
      Files.move(program, folder.resolve(NatsProgram.NAME));
    }
    ProgramCache.deleteAll(work);
  }

  private void apt(Path work, String... command) throws IOException {
    List<String> words = new ArrayList<>(List.of("apt-get", "-q"));
    for (String option :
        List.of(
            "Dir::State=" + work.resolve("state"),
            "Dir::Cache=" + work.resolve("cache"),
            // Otherwise apt, when root, becomes a user who may not enter our folder.
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

  private static Path only(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(end))
          .findFirst()
          .orElseThrow(() -> new StackFailure("apt-get download left no package"));
    }
  }
}
