package simulations.sse;

import java.util.List;
import java.util.Map;
import java.util.Set;
import verdict.Threshold;
import verdict.Threshold.Operator;

/**
 * What a single stream must meet to count as good, in nanoseconds; {@link Long#MAX_VALUE} where
 * nothing is asked.
 *
 * @param ttftNs first token
 * @param gapP99Ns 99th percentile of the stream's gaps, by nearest rank
 * @param gapMaxNs longest gap
 * @param e2eNs whole stream
 * @param words as written, for reports
 */
public record StreamSlos(
    long ttftNs, long gapP99Ns, long gapMaxNs, long e2eNs, List<String> words) {
  private static final double NS_PER_MS = 1e6;
  private static final Set<String> NAMES = Set.of("ttft.max", "gap.p99", "gap.max", "e2e.max");

  /**
   * Parses a limit that a single stream can meet. A stream has one ttft and one e2e, whose limits
   * need no statistic.
   *
   * @param text as the user wrote it
   * @param words values in ms of the words that the simulation defines
   * @throws IllegalArgumentException saying what is wrong and what to write
   */
  static Threshold limit(String text, Map<String, Double> words) {
    Threshold limit =
        Threshold.parse(text.strip().replaceFirst("^(ttft|e2e)\\s*(?=[<>])", "$1.max "), words);
    boolean upper = limit.operator() == Operator.LT || limit.operator() == Operator.LE;
    if (!upper || !NAMES.contains(limit.figure().text())) {
      throw new IllegalArgumentException(
          "'"
              + text.strip()
              + "' is nothing that a single stream can meet; limit ttft, e2e, gap.p99 or gap.max"
              + " from above");
    }
    return limit;
  }

  /** Sorts limits of single streams into place. */
  static StreamSlos of(List<Threshold> limits) {
    return new StreamSlos(
        bound(limits, "ttft.max"),
        bound(limits, "gap.p99"),
        bound(limits, "gap.max"),
        bound(limits, "e2e.max"),
        limits.stream().map(Threshold::text).toList());
  }

  private static long bound(List<Threshold> limits, String figure) {
    return limits.stream()
        .filter(limit -> limit.figure().text().equals(figure))
        .mapToLong(limit -> Math.round(limit.bound() * NS_PER_MS))
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
