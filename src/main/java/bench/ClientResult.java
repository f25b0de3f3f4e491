package bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What {@code bench client} found.
 *
 * @param settings what was asked for
 * @param legs the bare receiver in every measured round
 * @param injector of a run to compare with
 * @param loadBefore load averages before the first process was started
 * @param loadAfter and after the last round
 */
public record ClientResult(
    BenchSettings settings,
    List<Leg> legs,
    Optional<InjectorCost> injector,
    String loadBefore,
    String loadAfter) {
  /** Plain text for people. */
  public List<String> text() {
    List<String> lines =
        new ArrayList<>(ProxyResult.heading("bench client", settings, loadBefore, loadAfter));
    lines.add("");
    Table table =
        new Table()
            .row("client", "events", "lost", "plateau events", "CPU us/event", "ratio to bare");
    Comparison.Line bare = bare();
    long plateauEvents = legs.stream().mapToLong(leg -> leg.received().plateauEvents()).sum();
    table.row(
        "bare receiver, plateau",
        Table.count(bare.events()),
        Table.count(bare.lost()),
        Table.count(plateauEvents),
        Table.number(bare.cpuUs(), 2),
        "1.00");
    injector.ifPresent(cost -> rows(table, cost));
    lines.addAll(table.lines());
    legs.stream()
        .filter(leg -> !leg.received().hasPlateau())
        .map(ProxyResult::tooSlow)
        .forEach(lines::add);
    injector.ifPresent(
        cost ->
            lines.add(
                "The injector's figures are those of "
                    + cost.run()
                    + ": 'plateau' covers the seconds of its stretch hold, 'whole run' its measured"
                    + " phase with ramp and drain."));
    return lines;
  }

  /** The names used in JSON. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = ProxyResult.heading(settings, loadBefore, loadAfter);
    map.put("receiver", bare().asMap());
    injector.ifPresent(
        cost -> {
          Map<String, Object> other = new LinkedHashMap<>();
          other.put("run", cost.run().toString());
          other.put("cpu_us_per_event_whole", cost.whole());
          ratio(OptionalDouble.of(cost.whole()))
              .ifPresent(value -> other.put("ratio_whole", value));
          cost.plateau().ifPresent(value -> other.put("cpu_us_per_event_plateau", value));
          ratio(cost.plateau()).ifPresent(value -> other.put("ratio_plateau", value));
          map.put("injector", other);
        });
    map.put("legs", legs.stream().map(Leg::asMap).toList());
    return map;
  }

  /** True if every event of every round came. */
  public boolean isComplete() {
    return legs.stream().allMatch(leg -> leg.received().lost() == 0);
  }

  /** A figure divided by the bare receiver's. */
  OptionalDouble ratio(OptionalDouble cpuUs) {
    OptionalDouble bare = bare().cpuUs();
    return cpuUs.isEmpty() || bare.isEmpty() || bare.getAsDouble() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(cpuUs.getAsDouble() / bare.getAsDouble());
  }

  private Comparison.Line bare() {
    return new Comparison(legs).lines().get(0);
  }

  private void rows(Table table, InjectorCost cost) {
    table.row(
        "Gatling injector, plateau",
        "-",
        "-",
        Table.count(cost.plateauEvents()),
        Table.number(cost.plateau(), 2),
        Table.number(ratio(cost.plateau()), 2));
    OptionalDouble whole = OptionalDouble.of(cost.whole());
    table.row(
        "Gatling injector, whole run",
        "-",
        "-",
        "-",
        Table.number(whole, 2),
        Table.number(ratio(whole), 2));
  }
}
