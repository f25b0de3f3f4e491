package bench.bids;

import bench.Meter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What so many users came to.
 *
 * @param strategy of the bid service
 * @param users at once
 * @param told by the client
 * @param accepted bids, as Redis counted them
 * @param cost of all processes
 */
record Step(String strategy, int users, WrkLoad.Told told, long accepted, Meter.Cost cost) {
  /** Accepted bids a second. */
  double acceptedPerS() {
    return accepted / told.seconds();
  }

  /** The share of the decided bids that was accepted. */
  double acceptedShare() {
    return Math.min(1, acceptedPerS() / told.decidedPerS());
  }

  /** Decided bids against what Redis alone decides. */
  double ofFloor(Floor floor) {
    return told.decidedPerS() / floor.perS(acceptedShare());
  }

  /** True if every bid was decided. */
  boolean isWhole() {
    return told.broken() == 0 && told.refused() == 0 && told.requests() > 0;
  }

  /** The names used in JSON. */
  Map<String, Object> asMap(Floor floor) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("strategy", strategy);
    map.put("users", users);
    map.put("decided_per_s", told.decidedPerS());
    map.put("accepted_per_s", acceptedPerS());
    map.put("of_floor", ofFloor(floor));
    map.put("refused", told.refused());
    map.put("broken", told.broken());
    map.put("p50_ms", told.p50Ms());
    map.put("p95_ms", told.p95Ms());
    map.put("p99_ms", told.p99Ms());
    map.put("max_ms", told.maxMs());
    Map<String, Object> cpu = new LinkedHashMap<>();
    cost.cpuS().keySet().forEach(each -> cpu.put(each, cost.cpuUs(each, told.requests())));
    map.put("cpu_us_per_bid", cpu);
    return map;
  }
}
