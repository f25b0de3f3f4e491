package simulations.ticker;

import java.util.List;
import java.util.Map;
import kpi.Kpi;
import verdict.Threshold;
import verdict.Threshold.Operator;

/**
 * What a single socket must meet to count as good, in nanoseconds; {@link Long#MAX_VALUE} where
 * nothing is asked.
 *
 * @param rttMaxNs its longest round trip
 * @param lagMaxNs the longest delivery lag of its broadcasts
 * @param words as written, for reports
 */
record TickerSlos(long rttMaxNs, long lagMaxNs, List<String> words) {
  private static final double NS_PER_MS = 1e6;
  private static final String RTT = Kpi.RTT.word() + ".max";
  private static final String LAG = Kpi.DELIVERY_LAG.word() + ".max";

  /**
   * Parses a limit that a single socket can meet.
   *
   * @param text as the user wrote it
   * @param words values in ms of the words that the simulation defines
   * @throws IllegalArgumentException saying what is wrong and what to write
   */
  static Threshold limit(String text, Map<String, Double> words) {
    Threshold limit = Threshold.parse(text, words);
    String figure = limit.figure().text();
    boolean upper = limit.operator() == Operator.LT || limit.operator() == Operator.LE;
    if (!upper || !(figure.equals(RTT) || figure.equals(LAG))) {
      throw new IllegalArgumentException(
          "'"
              + text.strip()
              + "' is nothing that a single socket can meet; limit "
              + RTT
              + " or "
              + LAG
              + " from above");
    }
    return limit;
  }

  /** Sorts limits of single sockets into place. */
  static TickerSlos of(List<Threshold> limits) {
    return new TickerSlos(
        bound(limits, RTT), bound(limits, LAG), limits.stream().map(Threshold::text).toList());
  }

  private static long bound(List<Threshold> limits, String figure) {
    return limits.stream()
        .filter(limit -> limit.figure().text().equals(figure))
        .mapToLong(limit -> Math.round(limit.bound() * NS_PER_MS))
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
