package gauntlet;

import bench.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import verdict.FigureName;
import verdict.HistoryEntry;
import verdict.HistorySeries;
import verdict.Numbers;

/**
 * Runs of one kind as a table in plain text: each figure with its change since before and first.
 */
final class HistoryTable {
  /** Three columns each; with more a line does not fit on a screen, and a second table follows. */
  private static final int FIGURES_PER_TABLE = 2;

  private static final String NONE = "-";

  private HistoryTable() {}

  /**
   * The table.
   *
   * @param figures to show
   * @param last how many runs
   */
  static List<String> lines(HistorySeries series, List<String> figures, int last) {
    int all = series.runs().size();
    int from = Math.max(0, all - last);
    List<String> lines = new ArrayList<>();
    lines.add(series.name() + " on " + series.machine().words());
    lines.add(
        from == 0
            ? Numbers.count(all) + (all == 1 ? " run" : " runs")
            : "the last " + (all - from) + " of " + Numbers.count(all) + " runs");
    for (int start = 0; start < figures.size(); start += FIGURES_PER_TABLE) {
      int end = Math.min(figures.size(), start + FIGURES_PER_TABLE);
      lines.add("");
      lines.addAll(table(series, figures.subList(start, end), from));
    }
    if (figures.isEmpty()) {
      lines.add("None of the figures that are shown was measured; --kpi names others.");
    }
    series.runs().subList(from, all).stream()
        .filter(run -> !series.differences(run).isEmpty())
        .forEach(
            run ->
                lines.add(
                    time(run)
                        + " had other settings and is not reckoned with: "
                        + String.join(", ", series.differences(run))
                        + "."));
    if (series.runs().subList(from, all).stream().anyMatch(HistoryEntry::dirty)) {
      lines.add("+ with uncommitted changes");
    }
    return lines;
  }

  private static List<String> table(HistorySeries series, List<String> figures, int from) {
    List<List<HistorySeries.Point>> points = figures.stream().map(series::points).toList();
    Table table = new Table();
    List<String> head = new ArrayList<>(List.of("commit", "started", "verdict"));
    for (String figure : figures) {
      head.addAll(List.of(figure + " " + unit(figure), "before", "first"));
    }
    table.row(head.toArray(String[]::new));
    for (int index = from; index < series.runs().size(); index++) {
      HistoryEntry run = series.runs().get(index);
      List<String> row = new ArrayList<>();
      row.add(String.format(Locale.ROOT, "%.7s%s", run.commit(), run.dirty() ? "+" : ""));
      row.add(time(run));
      row.add(run.verdict().name());
      for (int column = 0; column < figures.size(); column++) {
        row.addAll(cells(points.get(column).get(index), figures.get(column)));
      }
      table.row(row.toArray(String[]::new));
    }
    return table.lines();
  }

  private static List<String> cells(HistorySeries.Point point, String figure) {
    String value =
        point.value() == null
            ? NONE
            : unit(figure).equals("%")
                ? Numbers.percent(point.value())
                : Numbers.plain(point.value());
    return List.of(value, change(point.beforePct()), change(point.firstPct()));
  }

  private static String unit(String figure) {
    return FigureName.named(figure).orElseThrow().kpi().unit();
  }

  private static String change(Double percent) {
    return percent == null ? NONE : String.format(Locale.ROOT, "%+.1f%%", percent);
  }

  private static String time(HistoryEntry run) {
    return run.start().toString().replaceFirst("T(\\d\\d:\\d\\d).*", " $1");
  }
}
