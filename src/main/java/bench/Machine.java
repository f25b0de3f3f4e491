package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the figures were measured on. */
final class Machine {
  private static final Path CPUS = Path.of("/proc/cpuinfo");
  private static final Path LOAD = Path.of("/proc/loadavg");

  private Machine() {}

  /** One line: processor, cores, kernel, Java. */
  static String sentence() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s %s, Java %s",
        processor(read(CPUS)),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version());
  }

  /** The load averages over 1, 5 and 15 minutes, as the kernel writes them. */
  static String load() {
    String[] words = read(LOAD).split(" ", -1);
    return words.length < 3 ? "unknown" : words[0] + " " + words[1] + " " + words[2];
  }

  /** The model in a {@code /proc/cpuinfo} text. */
  static String processor(String cpuinfo) {
    return cpuinfo
        .lines()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // Not Linux: the figure is a comment on the result, not part of it.
    }
  }
}
