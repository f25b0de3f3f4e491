package verdict;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import kpi.Machine;

/**
 * The properties that two machines must share before their figures are compared. Patch releases of
 * system and JVM are not part of it.
 *
 * @param cpus processors
 * @param cpuModel the processor's name
 * @param memoryGib memory, rounded to whole GiB
 * @param os name and architecture
 * @param jvm feature release
 */
@JsonNaming(SnakeCaseStrategy.class)
public record MachineClass(int cpus, String cpuModel, long memoryGib, String os, String jvm) {
  private static final double BYTES_PER_GIB = 1L << 30;

  /** Returns the class of a machine. */
  static MachineClass of(Machine machine) {
    return new MachineClass(
        machine.cpus(),
        machine.cpuModel(),
        Math.round(machine.memoryBytes() / BYTES_PER_GIB),
        machine.os().replaceFirst(" .* ", " "),
        before(before(machine.jvm(), ' '), '.'));
  }

  /** Returns the machine in a few words. */
  public String words() {
    return String.join(
        ", ", cpus + " CPUs", known(cpuModel), memoryGib + " GiB", known(os), "Java " + known(jvm));
  }

  /** Returns the differences in words, the other's value second. */
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
