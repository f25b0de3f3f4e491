package report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.KpiReport;
import kpi.Stages;
import verdict.Numbers;

/**
 * The stages of a run side by side; empty for a run without stages.
 *
 * @param gaps whether a percentile is absent for lack of samples
 */
record StageTable(List<String> names, List<KpiTable.Row> rows, boolean gaps, List<Chart> charts) {
  private enum Group {
    OFFERED,
    ACHIEVED,
    COUNTERS,
    FIGURES,
    KPIS
  }

  private static final List<Source> SOURCES =
      List.of(
          new Source("connections planned", "", Group.OFFERED, "connections", ""),
          new Source("attempted", "", Group.COUNTERS, "streams_started", ""),
          new Source("opened", "", Group.COUNTERS, "sockets_connected", ""),
          new Source("survived to the end", "", Group.COUNTERS, "sockets_survived", ""),
          new Source("success_rate", "%", Group.FIGURES, "success_rate", ""),
          new Source("goodput", "%", Group.FIGURES, "goodput", ""),
          new Source("attempts per second", "1/s", Group.ACHIEVED, "arrivals_per_s", ""),
          new Source("connect p99", "ms", Group.KPIS, "connect", "p99"),
          new Source("connect max", "ms", Group.KPIS, "connect", "max"),
          new Source("rtt mean", "ms", Group.KPIS, "rtt", "mean"),
          new Source("rtt p50", "ms", Group.KPIS, "rtt", "p50"),
          new Source("rtt p99", "ms", Group.KPIS, "rtt", "p99"),
          new Source("rtt p99.9", "ms", Group.KPIS, "rtt", "p999"),
          new Source("delivery_lag p99", "ms", Group.KPIS, "delivery_lag", "p99"),
          new Source("broadcasts received", "", Group.COUNTERS, "broadcasts_received", ""),
          new Source("broadcasts lost", "", Group.COUNTERS, "broadcasts_lost", ""));

  /** The place of a stage's figure in kpi.json. */
  private record Source(String label, String unit, Group group, String figure, String stat) {
    String text(String stage) {
      return Stages.prefix(stage) + figure + (stat.isEmpty() ? "" : "." + stat);
    }

    Double in(KpiReport kpi, String stage) {
      String name = Stages.prefix(stage) + figure;
      return switch (group) {
        case OFFERED -> kpi.offered().get(name);
        case ACHIEVED -> kpi.achieved().get(name);
        case COUNTERS -> of(kpi.counters().get(name), Long::doubleValue);
        case FIGURES -> of(kpi.figures().get(name), Figure::value);
        case KPIS -> of(kpi.kpis().get(name), found -> boxed(found.stat(stat)));
      };
    }

    private static <T> Double of(T found, Function<T, Double> value) {
      return found == null ? null : value.apply(found);
    }

    private static Double boxed(OptionalDouble value) {
      return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
    }
  }

  /** Returns the stages of a run. */
  static StageTable of(KpiReport kpi, UnaryOperator<String> outcome) {
    List<String> names = Stages.among(kpi.offered().keySet());
    List<KpiTable.Row> rows = new ArrayList<>();
    for (Source source : SOURCES) {
      List<KpiTable.Cell> cells = new ArrayList<>();
      for (String stage : names) {
        String figure = Shown.plain(source.in(kpi, stage), source.unit());
        String marked = outcome.apply(source.text(stage));
        cells.add(new KpiTable.Cell(stage, figure, "", marked, null));
      }
      if (cells.stream().anyMatch(cell -> !cell.figure().equals(Shown.NONE))) {
        rows.add(new KpiTable.Row(source.label(), source.unit(), "", "", null, cells));
      }
    }
    List<Chart> charts =
        Stream.of("rtt", "delivery_lag")
            .map(figure -> chart(kpi, names, figure))
            .filter(chart -> !chart.series().isEmpty())
            .toList();
    return new StageTable(names, rows, rows.stream().anyMatch(KpiTable.Row::lacksOne), charts);
  }

  private static Chart chart(KpiReport kpi, List<String> names, String figure) {
    List<Double> places = new ArrayList<>();
    names.forEach(name -> places.add((double) places.size()));
    List<Chart.Series> series = new ArrayList<>();
    List<String> means = new ArrayList<>();
    for (String stat : List.of("mean", "p50", "p99", "p999")) {
      List<Double> values = new ArrayList<>();
      for (String stage : names) {
        Double value = new Source("", "ms", Group.KPIS, figure, stat).in(kpi, stage);
        values.add(value);
        if (stat.equals("mean") && value != null) {
          means.add(Numbers.plain(value) + " ms in stage " + stage);
        }
      }
      if (values.stream().anyMatch(Objects::nonNull)) {
        series.add(new Chart.Series(Shown.stat(stat), "plain", places, values));
      }
    }
    String summary = "Mean: " + String.join(", ", means) + ".";
    return new Chart(
        figure + "-stages", figure + " by stage", "ms", "bar", summary, series, List.of());
  }
}
