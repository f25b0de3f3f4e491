package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import kpi.Stages;
import verdict.Numbers;

/**
 * The stages of a run side by side; empty for a run without stages.
 *
 * @param names of the stages, in their order
 * @param rows a figure each, with a cell for each stage
 * @param gaps whether some percentile is absent because too few samples stand behind it
 * @param charts the same as bars
 */
record StageTable(List<String> names, List<Row> rows, boolean gaps, List<Chart> charts) {
  private static final List<Source> SOURCES =
      List.of(
          new Source("connections planned", "", "offered", "connections", ""),
          new Source("attempted", "", "counters", "streams_started", ""),
          new Source("opened", "", "counters", "sockets_connected", ""),
          new Source("survived to the end", "", "counters", "sockets_survived", ""),
          new Source("success_rate", "%", "figures", "success_rate", ""),
          new Source("goodput", "%", "figures", "goodput", ""),
          new Source("attempts per second", "1/s", "achieved", "arrivals_per_s", ""),
          new Source("connect p99", "ms", "kpis", "connect", "p99"),
          new Source("connect max", "ms", "kpis", "connect", "max"),
          new Source("rtt mean", "ms", "kpis", "rtt", "mean"),
          new Source("rtt p50", "ms", "kpis", "rtt", "p50"),
          new Source("rtt p99", "ms", "kpis", "rtt", "p99"),
          new Source("rtt p99.9", "ms", "kpis", "rtt", "p999"),
          new Source("delivery_lag p99", "ms", "kpis", "delivery_lag", "p99"),
          new Source("broadcasts received", "", "counters", "broadcasts_received", ""),
          new Source("broadcasts lost", "", "counters", "broadcasts_lost", ""));

  /** A figure of each stage. */
  record Row(String name, String unit, List<KpiTable.Cell> cells) {}

  /** Where in kpi.json a figure of a stage stands. */
  private record Source(String label, String unit, String group, String figure, String stat) {
    String text(String stage) {
      return Stages.prefix(stage) + figure + (stat.isEmpty() ? "" : "." + stat);
    }

    JsonNode in(JsonNode kpi, String stage) {
      JsonNode node = kpi.path(group).path(Stages.prefix(stage) + figure);
      return group.equals("figures") ? node.path("value") : stat.isEmpty() ? node : node.path(stat);
    }
  }

  /**
   * The stages of a run.
   *
   * @param kpi content of kpi.json
   * @param outcome of the check of a figure; empty if it passed or there is none
   */
  static StageTable of(JsonNode kpi, UnaryOperator<String> outcome) {
    List<String> offered = new ArrayList<>();
    kpi.path("offered").fieldNames().forEachRemaining(offered::add);
    List<String> names = Stages.among(offered);
    List<Row> rows = new ArrayList<>();
    boolean gaps = false;
    for (Source source : SOURCES) {
      Row row = row(source, names, kpi, outcome);
      if (row.cells().stream().anyMatch(cell -> !cell.figure().equals(JsonNumbers.NONE))) {
        gaps |= row.cells().stream().anyMatch(cell -> cell.figure().equals(JsonNumbers.NONE));
        rows.add(row);
      }
    }
    return new StageTable(names, rows, gaps, charts(kpi, names));
  }

  private static Row row(
      Source source, List<String> names, JsonNode kpi, UnaryOperator<String> outcome) {
    List<KpiTable.Cell> cells = new ArrayList<>();
    for (String stage : names) {
      String figure = JsonNumbers.plain(source.in(kpi, stage), source.unit());
      String marked = outcome.apply(source.text(stage));
      cells.add(new KpiTable.Cell(stage, figure, "", marked, null));
    }
    return new Row(source.label(), source.unit(), cells);
  }

  private static List<Chart> charts(JsonNode kpi, List<String> names) {
    List<Chart> charts = new ArrayList<>();
    for (String figure : List.of("rtt", "delivery_lag")) {
      Chart chart = chart(kpi, names, figure);
      if (!chart.series().isEmpty()) {
        charts.add(chart);
      }
    }
    return charts;
  }

  private static Chart chart(JsonNode kpi, List<String> names, String figure) {
    Map<String, String> stats = new LinkedHashMap<>();
    stats.put("mean", "mean");
    stats.put("p50", "p50");
    stats.put("p99", "p99");
    stats.put("p999", "p99.9");
    List<Double> places = new ArrayList<>();
    names.forEach(name -> places.add((double) places.size()));
    List<Chart.Series> series = new ArrayList<>();
    List<String> means = new ArrayList<>();
    for (Map.Entry<String, String> stat : stats.entrySet()) {
      List<Double> values = new ArrayList<>();
      for (String stage : names) {
        JsonNode value = new Source("", "ms", "kpis", figure, stat.getKey()).in(kpi, stage);
        values.add(JsonNumbers.finite(value) ? Double.valueOf(value.asDouble()) : null);
        if (stat.getKey().equals("mean") && JsonNumbers.finite(value)) {
          means.add(Numbers.plain(value.asDouble()) + " ms in stage " + stage);
        }
      }
      if (values.stream().anyMatch(value -> value != null)) {
        series.add(new Chart.Series(stat.getValue(), "plain", places, values));
      }
    }
    String summary = "Mean: " + String.join(", ", means) + ".";
    return new Chart(
        figure + "-stages", figure + " by stage", "ms", "bar", summary, series, List.of());
  }
}
