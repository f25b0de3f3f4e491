package bench.relay;

import bench.Lag;
import bench.Meter;
import bench.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import kpi.Machine;

/**
 * What {@code bench relay} found.
 *
 * @param settings what was asked for
 * @param lanes in their order
 * @param loadBefore load averages before the first process was started
 * @param loadAfter and after the last step
 */
public record RelayResult(
    RelaySettings settings, List<LaneResult> lanes, String loadBefore, String loadAfter) {
  private static final double NS_PER_MS = 1e6;

  /** Plain text for people. */
  public List<String> text() {
    List<String> lines = new ArrayList<>(heading());
    lines.add("");
    lines.addAll(steps().lines());
    lines.add("");
    lines.addAll(knees().lines());
    for (LaneResult lane : lanes) {
      lane.found().fails().ifPresent(rate -> lines.add(knee(lane, rate)));
    }
    return lines;
  }

  /** The names used in JSON. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("streams", settings.streams());
    map.put("step_s", settings.duration().toMillis() / 1e3);
    map.put("limit_ms", settings.limit().toNanos() / NS_PER_MS);
    map.put("tries", settings.tries());
    map.put("jvm_options", settings.jvmOptions());
    map.put("machine", Machine.here().sentence());
    map.put("load_average_before", loadBefore);
    map.put("load_average_after", loadAfter);
    List<Map<String, Object>> all = new ArrayList<>();
    for (LaneResult lane : lanes) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("lane", lane.kind().word());
      each.put("versions", lane.versions());
      lane.found().holds().ifPresent(rate -> each.put("holds_at", rate));
      lane.found().fails().ifPresent(rate -> each.put("knee_at", rate));
      Duration limit = settings.limit();
      each.put("steps", lane.steps().stream().map(step -> step.asMap(limit)).toList());
      all.add(each);
    }
    map.put("lanes", all);
    return map;
  }

  /** True if every lane has a rate that holds. */
  public boolean isComplete() {
    return lanes.stream().allMatch(lane -> lane.found().holds().isPresent());
  }

  private List<String> heading() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "bench relay: %,d streams, steps of %s s, a rate holds if nothing is lost and p99 is"
                + " below %s ms in one of %d tries",
            settings.streams(),
            Table.number(settings.duration().toMillis() / 1e3, 1),
            Table.number(settings.limit().toNanos() / NS_PER_MS, 0),
            settings.tries()));
    lines.add("machine: " + Machine.here().sentence());
    lines.add("load average before: " + loadBefore + ", after: " + loadAfter);
    lines.add("targets: " + String.join(" ", settings.jvmOptions()));
    for (LaneResult lane : lanes) {
      lines.add(
          "  %s: %s (%s)"
              .formatted(
                  lane.kind().word(), lane.kind().path(), String.join(", ", lane.versions())));
    }
    return lines;
  }

  private Table steps() {
    Table table =
        new Table()
            .row(
                "lane",
                "tokens/s",
                "sent",
                "received",
                "lost",
                "lag p50 ms",
                "p99 ms",
                "max ms",
                "on plan",
                "CPU us/token: redis",
                "nats",
                "bridge",
                "adapter",
                "bench",
                "others %",
                "holds");
    for (LaneResult lane : lanes) {
      for (Step step : lane.steps()) {
        table.row(
            lane.kind().word(),
            Table.count(step.rate()),
            Table.count(step.produced().sent()),
            Table.count(step.heard().received()),
            Table.count(step.lost()),
            Table.number(step.heard().lag().p50(), 2),
            Table.number(step.heard().lag().p99(), 2),
            Table.number(step.heard().lag().max(), 1),
            step.isOnPlan(settings.limit()) ? "yes" : "no",
            cpu(step, Chain.REDIS),
            cpu(step, Chain.NATS),
            cpu(step, Chain.BRIDGE),
            cpu(step, Chain.ADAPTER),
            cpu(step, Meter.BENCH),
            number(step.cost().othersPct()),
            step.holds(settings.limit()) ? "yes" : "no");
      }
    }
    return table;
  }

  private Table knees() {
    Table table = new Table().row("lane", "holds at tokens/s", "lag p50 ms", "p99 ms", "knee at");
    for (LaneResult lane : lanes) {
      OptionalInt holds = lane.found().holds();
      OptionalDouble p50 = OptionalDouble.empty();
      OptionalDouble p99 = OptionalDouble.empty();
      if (holds.isPresent()) {
        Lag lag = lane.decisive(holds.getAsInt()).heard().lag();
        p50 = OptionalDouble.of(lag.p50());
        p99 = OptionalDouble.of(lag.p99());
      }
      table.row(
          lane.kind().word(),
          rate(holds, "no rate"),
          Table.number(p50, 2),
          Table.number(p99, 2),
          rate(lane.found().fails(), "none found"));
    }
    return table;
  }

  private String knee(LaneResult lane, int rate) {
    List<String> reasons = lane.decisive(rate).reasons(settings.limit());
    return "%s does not hold at %s: %s"
        .formatted(lane.kind().word(), Table.count(rate), String.join(", ", reasons));
  }

  private static String cpu(Step step, String process) {
    return number(step.cpuUs(process));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : Table.number(value, 1);
  }

  private static String rate(OptionalInt rate, String otherwise) {
    return rate.isPresent() ? Table.count(rate.getAsInt()) : otherwise;
  }
}
