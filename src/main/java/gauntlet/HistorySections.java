package gauntlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import report.HistoryPage;
import verdict.FigureName;
import verdict.HistoryEntry;
import verdict.HistorySeries;

/** The history in the form in which the page takes it. */
final class HistorySections {
  private HistorySections() {}

  /**
   * A section.
   *
   * @param figures a chart each
   * @param last how many runs
   */
  static HistoryPage.Section of(HistorySeries series, List<String> figures, int last) {
    int from = Math.max(0, series.runs().size() - last);
    List<HistoryEntry> shown = series.runs().subList(from, series.runs().size());
    List<HistoryPage.Run> runs = new ArrayList<>();
    for (HistoryEntry run : shown) {
      runs.add(
          new HistoryPage.Run(
              String.format(Locale.ROOT, "%.7s", run.commit()),
              run.dirty(),
              run.start(),
              run.verdict(),
              String.join(", ", series.differences(run))));
    }
    List<HistoryPage.Figure> charts = new ArrayList<>();
    for (String figure : figures) {
      charts.add(figure(series, figure, from));
    }
    return new HistoryPage.Section(
        series.name(), series.machine().words(), series.runs().size(), runs, charts);
  }

  private static HistoryPage.Figure figure(HistorySeries series, String name, int from) {
    List<HistoryPage.Point> points = new ArrayList<>();
    for (HistorySeries.Point point : series.points(name)) {
      points.add(new HistoryPage.Point(point.value(), point.beforePct(), point.firstPct()));
    }
    OptionalDouble median = series.median(name);
    return new HistoryPage.Figure(
        name,
        FigureName.named(name).orElseThrow().kpi(),
        points.subList(from, points.size()),
        median.isPresent() ? median.getAsDouble() : null);
  }
}
