package stack;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where servers are started: the only place of this room that asks the machine.
 *
 * @param platform empty on a system that no server program is made for
 * @param described the system in Java's words, for messages
 * @param path the folders of the PATH
 * @param cache takes programs that were unpacked or fetched
 */
record Host(Optional<Platform> platform, String described, List<Path> path, Path cache) {

  /**
   * This machine. The cache is {@code gauntlet} in $XDG_CACHE_HOME or in {@code ~/.cache}; a user
   * without a home of their own has it in {@code target/cache}.
   */
  static Host here() {
    String name = System.getProperty("os.name");
    String processor = System.getProperty("os.arch");
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return new Host(
        Platform.of(name, processor),
        name + " " + processor,
        Stream.of(path.split(File.pathSeparator))
            .filter(each -> !each.isEmpty())
            .map(Path::of)
            .toList(),
        caches().resolve("gauntlet").toAbsolutePath());
  }

  /** A program on the PATH. */
  Optional<Path> find(String program) {
    return path.stream()
        .map(folder -> folder.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** The system's folder for temporary files. */
  static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static Path caches() {
    Path asked = Path.of(Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).orElse(""));
    Path home = Path.of(System.getProperty("user.home", ""));
    if (asked.isAbsolute()) {
      return asked;
    }
    // Java says "?" where the system does not know the user, as in many containers.
    return home.isAbsolute() && Files.isWritable(home)
        ? home.resolve(".cache")
        : Path.of("target", "cache");
  }
}
