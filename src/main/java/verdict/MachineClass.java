package verdict;

import java.util.List;
import java.util.stream.IntStream;
import kpi.Machine;

/**
 * The properties that two machines must share before their figures are compared. Patch releases of
 * system and JVM are not part of it.
 *
 * @param memoryGib memory, rounded to whole GiB
 * @param os name and architecture
 * @param jvm feature release
 */
public record MachineClass(int cpus, String cpuModel, long memoryGib, String os, String jvm) {
  private static final double BYTES_PER_GIB = 1L << 30;

  static MachineClass of(Machine machine) {
    return new MachineClass(
        machine.cpus(),
        machine.cpuModel(),
        Math.round(machine.memoryBytes() / BYTES_PER_GIB),
        machine.os().replaceFirst(" .* ", " "),
        machine.jvm().replaceFirst("[ .].*", ""));
  }

  public String words() {
    return String.join(", ", properties());
  }

  /** Returns the differences in words, the other's value second. */
  List<String> differences(MachineClass other) {
    List<String> own = properties();
    List<String> others = other.properties();
    return IntStream.range(0, own.size())
        .filter(at -> !own.get(at).equals(others.get(at)))
        .mapToObj(at -> own.get(at) + " instead of " + others.get(at))
        .toList();
  }

  private List<String> properties() {
    return List.of(
        cpus + " CPUs", known(cpuModel), memoryGib + " GiB", known(os), "Java " + known(jvm));
  }

  private static String known(String value) {
    return value.isEmpty() ? "unknown" : value;
  }
}
