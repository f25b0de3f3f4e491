package bench.bids;

import bench.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.Machine;

/**
 * What {@code bench bids} found.
 *
 * @param settings what was asked for
 * @param floor what Redis alone decides
 * @param steps of all strategies, in their order
 * @param loadBefore load averages before the first process was started
 * @param loadAfter and after the last step
 */
public record BidsResult(
    BidsSettings settings, Floor floor, List<Step> steps, String loadBefore, String loadAfter) {
  /** Plain text for people. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("bench bids: one item, steps of " + settings.duration().toSeconds() + " s");
    lines.add("machine: " + Machine.here().sentence());
    lines.add("load average before: " + loadBefore + ", after: " + loadAfter);
    lines.add("bids: " + String.join(" ", settings.jvmOptions()));
    lines.add(
        "redis-benchmark, the same script: %s/s if every bid is accepted, %s/s if every one is"
                .formatted(
                    Table.number(floor.acceptedPerS(), 0), Table.number(floor.rejectedPerS(), 0))
            + " rejected");
    lines.add("");
    lines.addAll(steps(floor).lines());
    return lines;
  }

  /** The names used in JSON. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("step_s", settings.duration().toSeconds());
    map.put("jvm_options", settings.jvmOptions());
    map.put("machine", Machine.here().sentence());
    map.put("load_average_before", loadBefore);
    map.put("load_average_after", loadAfter);
    map.put("floor_accepted_per_s", floor.acceptedPerS());
    map.put("floor_rejected_per_s", floor.rejectedPerS());
    map.put("steps", steps.stream().map(step -> step.asMap(floor)).toList());
    return map;
  }

  /** True if every bid of every step was decided. */
  public boolean isComplete() {
    return steps.stream().allMatch(Step::isWhole);
  }

  private Table steps(Floor of) {
    Table table =
        new Table()
            .row(
                "strategy",
                "users",
                "decided/s",
                "accepted/s",
                "of floor",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "max ms",
                "CPU us/bid: bids",
                "redis",
                "nats",
                "undecided");
    for (Step step : steps) {
      WrkLoad.Told told = step.told();
      table.row(
          step.strategy(),
          Table.count(step.users()),
          Table.number(told.decidedPerS(), 0),
          Table.number(step.acceptedPerS(), 0),
          Table.number(step.ofFloor(of), 2),
          Table.number(told.p50Ms(), 1),
          Table.number(told.p95Ms(), 1),
          Table.number(told.p99Ms(), 1),
          Table.number(told.maxMs(), 1),
          Table.number(step.cost().cpuUs("bids", told.requests()), 0),
          Table.number(step.cost().cpuUs("redis", told.requests()), 0),
          Table.number(step.cost().cpuUs("nats", told.requests()), 0),
          Table.count(told.refused() + told.broken()));
    }
    return table;
  }
}
