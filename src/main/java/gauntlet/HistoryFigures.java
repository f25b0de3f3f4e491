package gauntlet;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import kpi.Kpi;
import kpi.KpiReport;

/**
 * Which figures of the history are shown if none is asked for: what users feel, and what it costs;
 * not what the generator says of itself.
 *
 * @param stats of each latency
 * @param figures that are one number
 */
record HistoryFigures(Set<String> stats, Set<Kpi> figures) {
  /** For a console: one statistic of each latency. */
  static final HistoryFigures FEW = new HistoryFigures(Set.of("p95"), Set.of(Kpi.GOODPUT));

  /** For a page. */
  static final HistoryFigures MANY =
      new HistoryFigures(
          Set.of("p50", "p99"),
          Set.of(
              Kpi.SUCCESS_RATE,
              Kpi.GOODPUT,
              Kpi.MESSAGES_PER_S,
              Kpi.CPU_US_PER_EVENT,
              Kpi.RSS_MAX));

  private static final Set<Kpi> OF_THE_GENERATOR =
      Set.of(Kpi.START_LAG, Kpi.GENERATOR_LAG, Kpi.CONNECT, Kpi.ITL);

  /** The names that are shown, in their order. */
  List<String> of(List<String> names) {
    return names.stream().filter(this::isShown).toList();
  }

  private boolean isShown(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (stats.contains(last)) {
      String kpi = name.substring(0, name.length() - last.length() - 1);
      return Kpi.named(kpi).filter(found -> !OF_THE_GENERATOR.contains(found)).isPresent();
    }
    Optional<Kpi> single = Kpi.named(name);
    return single.isPresent()
        && figures.contains(single.get())
        && !name.startsWith(KpiReport.INJECTOR + ".");
  }
}
