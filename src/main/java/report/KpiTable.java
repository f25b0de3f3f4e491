package report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import kpi.KpiReport;
import kpi.Percentiles;
import kpi.Stages;
import verdict.Numbers;

/**
 * The latency KPIs of the whole run, a row each.
 *
 * @param rows in the order of kpi.json
 * @param gaps whether a percentile is absent for lack of samples
 */
record KpiTable(List<Row> rows, boolean gaps) {
  private static final List<String> STATS = List.of("p50", "p90", "p95", "p99", "p999", "max");

  /** Figures of one name and unit; the count is null where a table has no column for it. */
  record Row(
      String name,
      String unit,
      String better,
      String definition,
      @JsonInclude(JsonInclude.Include.NON_NULL) String count,
      List<Cell> cells) {
    boolean lacksOne() {
      return cells.stream().anyMatch(cell -> cell.figure().equals(Shown.NONE));
    }
  }

  /**
   * A figure.
   *
   * @param interval its 95 % confidence interval; empty if there is none
   * @param outcome of the check of this figure, if it did not pass; else empty
   * @param delta its change since the baseline; null if it was not compared
   */
  record Cell(
      String label,
      String figure,
      String interval,
      String outcome,
      ComparisonSection.Delta delta) {}

  static KpiTable of(KpiReport kpi, ComparisonSection comparison) {
    List<Row> rows =
        kpi.kpis().entrySet().stream()
            .filter(entry -> !Stages.isOfStage(entry.getKey()))
            .map(entry -> row(entry.getKey(), entry.getValue(), comparison))
            .toList();
    return new KpiTable(rows, rows.stream().anyMatch(Row::lacksOne));
  }

  private static Row row(String name, Percentiles percentiles, ComparisonSection comparison) {
    List<Cell> cells = new ArrayList<>();
    for (String stat : STATS) {
      OptionalDouble value = percentiles.stat(stat);
      String text = Shown.plain(value.isPresent() ? value.getAsDouble() : null);
      cells.add(comparison.cell(Shown.stat(stat), text, "", name + "." + stat));
    }
    return new Row(
        name,
        percentiles.unit(),
        Shown.better(percentiles.direction()),
        percentiles.definition(),
        Numbers.count(percentiles.count()),
        cells);
  }
}
