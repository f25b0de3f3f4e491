package gauntlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import verdict.FigureName;
import verdict.History;
import verdict.HistorySeries;
import verdict.Numbers;

/**
 * Runs as a table in plain text: each figure with its change since the run before and the first.
 */
final class HistoryTable {
  /** Three columns each; with more a line does not fit on a screen, and a second table follows. */
  private static final int FIGURES_PER_TABLE = 2;

  private static final String NONE = "-";

  private HistoryTable() {}

  static List<String> lines(HistorySeries series) {
    List<String> figures = series.figures();
    List<String> lines = new ArrayList<>();
    lines.add(series.name() + " on " + series.machine().words());
    lines.add(series.count());
    for (int start = 0; start < figures.size(); start += FIGURES_PER_TABLE) {
      int end = Math.min(figures.size(), start + FIGURES_PER_TABLE);
      lines.add("");
      Table table = new Table();
      rows(series, figures.subList(start, end))
          .forEach(row -> table.row(row.toArray(String[]::new)));
      lines.addAll(table.lines());
    }
    if (figures.isEmpty()) {
      lines.add("None of the default figures was measured; --kpi names others.");
    }
    for (History.Entry run : series.runs()) {
      List<String> other = series.differences(run);
      if (!other.isEmpty()) {
        lines.add(
            run.minute()
                + " had other settings and is left out of the comparison: "
                + String.join(", ", other)
                + ".");
      }
    }
    if (series.runs().stream().anyMatch(History.Entry::dirty)) {
      lines.add("+ with uncommitted changes");
    }
    return lines;
  }

  private static List<List<String>> rows(HistorySeries series, List<String> figures) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(new ArrayList<>(List.of("commit", "started", "verdict")));
    for (History.Entry run : series.runs()) {
      rows.add(new ArrayList<>(List.of(run.mark(), run.minute(), run.verdict().name())));
    }
    for (String figure : figures) {
      String unit = FigureName.named(figure).orElseThrow().kpi().unit();
      rows.get(0).addAll(List.of(figure + " " + unit, "before", "first"));
      int row = 1;
      for (HistorySeries.Point point : series.points(figure)) {
        String value = point.value() == null ? NONE : Numbers.number(point.value(), unit);
        rows.get(row++).addAll(List.of(value, change(point.beforePct()), change(point.firstPct())));
      }
    }
    return rows;
  }

  private static String change(Double percent) {
    return percent == null ? NONE : String.format(Locale.ROOT, "%+.1f%%", percent);
  }
}
