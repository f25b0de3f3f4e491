package kpi;

import java.util.Optional;

/**
 * Idle time of the machine's processors since it started, from Linux's {@code /proc/stat}, in ticks
 * of a hundredth of a second. The kernel measures idle time exactly where it often only samples
 * time at work, so the CPU that was used is computed from the idle time.
 *
 * @param idleS seconds idle or waiting for a disk, over all processors
 */
public record CpuTime(double idleS, int cpus) {
  private static final double TICKS_PER_S = 100;
  private static final int IDLE = 4;
  private static final int WAITING = 5;

  /** Reads the time now; empty where the system does not report it. */
  public static Optional<CpuTime> now() {
    return Proc.text("stat").flatMap(CpuTime::of);
  }

  static Optional<CpuTime> of(String stat) {
    String[] words = stat.lines().findFirst().orElse("").split("\\s+", -1);
    int cpus = (int) stat.lines().filter(line -> line.matches("cpu\\d.*")).count();
    if (!words[0].equals("cpu") || words.length <= WAITING || cpus == 0) {
      return Optional.empty();
    }
    double ticks = Double.parseDouble(words[IDLE]) + Double.parseDouble(words[WAITING]);
    return Optional.of(new CpuTime(ticks / TICKS_PER_S, cpus));
  }

  /**
   * Returns the share that other programs took since then, in per cent; never below 0.
   *
   * @param before an earlier reading
   * @param elapsedS seconds since then
   * @param ownS CPU seconds that our own processes took in between
   */
  public double othersPct(CpuTime before, double elapsedS, double ownS) {
    double all = cpus * elapsedS;
    return all <= 0 ? 0 : Math.max(0, 100 * (all - (idleS - before.idleS) - ownS) / all);
  }
}
