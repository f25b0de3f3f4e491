package bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one load brought.
 *
 * @param expected events if nothing is lost
 * @param events events received
 * @param whole streams that ended properly with all their events
 * @param ttft from a request sent to its first event
 * @param lateness of each token, from the moment when it was due
 * @param plateauEvents events received while all streams were open; 0 if the first stream ended
 *     before the last one was open, for then the machine is too slow for the load
 * @param plateauS length of that time in seconds
 */
public record Received(
    long expected,
    long events,
    int whole,
    Spread ttft,
    Spread lateness,
    long plateauEvents,
    double plateauS) {
  /**
   * Two points of a distribution, in microseconds.
   *
   * @param p50 the median
   * @param p99 the 99th percentile
   */
  public record Spread(double p50, double p99) {}

  /** Events that never came. */
  public long lost() {
    return expected - events;
  }

  /** True if there was a time with all streams open. */
  boolean hasPlateau() {
    return plateauEvents > 0;
  }

  /** The names used in JSON. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("expected", expected);
    map.put("events", events);
    map.put("lost", lost());
    map.put("whole_streams", whole);
    map.put("ttft_p50_us", ttft.p50);
    map.put("ttft_p99_us", ttft.p99);
    map.put("lateness_p50_us", lateness.p50);
    map.put("lateness_p99_us", lateness.p99);
    map.put("plateau_events", plateauEvents);
    map.put("plateau_s", plateauS);
    return map;
  }
}
