package process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * CPU time of the whole machine since it started, over all processors, from the first line of
 * Linux's {@code /proc/stat} (proc(5)): ticks of a hundredth of a second. Interrupts count as
 * nobody's, for the kernel does its network work there for whoever sends.
 *
 * @param busyS seconds that programs took, and that a hypervisor took away
 * @param allS seconds that there were
 */
public record CpuTime(double busyS, double allS) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final double TICKS_PER_S = 100;
  private static final int FIELDS = 8;
  private static final int USER = 0;
  private static final int NICE = 1;
  private static final int SYSTEM = 2;
  private static final int STEAL = 7;

  /** The time as it is now; empty where the system does not tell. */
  public static Optional<CpuTime> now() {
    try {
      return of(Files.readString(STAT));
    } catch (IOException e) {
      return Optional.empty(); // Not Linux: the figure is optional by contract.
    }
  }

  /** Reads the text of the file. */
  static Optional<CpuTime> of(String stat) {
    String[] words = stat.lines().findFirst().orElse("").split("\\s+", -1);
    if (!words[0].equals("cpu") || words.length <= FIELDS) {
      return Optional.empty();
    }
    double[] ticks =
        Arrays.stream(words).skip(1).limit(FIELDS).mapToDouble(Double::parseDouble).toArray();
    double busy = ticks[USER] + ticks[NICE] + ticks[SYSTEM] + ticks[STEAL];
    return Optional.of(new CpuTime(busy / TICKS_PER_S, Arrays.stream(ticks).sum() / TICKS_PER_S));
  }

  /**
   * The share that others took since then, in per cent of all there was; never below 0.
   *
   * @param before an earlier reading
   * @param ownS seconds that our own processes took in between
   */
  public double othersPct(CpuTime before, double ownS) {
    double all = allS - before.allS;
    return all <= 0 ? 0 : Math.max(0, 100 * (busyS - before.busyS - ownS) / all);
  }
}
