package bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import kpi.Machine;

/**
 * What {@code bench proxy} found.
 *
 * @param settings what was asked for
 * @param lanes that took part
 * @param absent a sentence for each that could not
 * @param legs every lane in every measured round
 * @param loadBefore load averages before the first process was started
 * @param loadAfter and after the last leg
 */
public record ProxyResult(
    BenchSettings settings,
    List<Lane> lanes,
    List<String> absent,
    List<Leg> legs,
    String loadBefore,
    String loadAfter) {
  private static final double US_PER_MS = 1e3;

  /** Plain text for people. */
  public List<String> text() {
    List<String> lines = new ArrayList<>(heading("bench proxy", settings, loadBefore, loadAfter));
    lanes.forEach(lane -> lines.add("  " + lane.name() + ": " + lane.version()));
    absent.forEach(sentence -> lines.add("  " + sentence));
    lines.add("");
    Table table =
        new Table()
            .row(
                "intermediary",
                "events",
                "lost",
                "CPU us/event",
                "ratio to gauntlet",
                "ttft p50 ms",
                "p99 ms",
                "added p50 us",
                "p99 us",
                "RSS MB");
    for (Comparison.Line line : new Comparison(legs).lines()) {
      table.row(
          line.lane(),
          Table.count(line.events()),
          Table.count(line.lost()),
          Table.number(line.cpuUs(), 2),
          Table.number(line.ratio(), 2),
          Table.number(line.ttft().p50() / US_PER_MS, 2),
          Table.number(line.ttft().p99() / US_PER_MS, 2),
          Table.number(point(line.added().map(Received.Spread::p50)), 0),
          Table.number(point(line.added().map(Received.Spread::p99)), 0),
          Table.number(line.rssMb(), 1));
    }
    lines.addAll(table.lines());
    legs.stream()
        .filter(leg -> !leg.received().hasPlateau())
        .map(ProxyResult::tooSlow)
        .forEach(lines::add);
    return lines;
  }

  /** The names used in JSON. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = heading(settings, loadBefore, loadAfter);
    Map<String, Object> versions = new LinkedHashMap<>();
    lanes.forEach(lane -> versions.put(lane.name(), lane.version()));
    map.put("versions", versions);
    map.put("absent", absent);
    map.put("lanes", new Comparison(legs).lines().stream().map(Comparison.Line::asMap).toList());
    map.put("legs", legs.stream().map(Leg::asMap).toList());
    return map;
  }

  /** True if every event of every leg came. */
  public boolean isComplete() {
    return legs.stream()
        .allMatch(
            leg ->
                leg.received().lost() == 0 && leg.received().whole() == settings.load().streams());
  }

  /** Says why a leg has no CPU figure. */
  static String tooSlow(Leg leg) {
    return leg.lane()
        + ", round "
        + leg.round()
        + ": no CPU figure, for the first stream ended before all were open: the machine is too"
        + " slow for this load; choose fewer --streams, a shorter --rampup or a longer --duration";
  }

  /** One leg in a line. */
  static String words(Leg leg) {
    return String.format(
        Locale.ROOT,
        "%-10s %,d of %,d events, lateness p50 %,.0f us p99 %,.0f us, CPU %s us/event",
        leg.lane(),
        leg.received().events(),
        leg.received().expected(),
        leg.received().lateness().p50(),
        leg.received().lateness().p99(),
        Table.number(leg.cpuUsPerEvent(), 2));
  }

  /** What every bench says first. */
  static List<String> heading(
      String name, BenchSettings settings, String loadBefore, String loadAfter) {
    return List.of(
        "",
        name
            + ": "
            + settings.load().sentence()
            + ", "
            + settings.rounds()
            + " rounds, "
            + settings.threads()
            + " thread(s) in each intermediary",
        "machine: " + Machine.here().sentence(),
        "load average before: " + loadBefore + ", after: " + loadAfter);
  }

  /** The same for machines. */
  static Map<String, Object> heading(BenchSettings settings, String before, String after) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("load", settings.load().sentence());
    map.put("streams", settings.load().streams());
    map.put("rounds", settings.rounds());
    map.put("threads", settings.threads());
    map.put("jvm_options", settings.jvmOptions());
    map.put("machine", Machine.here().sentence());
    map.put("load_average_before", before);
    map.put("load_average_after", after);
    return map;
  }

  private static OptionalDouble point(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }
}
