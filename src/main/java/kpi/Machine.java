package kpi;

import java.util.Locale;

/**
 * The machine that this process runs on. The processor's model and the memory are known on Linux
 * only.
 *
 * @param cpus processors that this JVM may use
 * @param cpuModel the processor's name, or its architecture
 * @param memoryBytes the machine's memory, or {@value ProcessFigures#UNKNOWN}
 */
public record Machine(int cpus, String cpuModel, long memoryBytes, String os, String jvm) {
  public static Machine here() {
    String architecture = System.getProperty("os.arch");
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        Proc.text("cpuinfo").flatMap(t -> Proc.field(t, "model name")).orElse(architecture),
        Proc.text("meminfo")
            .flatMap(text -> Proc.bytes(text, "MemTotal"))
            .orElse(ProcessFigures.UNKNOWN),
        System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + architecture,
        System.getProperty("java.version") + " " + System.getProperty("java.vendor"));
  }

  public String sentence() {
    return String.format(Locale.ROOT, "%s, %d cores, %s, Java %s", cpuModel, cpus, os, jvm);
  }

  /** Returns the load averages over 1, 5 and 15 minutes, as the kernel writes them. */
  public static String load() {
    return Proc.text("loadavg")
        .map(text -> text.replaceFirst("^(\\S+ \\S+ \\S+) (?s:.*)", "$1"))
        .orElse("unknown");
  }
}
