package report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import kpi.Figure;
import kpi.KpiReport;
import kpi.Percentiles;
import kpi.Stages;
import verdict.Numbers;

/**
 * The stages of a run side by side; empty for a run without stages.
 *
 * @param names of the stages, in their order
 * @param rows a figure each, with a cell for each stage
 * @param gaps whether a percentile is absent for lack of samples
 * @param charts the same as bars
 */
record StageTable(List<String> names, List<Row> rows, boolean gaps, List<Chart> charts) {
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

  /** A figure of each stage. */
  record Row(String name, String unit, List<KpiTable.Cell> cells) {}

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
        case COUNTERS -> {
          Long count = kpi.counters().get(name);
          yield count == null ? null : Double.valueOf(count);
        }
        case FIGURES -> {
          Figure found = kpi.figures().get(name);
          yield found == null ? null : Double.valueOf(found.value());
        }
        case KPIS -> {
          Percentiles found = kpi.kpis().get(name);
          yield found == null || found.stat(stat).isEmpty()
              ? null
              : Double.valueOf(found.stat(stat).getAsDouble());
        }
      };
    }
  }

  /**
   * Returns the stages of a run.
   *
   * @param outcome of the check of a figure; empty if it passed or there is none
   */
  static StageTable of(KpiReport kpi, UnaryOperator<String> outcome) {
    List<String> names = Stages.among(kpi.offered().keySet());
    List<Row> rows = new ArrayList<>();
    boolean gaps = false;
    for (Source source : SOURCES) {
      List<KpiTable.Cell> cells = new ArrayList<>();
      for (String stage : names) {
        String figure = Shown.plain(source.in(kpi, stage), source.unit());
        String marked = outcome.apply(source.text(stage));
        cells.add(new KpiTable.Cell(stage, figure, "", marked, null));
      }
      if (cells.stream().anyMatch(cell -> !cell.figure().equals(Shown.NONE))) {
        gaps |= cells.stream().anyMatch(cell -> cell.figure().equals(Shown.NONE));
        rows.add(new Row(source.label(), source.unit(), cells));
      }
    }
    List<Chart> charts = new ArrayList<>(List.of(chart(kpi, names, "rtt")));
    charts.add(chart(kpi, names, "delivery_lag"));
    charts.removeIf(chart -> chart.series().isEmpty());
    return new StageTable(names, rows, gaps, charts);
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
        String name = stat.equals("p999") ? "p99.9" : stat;
        series.add(new Chart.Series(name, "plain", places, values));
      }
    }
    String summary = "Mean: " + String.join(", ", means) + ".";
    return new Chart(
        figure + "-stages", figure + " by stage", "ms", "bar", summary, series, List.of());
  }
}
