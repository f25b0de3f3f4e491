package report;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import kpi.Direction;
import kpi.Kpi;
import verdict.FigureName;
import verdict.History;
import verdict.HistorySeries;
import verdict.HistorySeries.Point;
import verdict.Numbers;

/**
 * The history of runs on one page that opens from disk, without a network. The HTML holds every
 * figure in a table; the script only draws. All texts are untrusted.
 */
public final class HistoryPage {
  /** Marks a page that may be replaced. */
  private static final String MARK = "<meta name=\"generator\" content=\"gauntlet history\">";

  private static final int ROWS_OPEN = 30;

  private HistoryPage() {}

  /**
   * The runs of one simulation and profile on one class of machine.
   *
   * @param labels of the points of all charts, the oldest run first
   */
  private record Section(
      String id,
      String name,
      String machine,
      String runs,
      Label newest,
      boolean open,
      List<Row> rows,
      List<Label> labels,
      List<Curve> charts) {}

  private record Row(Label run, List<Cell> cells) {}

  private record Cell(String value, String change) {}

  /** A run, and the settings that keep it out of the comparison, if any. */
  private record Label(String commit, String time, String verdict, String other) {}

  /**
   * A chart.
   *
   * @param values one a run, the oldest first; null for none
   * @param before change since the run before, in words; empty for none
   * @param first change since the first run, likewise
   * @param ceiling the largest possible value; null for none
   */
  private record Curve(
      String id,
      String name,
      String unit,
      String better,
      String definition,
      String summary,
      List<Double> values,
      List<String> before,
      List<String> first,
      Double median,
      Double ceiling) {}

  /**
   * Writes the page, over an older one.
   *
   * @return the file
   * @throws IOException if it cannot be written, or the file exists and is not such a page
   */
  public static Path write(Path file, List<HistorySeries> all) throws IOException {
    if (Files.isDirectory(file) || (Files.exists(file) && !Files.readString(file).contains(MARK))) {
      throw new FileSystemException(
          file.toString(), null, "it exists and is not a page of a history; name another file");
    }
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    return Files.writeString(file, html(all));
  }

  static String html(List<HistorySeries> all) throws IOException {
    List<Section> sections = new ArrayList<>();
    all.forEach(series -> sections.add(section("s" + sections.size(), series)));
    String count = Shown.runs(all.stream().mapToInt(series -> series.all().size()).sum());
    return Template.html(
        "trend",
        Template.text("report/report.css") + Template.text("report/trend.css"),
        Map.of("sections", sections, "count", count, "mark", MARK),
        sections);
  }

  private static Section section(String id, HistorySeries series) {
    List<Label> labels = series.runs().stream().map(run -> label(run, series)).toList();
    List<Curve> charts = new ArrayList<>();
    series.figures().forEach(name -> charts.add(curve(id + "-" + charts.size(), name, series)));
    List<Row> rows = new ArrayList<>();
    for (Label label : labels) {
      int at = rows.size();
      rows.add(new Row(label, charts.stream().map(chart -> cell(chart, at)).toList()));
    }
    Collections.reverse(rows);
    return new Section(
        id,
        series.name(),
        series.machine().words(),
        series.count(),
        rows.get(0).run(),
        rows.size() <= ROWS_OPEN,
        rows,
        labels,
        charts);
  }

  private static Label label(History.Entry run, HistorySeries series) {
    String other = String.join(", ", series.differences(run));
    return new Label(run.mark(), run.minute(), run.verdict().name(), other);
  }

  private static Cell cell(Curve chart, int at) {
    return new Cell(Shown.plain(chart.values().get(at), chart.unit()), chart.before().get(at));
  }

  private static Curve curve(String id, String name, HistorySeries series) {
    Kpi kpi = FigureName.parse(name, name).kpi();
    List<Point> points = series.points(name);
    OptionalDouble median = series.median(name);
    boolean share = kpi.unit().equals("%") && kpi.direction() == Direction.HIGHER;
    return new Curve(
        id,
        name,
        kpi.unit(),
        kpi.direction() == Direction.NEUTRAL ? "" : Shown.better(kpi.direction().word()),
        kpi.definition(),
        summary(kpi.unit(), series, points, median),
        points.stream().map(Point::value).toList(),
        points.stream().map(point -> Shown.change(point.beforePct())).toList(),
        points.stream().map(point -> Shown.change(point.firstPct())).toList(),
        median.isPresent() ? median.getAsDouble() : null,
        share ? 100.0 : null);
  }

  /** Returns the range of the runs that can be compared, in a sentence. */
  private static String summary(
      String unit, HistorySeries series, List<Point> points, OptionalDouble median) {
    List<Double> values =
        IntStream.range(0, points.size())
            .filter(index -> series.differences(series.runs().get(index)).isEmpty())
            .mapToObj(index -> points.get(index).value())
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    if (values.size() < 2) {
      return values.isEmpty()
          ? "None of these runs has it."
          : "One run so far: " + Numbers.words(values.get(0), unit) + ".";
    }
    Point newest = points.get(points.size() - 1);
    String first = Shown.change(newest.firstPct());
    return "Newest "
        + (newest.value() == null ? "none" : Numbers.words(newest.value(), unit))
        + ", median "
        + Numbers.words(median.orElseThrow(), unit)
        + ", all from "
        + Shown.plain(values.get(0), unit)
        + " to "
        + Numbers.words(values.get(values.size() - 1), unit)
        + (first.isEmpty() ? "." : ". Since the first run " + first + ".");
  }
}
