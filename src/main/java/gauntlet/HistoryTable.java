package gauntlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kpi.Kpi;
import verdict.FigureName;
import verdict.HistoryEntry;
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

  static List<String> lines(HistorySeries.View view) {
    List<String> figures = view.figures();
    List<String> lines = new ArrayList<>();
    lines.add(view.series().name() + " on " + view.series().machine().words());
    lines.add(view.count());
    for (int start = 0; start < figures.size(); start += FIGURES_PER_TABLE) {
      int end = Math.min(figures.size(), start + FIGURES_PER_TABLE);
      lines.add("");
      lines.addAll(aligned(rows(view, figures.subList(start, end))));
    }
    if (figures.isEmpty()) {
      lines.add("None of the default figures was measured; --kpi names others.");
    }
    for (HistoryEntry run : view.runs()) {
      List<String> other = view.series().differences(run);
      if (!other.isEmpty()) {
        lines.add(
            time(run)
                + " had other settings and is left out of the comparison: "
                + String.join(", ", other)
                + ".");
      }
    }
    if (view.runs().stream().anyMatch(HistoryEntry::dirty)) {
      lines.add("+ with uncommitted changes");
    }
    return lines;
  }

  private static List<List<String>> rows(HistorySeries.View view, List<String> figures) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(new ArrayList<>(List.of("commit", "started", "verdict")));
    for (HistoryEntry run : view.runs()) {
      String commit = String.format(Locale.ROOT, "%.7s%s", run.commit(), run.dirty() ? "+" : "");
      rows.add(new ArrayList<>(List.of(commit, time(run), run.verdict().name())));
    }
    for (String figure : figures) {
      Kpi kpi = FigureName.named(figure).orElseThrow().kpi();
      rows.get(0).addAll(List.of(figure + " " + kpi.unit(), "before", "first"));
      int row = 1;
      for (HistorySeries.Point point : view.points(figure)) {
        boolean share = kpi.unit().equals("%");
        String value =
            point.value() == null
                ? NONE
                : share ? Numbers.percent(point.value()) : Numbers.plain(point.value());
        rows.get(row++).addAll(List.of(value, change(point.beforePct()), change(point.firstPct())));
      }
    }
    return rows;
  }

  /** Aligns columns: the first to the left, the others to the right. */
  private static List<String> aligned(List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(each -> each.get(at).length()).max().orElse(1);
        String form = column == 0 ? "%-" + width + "s" : "  %" + width + "s";
        line.append(String.format(Locale.ROOT, form, row.get(column)));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static String change(Double percent) {
    return percent == null ? NONE : String.format(Locale.ROOT, "%+.1f%%", percent);
  }

  private static String time(HistoryEntry run) {
    return run.start().toString().replaceFirst("T(\\d\\d:\\d\\d).*", " $1");
  }
}
