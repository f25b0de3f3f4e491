package simulations.sse;

import java.util.List;
import java.util.stream.Collectors;
import verdict.Limit;

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

  /** A stream has one ttft and one e2e: their limits need no statistic, and get the maximum. */
  static String withStat(String text) {
    return text.strip().replaceFirst("^(ttft|e2e)\\s*(?=[<>])", "$1.max ");
  }

  /**
   * Sorts limits into place.
   *
   * @throws IllegalArgumentException if a limit is not one that a single stream can meet
   */
  static StreamSlos of(List<Limit> limits) {
    return new StreamSlos(
        bound(limits, "ttft", "max"),
        bound(limits, "gap", "p99"),
        bound(limits, "gap", "max"),
        bound(limits, "e2e", "max"),
        limits.stream().map(Limit::text).collect(Collectors.toList()));
  }

  private static long bound(List<Limit> limits, String name, String stat) {
    return limits.stream()
        .filter(limit -> limit.name().equals(name) && limit.stat().equals(stat))
        .mapToLong(limit -> Math.round(limit.bound() * NS_PER_MS))
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
