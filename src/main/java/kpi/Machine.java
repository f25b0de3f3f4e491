package kpi;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The machine that this process runs on. The processor's model and the memory are known on Linux
 * only.
 *
 * @param cpus processors that this JVM may use
 * @param cpuModel the processor's name, or its architecture
 * @param memoryBytes the machine's memory, or {@value ProcessFigures#UNKNOWN}
 * @param os name, version and architecture of the system
 * @param jvm version and vendor of the JVM
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Machine(int cpus, String cpuModel, long memoryBytes, String os, String jvm) {
  private static final Path CPUS = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path LOAD = Path.of("/proc/loadavg");

  /** Replaces what is absent. */
  public Machine {
    cpuModel = cpuModel == null ? "" : cpuModel;
    os = os == null ? "" : os;
    jvm = jvm == null ? "" : jvm;
  }

  /** Returns the machine that this JVM runs on. */
  public static Machine here() {
    String architecture = System.getProperty("os.arch");
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        value(read(CPUS), "model name", architecture),
        memory(read(MEMORY)),
        System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + architecture,
        System.getProperty("java.version") + " " + System.getProperty("java.vendor"));
  }

  /** Returns one line for a reader. */
  public String sentence() {
    return String.format(Locale.ROOT, "%s, %d cores, %s, Java %s", cpuModel, cpus, os, jvm);
  }

  /** Returns the load averages over 1, 5 and 15 minutes, as the kernel writes them. */
  public static String load() {
    String[] words = read(LOAD).split(" ", -1);
    return words.length < 3 ? "unknown" : words[0] + " " + words[1] + " " + words[2];
  }

  /** Returns the first value of a field in the text of a file of fields. */
  static String value(String text, String field, String otherwise) {
    return text.lines()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(otherwise);
  }

  private static long memory(String meminfo) {
    String kib = value(meminfo, "MemTotal", "").replaceAll("\\D", "");
    return kib.isEmpty() ? ProcessFigures.UNKNOWN : Long.parseLong(kib) * 1024;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // Not Linux: the figure is a comment on the result, not part of it.
    }
  }
}
