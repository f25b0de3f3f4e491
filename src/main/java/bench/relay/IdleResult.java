package bench.relay;

import bench.Meter;
import bench.Table;
import bench.TargetMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import kpi.Machine;

/**
 * What {@code bench relay --idle} found.
 *
 * @param settings what was asked for
 * @param lanes in their order
 * @param loadBefore load averages before the first process was started
 * @param loadAfter and after the last lane
 */
public record IdleResult(
    RelaySettings settings, List<Lane> lanes, String loadBefore, String loadAfter) {
  private static final double BYTES_PER_MB = 1e6;

  /**
   * One lane.
   *
   * @param kind which
   * @param planned tokens
   * @param produced what Redis took
   * @param heard what came
   * @param before the adapter without streams, after some that are over
   * @param open the adapter with all streams open, when all tokens had come
   * @param cost of all tokens, and of holding the streams meanwhile
   */
  record Lane(
      LaneKind kind,
      int planned,
      TokenProducer.Produced produced,
      Arrivals.Summary heard,
      TargetMemory before,
      TargetMemory open,
      Meter.Cost cost) {
    boolean isComplete() {
      return produced.sent() == planned && heard.received() == planned;
    }

    /** How much a figure grew, for each of so many streams. */
    double perStream(ToLongFunction<TargetMemory> figure, int streams) {
      return (double) (figure.applyAsLong(open) - figure.applyAsLong(before)) / streams;
    }
  }

  /** Plain text for people. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "bench relay: %,d streams open on one adapter, a token every %s s each, %d times",
            settings.idle(),
            Table.number(settings.every().toMillis() / 1e3, 1),
            IdleBench.TOKENS_PER_STREAM));
    lines.add("machine: " + Machine.here().sentence());
    lines.add("load average before: " + loadBefore + ", after: " + loadAfter);
    lines.add("targets: " + String.join(" ", settings.jvmOptions()));
    lines.add("");
    lines.addAll(tokens().lines());
    lines.add("");
    lines.addAll(memory().lines());
    return lines;
  }

  /** The names used in JSON. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("streams", settings.idle());
    map.put("every_s", settings.every().toMillis() / 1e3);
    map.put("jvm_options", settings.jvmOptions());
    map.put("machine", Machine.here().sentence());
    map.put("load_average_before", loadBefore);
    map.put("load_average_after", loadAfter);
    List<Map<String, Object>> all = new ArrayList<>();
    for (Lane lane : lanes) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("lane", lane.kind().word());
      each.put("planned", lane.planned());
      each.put("sent", lane.produced().sent());
      each.put("received", lane.heard().received());
      each.put("delivery_lag", lane.heard().lag().asMap());
      each.put("cpu_s", lane.cost().cpuS());
      each.put("counted", lane.cost().counted());
      each.put("before", lane.before().asMap());
      each.put("open", lane.open().asMap());
      each.put("rss_bytes_per_stream", lane.perStream(TargetMemory::rssBytes, settings.idle()));
      each.put(
          "heap_bytes_per_stream", lane.perStream(TargetMemory::heapLiveBytes, settings.idle()));
      each.put(
          "direct_bytes_per_stream", lane.perStream(TargetMemory::directBytes, settings.idle()));
      all.add(each);
    }
    map.put("lanes", all);
    return map;
  }

  /** True if every planned token came. */
  public boolean isComplete() {
    return lanes.stream().allMatch(Lane::isComplete);
  }

  private Table tokens() {
    Table table =
        new Table()
            .row(
                "lane",
                "sent",
                "received",
                "lost",
                "lag p50 ms",
                "p99 ms",
                "max ms",
                "CPU s: redis",
                "nats",
                "bridge",
                "adapter");
    for (Lane lane : lanes) {
      table.row(
          lane.kind().word(),
          Table.count(lane.produced().sent()),
          Table.count(lane.heard().received()),
          Table.count(lane.produced().sent() - lane.heard().received()),
          Table.number(lane.heard().lag().p50(), 2),
          Table.number(lane.heard().lag().p99(), 2),
          Table.number(lane.heard().lag().max(), 1),
          cpu(lane, Chain.REDIS),
          cpu(lane, Chain.NATS),
          cpu(lane, Chain.BRIDGE),
          cpu(lane, Chain.ADAPTER));
    }
    return table;
  }

  private Table memory() {
    Table table = new Table().row("adapter", "before", "all open", "per stream");
    for (Lane lane : lanes) {
      String word = lane.kind().word();
      bytes(table, word + ", live heap", lane, TargetMemory::heapLiveBytes);
      bytes(table, word + ", direct buffers", lane, TargetMemory::directBytes);
      bytes(table, word + ", resident set", lane, TargetMemory::rssBytes);
      count(table, word + ", threads", lane, TargetMemory::threads);
      count(table, word + ", descriptors", lane, TargetMemory::openFds);
    }
    return table;
  }

  private static String cpu(Lane lane, String process) {
    return Table.number(lane.cost().cpuS().get(process), 2);
  }

  private void bytes(Table table, String name, Lane lane, ToLongFunction<TargetMemory> figure) {
    table.row(
        name,
        Table.number(figure.applyAsLong(lane.before()) / BYTES_PER_MB, 1) + " MB",
        Table.number(figure.applyAsLong(lane.open()) / BYTES_PER_MB, 1) + " MB",
        Table.number(lane.perStream(figure, settings.idle()), 0) + " B");
  }

  private void count(Table table, String name, Lane lane, ToLongFunction<TargetMemory> figure) {
    table.row(
        name,
        Table.count(figure.applyAsLong(lane.before())),
        Table.count(figure.applyAsLong(lane.open())),
        Table.number(lane.perStream(figure, settings.idle()), 3));
  }
}
