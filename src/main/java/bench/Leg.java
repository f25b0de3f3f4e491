package bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One lane in one round.
 *
 * @param lane its name
 * @param round from 1
 * @param received what came out of it
 * @param cpuS CPU seconds of the lane's processes over the plateau; empty for the direct way
 * @param rssBytes their resident memory at the end of the plateau
 */
public record Leg(
    String lane, int round, Received received, OptionalDouble cpuS, OptionalLong rssBytes) {
  private static final double US_PER_S = 1e6;

  /** CPU of the lane for each event of the plateau, in microseconds. */
  OptionalDouble cpuUsPerEvent() {
    return cpuS.isEmpty() || received.plateauEvents() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(cpuS.getAsDouble() * US_PER_S / received.plateauEvents());
  }

  /** The names used in JSON. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("lane", lane);
    map.put("round", round);
    map.putAll(received.asMap());
    cpuS.ifPresent(value -> map.put("plateau_cpu_s", value));
    cpuUsPerEvent().ifPresent(value -> map.put("cpu_us_per_event", value));
    rssBytes.ifPresent(value -> map.put("rss_bytes", value));
    return map;
  }
}
