package report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;
import kpi.Stages;

/**
 * The stages or steps of a load side by side: every figure whose name begins with one. Empty for a
 * run without.
 *
 * @param names with a word at the last one that kept every bound, if that is known
 * @param axis the load that grows from one to the next, such as viewers
 * @param gaps whether a percentile is absent for lack of samples
 * @param charts latency over the load; at most one
 */
record StageTable(
    String axis, List<String> names, List<KpiTable.Row> rows, boolean gaps, List<Chart> charts) {
  /** Loads that may grow from stage to stage. */
  private static final List<String> LOADS = List.of("connections", "viewers", "offered_per_s");

  private static final String PERCENTILE = ".*[ _]p\\d+";
  private static final String PLOTTED = "(rtt|delivery_lag)\\.p(50|99)|step.*_p\\d+";

  /** The figures of all stages. */
  private record Content(Map<String, Figure> figures, List<String> stages) {
    static Content of(KpiReport kpi) {
      Map<String, Figure> all = new LinkedHashMap<>();
      kpi.offered().forEach((name, value) -> all.put(name, figure(value, "")));
      kpi.achieved().forEach((name, value) -> all.put(name, figure(value, "")));
      all.putAll(kpi.figures());
      for (Map.Entry<String, Percentiles> each : kpi.kpis().entrySet()) {
        for (String stat : List.of("mean", "p50", "p99", "max")) {
          each.getValue()
              .stat(stat)
              .ifPresent(ms -> all.put(each.getKey() + "." + stat, figure(ms, "ms")));
        }
      }
      kpi.counters().forEach((name, count) -> all.put(name, figure(count, "")));
      all.keySet().removeIf(name -> !Stages.isOfStage(name));
      return new Content(all, Stages.among(all.keySet()));
    }

    private static Figure figure(double value, String unit) {
      return new Figure(unit, "", "", value, null, null);
    }

    /** Returns the names of figures without their stages. */
    List<String> names() {
      return figures.keySet().stream().map(n -> n.replaceFirst("^\\w+\\.", "")).distinct().toList();
    }

    /** Returns one value a stage; null where there is none. */
    List<Double> values(String name) {
      List<Double> values = new ArrayList<>();
      stages.forEach(
          at -> values.add(figures.containsKey(at + name) ? figures.get(at + name).value() : null));
      return values;
    }

    KpiTable.Row row(String name, UnaryOperator<String> outcome) {
      String unit = "";
      List<KpiTable.Cell> cells = new ArrayList<>();
      for (String at : stages) {
        Figure figure = figures.get(at + name);
        unit = figure == null ? unit : figure.unit();
        String text = figure == null ? Shown.NONE : Shown.plain(figure.value(), unit);
        cells.add(new KpiTable.Cell(Stages.label(at), text, "", outcome.apply(at + name), null));
      }
      return new KpiTable.Row(name.replace(".", " "), unit, "", "", null, cells);
    }

    Chart chart(String axis, List<Double> places, int knee) {
      List<Chart.Series> series = new ArrayList<>();
      List<String> words = new ArrayList<>();
      for (String name : names().stream().filter(name -> name.matches(PLOTTED)).toList()) {
        List<Double> values = values(name);
        String shown = name.replace(".", " ");
        series.add(new Chart.Series(shown, "plain", places, values));
        words.add(shown + " " + String.join(", ", values.stream().map(Shown::plain).toList()));
      }
      String summary = String.join("; ", words) + ".";
      List<Chart.Mark> marks =
          knee < 0 ? List.of() : List.of(new Chart.Mark("knee", places.get(knee)));
      return new Chart("stages", "Latency by " + axis, "ms", "line", summary, series, marks);
    }
  }

  /** Returns the stages of a run, with figures marked by the outcomes of their checks. */
  static StageTable of(KpiReport kpi, UnaryOperator<String> outcome) {
    Content content = Content.of(kpi);
    List<KpiTable.Row> rows =
        content.names().stream().map(name -> content.row(name, outcome)).toList();
    String load =
        LOADS.stream()
            .filter(content.names()::contains)
            .findFirst()
            .orElse(Stages.areOutcomes(content.stages) ? "outcome" : "stage");
    List<Double> places = content.values(load);
    Figure knee = kpi.figures().get(Kpi.KNEE.word());
    int last = knee == null ? -1 : content.values(Kpi.DECIDED_PER_S.word()).indexOf(knee.value());
    String axis = load.replaceFirst("^offered_per_s$", "bids offered a second");
    Chart chart = content.chart(axis, places, last);
    boolean drawn = !chart.series().isEmpty() && places.stream().allMatch(Objects::nonNull);
    List<String> names = new ArrayList<>();
    content.stages.forEach(
        at -> names.add(Stages.label(at) + (names.size() == last ? ", knee" : "")));
    return new StageTable(
        axis,
        names,
        rows,
        rows.stream().anyMatch(row -> row.name().matches(PERCENTILE) && row.lacksOne()),
        drawn ? List.of(chart) : List.of());
  }
}
