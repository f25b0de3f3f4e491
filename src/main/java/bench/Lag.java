package bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Points of a distribution of lateness, in milliseconds; 0 if there was nothing.
 *
 * @param p50 the median
 * @param p99 the 99th percentile
 * @param max the largest
 */
public record Lag(double p50, double p99, double max) {
  private static final double NS_PER_MS = 1e6;

  /** The points of a histogram of nanoseconds. */
  public static Lag of(Histogram ns) {
    return new Lag(
        ns.getValueAtPercentile(50) / NS_PER_MS,
        ns.getValueAtPercentile(99) / NS_PER_MS,
        ns.getMaxValue() / NS_PER_MS);
  }

  /** The names used in JSON. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("p50_ms", p50);
    map.put("p99_ms", p99);
    map.put("max_ms", max);
    return map;
  }
}
