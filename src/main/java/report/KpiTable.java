package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kpi.Stages;
import verdict.Numbers;

/**
 * The latency KPIs of the whole run, a row each.
 *
 * @param rows in the order of kpi.json
 * @param gaps whether some percentile is absent because too few samples stand behind it
 */
record KpiTable(List<Row> rows, boolean gaps) {
  private static final Map<String, String> HEADS =
      Map.of("p50", "p50", "p90", "p90", "p95", "p95", "p99", "p99", "p999", "p99.9", "max", "max");

  /** Keys of kpi.json, in the order of the columns. */
  private static final List<String> KEYS = List.of("p50", "p90", "p95", "p99", "p999", "max");

  /** A KPI; the figures of a row share their number of decimals, so that they can be compared. */
  record Row(
      String name, String unit, String better, String definition, String count, List<Cell> cells) {}

  /**
   * A figure.
   *
   * @param interval within which it lies with 95 % confidence; empty if nobody knows
   * @param outcome of the check that looks at this figure, if it did not pass; else empty
   * @param delta its change since the baseline; null if it was not compared
   */
  record Cell(String label, String figure, String interval, String outcome, Change.Delta delta) {}

  static KpiTable of(JsonNode kpi, Marks marks) {
    List<Row> rows = new ArrayList<>();
    boolean gaps = false;
    for (Map.Entry<String, JsonNode> entry : kpi.path("kpis").properties()) {
      if (Stages.isOfStage(entry.getKey())) {
        continue;
      }
      Row row = row(entry.getKey(), entry.getValue(), marks);
      rows.add(row);
      gaps |= row.cells().stream().anyMatch(cell -> cell.figure().equals(JsonNumbers.NONE));
    }
    return new KpiTable(rows, gaps);
  }

  private static Row row(String name, JsonNode node, Marks marks) {
    int decimals = Numbers.decimals(node.path("p50").asDouble());
    List<Cell> cells = new ArrayList<>();
    for (String key : KEYS) {
      JsonNode value = node.path(key);
      String text = value.isNumber() ? Numbers.fixed(value.asDouble(), decimals) : JsonNumbers.NONE;
      String figure = name + "." + key;
      cells.add(new Cell(HEADS.get(key), text, "", marks.outcome(figure), marks.delta(figure)));
    }
    return new Row(
        name,
        node.path("unit").asText(""),
        better(node),
        node.path("definition").asText(""),
        JsonNumbers.plain(node.path("count")),
        cells);
  }

  static String better(JsonNode node) {
    String direction = node.path("direction").asText("");
    return direction.isEmpty() ? "" : direction + " is better";
  }
}
