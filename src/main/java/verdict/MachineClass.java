package verdict;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be the same of two machines before their figures are compared. Patch releases of
 * system and JVM are not part of it.
 *
 * @param cpus processors
 * @param cpuModel the processor's name
 * @param memoryGib memory, rounded to whole GiB
 * @param os name and architecture
 * @param jvm feature release
 */
public record MachineClass(int cpus, String cpuModel, long memoryGib, String os, String jvm) {
  private static final double BYTES_PER_GIB = 1L << 30;

  /** Reads the {@code machine} block of a manifest; what is absent there is empty or 0. */
  static MachineClass of(JsonNode machine) {
    String os = machine.path("os").asText("");
    String jvm = machine.path("jvm").asText("");
    return new MachineClass(
        machine.path("cpus").asInt(),
        machine.path("cpu_model").asText(""),
        Math.round(machine.path("memory_bytes").asDouble() / BYTES_PER_GIB),
        os.replaceFirst(" .* ", " "),
        before(before(jvm, ' '), '.'));
  }

  /** The machine in a few words. */
  public String words() {
    return String.join(
        ", ", cpus + " CPUs", known(cpuModel), memoryGib + " GiB", known(os), "Java " + known(jvm));
  }

  /** What differs, each in a few words, the other's value second. */
  List<String> differences(MachineClass other) {
    List<String> found = new ArrayList<>();
    add(found, cpus + " CPUs", other.cpus + " CPUs");
    add(found, known(cpuModel), known(other.cpuModel));
    add(found, memoryGib + " GiB", other.memoryGib + " GiB");
    add(found, known(os), known(other.os));
    add(found, "Java " + known(jvm), "Java " + known(other.jvm));
    return found;
  }

  private static void add(List<String> found, String own, String others) {
    if (!own.equals(others)) {
      found.add(own + " instead of " + others);
    }
  }

  private static String known(String value) {
    return value.isEmpty() ? "unknown" : value;
  }

  private static String before(String text, char end) {
    int at = text.indexOf(end);
    return at < 0 ? text : text.substring(0, at);
  }
}
