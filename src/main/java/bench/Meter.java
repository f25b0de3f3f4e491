package bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kpi.CpuTime;
import kpi.ProcessFigures;
import kpi.ProcessTree;
import stack.StackFailure;

/** Reads what a step costs, from its first message to its last. Used by one thread. */
public final class Meter {
  /** The process that produces and hears. */
  public static final String BENCH = "bench";

  private static final double NS_PER_S = 1e9;

  private final Supplier<Map<String, Double>> cpuS;
  private final Supplier<Map<String, Long>> counted;
  private final LongSupplier nanoClock;
  private Map<String, Long> countedBefore = Map.of();
  private Reading before;
  private Cost cost;

  /**
   * @param cpuS CPU seconds that each process has used so far
   * @param counted what the targets count as lost or cut short, by its name
   * @param nanoClock monotonic nanoseconds
   */
  public Meter(
      Supplier<Map<String, Double>> cpuS,
      Supplier<Map<String, Long>> counted,
      LongSupplier nanoClock) {
    this.cpuS = cpuS;
    this.counted = counted;
    this.nanoClock = nanoClock;
  }

  /**
   * What a step cost.
   *
   * @param cpuS CPU seconds of each process, of the bench itself too
   * @param othersPct the share of the machine that programs took which are no part of this, in per
   *     cent; NaN if the system does not tell
   * @param counted what the targets counted as lost or cut short, by its name; without what did not
   *     happen
   */
  public record Cost(Map<String, Double> cpuS, double othersPct, Map<String, Long> counted) {
    private static final double US_PER_S = 1e6;

    /** CPU of a process for each of so many messages, in microseconds; NaN if there is none. */
    public double cpuUs(String process, long messages) {
      Double seconds = cpuS.get(process);
      return seconds == null || messages == 0 ? Double.NaN : seconds * US_PER_S / messages;
    }
  }

  /** What all processes had used at a moment. */
  private record Reading(Map<String, Double> cpuS, Optional<CpuTime> machine, long atNs) {}

  /** The step begins. */
  public void begins() {
    countedBefore = counted.get();
    before = reading();
  }

  /** The step is over. */
  public void ends() {
    Reading after = reading();
    Map<String, Double> used = new LinkedHashMap<>(after.cpuS());
    used.replaceAll((process, seconds) -> seconds - before.cpuS().get(process));
    cost = new Cost(used, others(after, used), grown(countedBefore, counted.get()));
  }

  /** Known when the step is over. */
  public Cost cost() {
    return cost;
  }

  /** CPU seconds that processes and their descendants have used so far, by their names. */
  public static Map<String, Double> cpuS(Map<String, Long> pids) {
    Map<String, Double> cpuS = new LinkedHashMap<>();
    pids.forEach((process, pid) -> cpuS.put(process, tree(process, pid).cpuS()));
    return cpuS;
  }

  /**
   * A process and its descendants as they are now.
   *
   * @param process its name, for messages
   * @throws StackFailure if it is gone
   */
  public static ProcessTree tree(String process, long pid) {
    return ProcessTree.of(pid)
        .orElseThrow(
            () ->
                new StackFailure(
                    process
                        + " ended while it was measured, or this is not Linux: no /proc/"
                        + pid));
  }

  /** What grew between two readings of the same counters. */
  public static Map<String, Long> grown(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> grown = new LinkedHashMap<>(after);
    grown.replaceAll((name, count) -> count - before.getOrDefault(name, 0L));
    grown.values().removeIf(count -> count == 0);
    return grown;
  }

  private double others(Reading after, Map<String, Double> used) {
    if (before.machine().isEmpty() || after.machine().isEmpty()) {
      return Double.NaN;
    }
    double ownS = used.values().stream().mapToDouble(Double::doubleValue).sum();
    double elapsedS = (after.atNs() - before.atNs()) / NS_PER_S;
    return after.machine().get().othersPct(before.machine().get(), elapsedS, ownS);
  }

  private Reading reading() {
    Map<String, Double> used = new LinkedHashMap<>(cpuS.get());
    used.put(BENCH, ProcessFigures.now().cpuS());
    return new Reading(used, CpuTime.now(), nanoClock.getAsLong());
  }
}
