package bench.fanout;

import bench.Meter;
import bench.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import kpi.Machine;

/**
 * What {@code bench fanout} found.
 *
 * @param settings what was asked for
 * @param lanes in their order
 * @param loadBefore load averages before the first process was started
 * @param loadAfter and after the last step
 */
public record FanOutResult(
    FanOutSettings settings, List<LaneResult> lanes, String loadBefore, String loadAfter) {
  private static final double BYTES_PER_KB = 1000;
  private static final double NS_PER_MS = 1e6;

  /** Plain text for people. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "bench fanout: %,d viewers, steps of %s s, a rate holds if nothing is lost and p99 is"
                + " below %s ms",
            settings.viewers(),
            Table.number(settings.duration().toMillis() / 1e3, 1),
            Table.number(settings.limit().toNanos() / NS_PER_MS, 0)));
    lines.add("machine: " + Machine.here().sentence());
    lines.add("load average before: " + loadBefore + ", after: " + loadAfter);
    lines.add("targets: " + String.join(" ", settings.jvmOptions()));
    for (LaneResult lane : lanes) {
      lines.add(
          "  %s: %s (%s)"
              .formatted(
                  lane.kind().word(), lane.kind().path(), String.join(", ", lane.versions())));
    }
    lines.add("");
    lines.addAll(steps().lines());
    lines.add("");
    lines.addAll(memory().lines());
    for (LaneResult lane : lanes) {
      lane.steps().stream()
          .filter(step -> !step.holds(settings.limit()))
          .forEach(step -> lines.add(knee(step)));
    }
    return lines;
  }

  /** The names used in JSON. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("viewers", settings.viewers());
    map.put("step_s", settings.duration().toMillis() / 1e3);
    map.put("limit_ms", settings.limit().toNanos() / NS_PER_MS);
    map.put("jvm_options", settings.jvmOptions());
    map.put("machine", Machine.here().sentence());
    map.put("load_average_before", loadBefore);
    map.put("load_average_after", loadAfter);
    map.put("lanes", lanes.stream().map(lane -> lane.asMap(settings)).toList());
    return map;
  }

  /** True if every lane holds at its lowest rate. */
  public boolean isComplete() {
    return lanes.stream().allMatch(lane -> lane.steps().get(0).holds(settings.limit()));
  }

  private Table steps() {
    Table table =
        new Table()
            .row(
                "lane",
                "messages/s",
                "deliveries",
                "lost",
                "lag p50 ms",
                "p99 ms",
                "max ms",
                "CPU us/delivery: server",
                "nats",
                "bench",
                "others %",
                "holds");
    for (LaneResult lane : lanes) {
      for (Step step : lane.steps()) {
        table.row(
            lane.kind().word(),
            Table.count(step.rate()),
            Table.count(step.heard().received()),
            Table.count(step.heard().lost()),
            Table.number(step.heard().lag().p50(), 2),
            Table.number(step.heard().lag().p99(), 2),
            Table.number(step.heard().lag().max(), 1),
            number(step.cpuUs(lane.server())),
            lane.server().equals(Venues.NATS) ? "-" : number(step.cpuUs(Venues.NATS)),
            number(step.cpuUs(Meter.BENCH)),
            number(step.cost().othersPct()),
            step.holds(settings.limit()) ? "yes" : "no");
      }
    }
    return table;
  }

  private Table memory() {
    Table table = new Table().row("lane", "server", "KB/viewer: resident", "live heap and direct");
    for (LaneResult lane : lanes) {
      OptionalDouble live = lane.livePerViewer(settings.viewers());
      table.row(
          lane.kind().word(),
          lane.server(),
          Table.number(lane.rssPerViewer(settings.viewers()) / BYTES_PER_KB, 1),
          live.isEmpty() ? "-" : Table.number(live.getAsDouble() / BYTES_PER_KB, 1));
    }
    return table;
  }

  private String knee(Step step) {
    List<String> reasons = step.reasons(settings.limit());
    return "%s does not hold at %s: %s"
        .formatted(step.kind().word(), Table.count(step.rate()), String.join(", ", reasons));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : Table.number(value, 2);
  }
}
