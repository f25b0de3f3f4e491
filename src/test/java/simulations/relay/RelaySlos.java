package simulations.relay;

import java.util.List;
import java.util.Map;
import java.util.Set;
import kpi.Kpi;
import simulations.relay.RelaySettings.Mode;
import verdict.Threshold;
import verdict.Threshold.Operator;

/**
 * What a single conversation must meet to count as good, in nanoseconds; {@link Long#MAX_VALUE}
 * where nothing is asked.
 *
 * @param lagMaxNs the longest delivery lag of its tokens
 * @param words as written, for reports
 */
record RelaySlos(long lagMaxNs, List<String> words) {
  private static final double NS_PER_MS = 1e6;
  private static final String LAG = Kpi.DELIVERY_LAG.word() + ".max";

  /** What a producer alone can be asked for. */
  private static final Set<Kpi> OF_PRODUCER =
      Set.of(Kpi.PUBLISH_LAG, Kpi.SUCCESS_RATE, Kpi.MESSAGES_PER_S, Kpi.RSS_MAX, Kpi.CPU_CORES);

  /**
   * Parses a limit that a single conversation can meet.
   *
   * @param text as the user wrote it
   * @param words values in ms of the words that the simulation defines
   * @throws IllegalArgumentException saying what is wrong and what to write
   */
  static Threshold limit(String text, Map<String, Double> words) {
    Threshold limit = Threshold.parse(text, words);
    boolean upper = limit.operator() == Operator.LT || limit.operator() == Operator.LE;
    if (!upper || !limit.figure().text().equals(LAG)) {
      throw new IllegalArgumentException(
          "'"
              + text.strip()
              + "' is nothing that a single conversation can meet; limit "
              + LAG
              + " from above");
    }
    return limit;
  }

  /** The strictest of them. */
  static RelaySlos of(List<Threshold> limits) {
    return new RelaySlos(
        limits.stream()
            .mapToLong(limit -> Math.round(limit.bound() * NS_PER_MS))
            .min()
            .orElse(Long.MAX_VALUE),
        limits.stream().map(Threshold::text).toList());
  }

  /** True for what a process of that mode measures. */
  static boolean isOf(Mode mode, Kpi kpi) {
    return switch (mode) {
      case BOTH -> true;
      case PRODUCER -> OF_PRODUCER.contains(kpi);
      case CONSUMER -> kpi != Kpi.PUBLISH_LAG && kpi != Kpi.TTFT && kpi != Kpi.RECONNECT;
    };
  }
}
