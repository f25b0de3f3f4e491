package bench.relay;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import process.CpuTime;
import process.ProcessFigures;

/** Reads what a step costs, from its first token to its last. Used by one thread. */
final class Meter implements Passage.Moments {
  /** The process that produces and hears. */
  static final String BENCH = "bench";

  private static final double NS_PER_S = 1e9;

  private final Chain chain;
  private final LongSupplier nanoClock;
  private Map<String, Long> countedBefore = Map.of();
  private Reading before;
  private Cost cost;

  Meter(Chain chain, LongSupplier nanoClock) {
    this.chain = chain;
    this.nanoClock = nanoClock;
  }

  /**
   * What a step cost.
   *
   * @param cpuS CPU seconds of each process, of the bench itself too
   * @param othersPct the share of the machine that programs took which are no part of this, in per
   *     cent; NaN if the system does not tell
   * @param counted what bridge and adapter counted as lost or cut short, by its name; without what
   *     did not happen
   */
  record Cost(Map<String, Double> cpuS, double othersPct, Map<String, Long> counted) {
    private static final double US_PER_S = 1e6;

    /** CPU of a process for each of so many tokens, in microseconds; NaN if there is none. */
    double cpuUs(String process, int tokens) {
      Double seconds = cpuS.get(process);
      return seconds == null || tokens == 0 ? Double.NaN : seconds * US_PER_S / tokens;
    }
  }

  /** What all processes had used at a moment. */
  private record Reading(Map<String, Double> cpuS, Optional<CpuTime> machine, long atNs) {}

  @Override
  public void begins() {
    countedBefore = chain.counted();
    before = reading();
  }

  @Override
  public void ends() {
    Reading after = reading();
    Map<String, Double> used = new LinkedHashMap<>(after.cpuS());
    used.replaceAll((process, seconds) -> seconds - before.cpuS().get(process));
    cost = new Cost(used, others(after, used), grown(countedBefore, chain.counted()));
  }

  /** Known when the step is over. */
  Cost cost() {
    return cost;
  }

  /** What grew between two readings of the same counters. */
  static Map<String, Long> grown(Map<String, Long> before, Map<String, Long> after) {
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
    Map<String, Double> cpuS = new LinkedHashMap<>(chain.cpuS());
    cpuS.put(BENCH, ProcessFigures.now().cpuS());
    return new Reading(cpuS, CpuTime.now(), nanoClock.getAsLong());
  }
}
