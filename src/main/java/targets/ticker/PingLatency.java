package targets.ticker;

import java.util.LinkedHashMap;
import java.util.Map;

/** How long the pings of clients took to come, of those whose clock tells. Thread-safe. */
final class PingLatency {
  private long count;
  private double sumMs;
  private double peakMs;

  synchronized void add(double ms) {
    count++;
    sumMs += ms;
    peakMs = Math.max(peakMs, ms);
  }

  /** Milliseconds, 0 while there is none. */
  synchronized Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("count", count);
    map.put("average_ms", count == 0 ? 0 : sumMs / count);
    map.put("peak_ms", peakMs);
    return map;
  }
}
