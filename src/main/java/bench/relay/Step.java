package bench.relay;

import bench.Meter;
import bench.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One rate of one lane.
 *
 * @param lane what carried the tokens
 * @param rate planned, in tokens a second
 * @param attempt from 1
 * @param planned tokens
 * @param produced what Redis took, and how late
 * @param heard what came
 * @param cost what that took
 */
record Step(
    LaneKind lane,
    int rate,
    int attempt,
    int planned,
    TokenProducer.Produced produced,
    Arrivals.Summary heard,
    Meter.Cost cost) {
  private static final double NS_PER_MS = 1e6;

  /** Tokens that Redis took and that never came. */
  int lost() {
    return produced.sent() - heard.received();
  }

  /**
   * Whether the producer kept its plan: all was sent, and late by less than half of the limit at
   * the 99th percentile. If not, the step says more of the producer than of the lane.
   */
  boolean isOnPlan(Duration limit) {
    return produced.sent() == planned && produced.lag().p99() < limit.toNanos() / NS_PER_MS / 2;
  }

  /** Whether every planned token was sent and came, nearly all of them in time. */
  boolean holds(Duration limit) {
    return reasons(limit).isEmpty();
  }

  /** Why it does not hold; empty if it does. */
  List<String> reasons(Duration limit) {
    List<String> reasons = new ArrayList<>();
    if (produced.sent() < planned) {
      reasons.add(Table.count(planned - produced.sent()) + " tokens could not be sent in time");
    }
    if (lost() != 0) {
      reasons.add(Table.count(lost()) + " tokens lost");
      cost.counted().forEach((name, count) -> reasons.add(name + " counted " + Table.count(count)));
    }
    double limitMs = limit.toNanos() / NS_PER_MS;
    if (heard.lag().p99() >= limitMs) {
      reasons.add(
          String.format(
              Locale.ROOT, "p99 %,.1f ms is not below %,.0f", heard.lag().p99(), limitMs));
    }
    if (!reasons.isEmpty() && !isOnPlan(limit)) {
      reasons.add("the producer fell behind");
    }
    return reasons;
  }

  /** CPU of a process for each token received, in microseconds; NaN if there is none. */
  double cpuUs(String process) {
    return cost.cpuUs(process, heard.received());
  }

  /** The names used in JSON. */
  Map<String, Object> asMap(Duration limit) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("lane", lane.word());
    map.put("rate", rate);
    map.put("attempt", attempt);
    map.put("planned", planned);
    map.put("sent", produced.sent());
    map.put("received", heard.received());
    map.put("lost", lost());
    map.put("repeated", heard.repeated());
    map.put("unknown", heard.unknown());
    map.put("delivery_lag", heard.lag().asMap());
    map.put("publish_lag", produced.lag().asMap());
    map.put("on_plan", isOnPlan(limit));
    map.put("holds", holds(limit));
    map.put("reasons", reasons(limit));
    Map<String, Object> cpu = new LinkedHashMap<>();
    cost.cpuS().keySet().forEach(process -> cpu.put(process, cpuUs(process)));
    map.put("cpu_us_per_token", cpu);
    map.put("others_pct", cost.othersPct());
    map.put("counted", cost.counted());
    return map;
  }
}
