package bench.fanout;

import bench.Meter;
import bench.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a rate came to.
 *
 * @param kind of the lane
 * @param rate messages a second
 * @param heard by the viewers
 * @param cost of all processes
 */
record Step(LaneKind kind, int rate, Arrivals.Summary heard, Meter.Cost cost) {
  private static final double NS_PER_MS = 1e6;

  /** Whether every message came to every viewer, once, nearly all of them in time. */
  boolean holds(Duration limit) {
    return reasons(limit).isEmpty();
  }

  /** Why it does not hold; empty if it does. */
  List<String> reasons(Duration limit) {
    List<String> reasons = new ArrayList<>();
    if (heard.lost() != 0) {
      reasons.add(Table.count(heard.lost()) + " messages lost");
    }
    if (heard.repeated() != 0) {
      reasons.add(Table.count(heard.repeated()) + " messages repeated or out of order");
    }
    if (heard.gone() != 0) {
      reasons.add(Table.count(heard.gone()) + " viewers lost their connections");
    }
    double limitMs = limit.toNanos() / NS_PER_MS;
    if (heard.lag().p99() >= limitMs) {
      reasons.add(
          String.format(
              Locale.ROOT, "p99 %,.1f ms is not below %,.0f", heard.lag().p99(), limitMs));
    }
    return reasons;
  }

  /** CPU of a process for each message that came to a viewer, in microseconds; NaN if none. */
  double cpuUs(String process) {
    return cost.cpuUs(process, heard.received());
  }

  /** The names used in JSON. */
  Map<String, Object> asMap(Duration limit) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("lane", kind.word());
    map.put("rate", rate);
    map.put("expected", heard.expected());
    map.put("received", heard.received());
    map.put("lost", heard.lost());
    map.put("repeated", heard.repeated());
    map.put("viewers_gone", heard.gone());
    map.put("delivery_lag", heard.lag().asMap());
    map.put("holds", holds(limit));
    map.put("reasons", reasons(limit));
    Map<String, Object> cpu = new LinkedHashMap<>();
    cost.cpuS().keySet().forEach(process -> cpu.put(process, cpuUs(process)));
    map.put("cpu_us_per_delivery", cpu);
    map.put("others_pct", cost.othersPct());
    return map;
  }
}
