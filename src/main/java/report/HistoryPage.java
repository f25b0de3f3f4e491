package report;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import kpi.Direction;
import kpi.Kpi;
import verdict.FigureName;
import verdict.HistoryEntry;
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

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private HistoryPage() {}

  /**
   * The runs of one simulation and profile on one class of machine.
   *
   * @param id unique within the page
   * @param runs number of runs, in words
   * @param open whether the table is short enough to be shown at once
   * @param rows of the table, the newest run first
   * @param labels of the points of all charts, the oldest run first
   * @param charts one a figure; also the heads of the table
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

  /** A run and its figures. */
  private record Row(Label run, List<Cell> cells) {}

  /** A value, and its change from the run before; empty if there is none. */
  private record Cell(String value, String change) {}

  /**
   * A run.
   *
   * @param commit with a mark if there were uncommitted changes
   * @param other settings that keep it out of the comparison; else empty
   */
  private record Label(String commit, String time, String verdict, String other) {}

  /**
   * A chart.
   *
   * @param parts of the name, between which it may break
   * @param values one a run, the oldest first; null for none
   * @param before change since the run before, in words; empty for none
   * @param first change since the first run, likewise
   * @param ceiling the largest possible value; null for none
   */
  private record Curve(
      String id,
      String name,
      List<String> parts,
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
  public static Path write(Path file, List<HistorySeries.View> views) throws IOException {
    if (Files.isDirectory(file) || (Files.exists(file) && !Files.readString(file).contains(MARK))) {
      throw new FileSystemException(
          file.toString(), null, "it exists and is not a page of a history; name another file");
    }
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    return Files.writeString(file, html(views));
  }

  static String html(List<HistorySeries.View> views) throws IOException {
    List<Section> sections = new ArrayList<>();
    views.forEach(view -> sections.add(section("s" + sections.size(), view)));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("sections", sections);
    model.put("count", Shown.runs(views.stream().mapToInt(v -> v.series().runs().size()).sum()));
    model.put("mark", MARK);
    String style = Template.text("report/report.css") + Template.text("report/trend.css");
    return Template.html("trend", style, model, sections);
  }

  private static Section section(String id, HistorySeries.View view) {
    List<Label> labels = view.runs().stream().map(run -> label(run, view.series())).toList();
    List<Curve> charts = new ArrayList<>();
    view.figures().forEach(name -> charts.add(curve(id + "-" + charts.size(), name, view)));
    List<Row> rows = new ArrayList<>();
    for (int index = 0; index < labels.size(); index++) {
      List<Cell> cells = new ArrayList<>();
      for (Curve chart : charts) {
        String value = Shown.plain(chart.values().get(index), chart.unit());
        cells.add(new Cell(value, chart.before().get(index)));
      }
      rows.add(new Row(labels.get(index), cells));
    }
    Collections.reverse(rows);
    return new Section(
        id,
        view.series().name(),
        view.series().machine().words(),
        view.count(),
        labels.get(labels.size() - 1),
        labels.size() <= ROWS_OPEN,
        rows,
        labels,
        charts);
  }

  private static Label label(HistoryEntry run, HistorySeries series) {
    return new Label(
        String.format(Locale.ROOT, "%.7s", run.commit()) + (run.dirty() ? "+" : ""),
        TIME.format(run.start()),
        run.verdict().name(),
        String.join(", ", series.differences(run)));
  }

  private static Curve curve(String id, String name, HistorySeries.View view) {
    Kpi kpi = FigureName.named(name).orElseThrow().kpi();
    List<Point> points = view.points(name);
    OptionalDouble median = view.series().median(name);
    boolean share = kpi.unit().equals("%") && kpi.direction() == Direction.HIGHER;
    return new Curve(
        id,
        name,
        List.of(name.split("(?<=[._])", -1)),
        kpi.unit(),
        kpi.direction() == Direction.NEUTRAL ? "" : Shown.better(kpi.direction().word()),
        kpi.definition(),
        summary(kpi, view, points, median),
        points.stream().map(Point::value).toList(),
        points.stream().map(point -> percent(point.beforePct())).toList(),
        points.stream().map(point -> percent(point.firstPct())).toList(),
        median.isPresent() ? median.getAsDouble() : null,
        share ? 100.0 : null);
  }

  /** Returns the range of the runs that can be compared, in a sentence. */
  private static String summary(
      Kpi kpi, HistorySeries.View view, List<Point> points, OptionalDouble median) {
    List<Double> values =
        IntStream.range(0, points.size())
            .filter(index -> view.series().differences(view.runs().get(index)).isEmpty())
            .mapToObj(index -> points.get(index).value())
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    if (values.isEmpty()) {
      return "None of these runs has it.";
    }
    if (values.size() == 1) {
      return "One run so far: " + Numbers.words(values.get(0), kpi.unit()) + ".";
    }
    Point newest = points.get(points.size() - 1);
    String first = percent(newest.firstPct());
    return "Newest "
        + (newest.value() == null ? "none" : Numbers.words(newest.value(), kpi.unit()))
        + ", median "
        + Numbers.words(median.orElseThrow(), kpi.unit())
        + ", all from "
        + Shown.plain(values.get(0), kpi.unit())
        + " to "
        + Numbers.words(values.get(values.size() - 1), kpi.unit())
        + "."
        + (first.isEmpty() ? "" : " Since the first run " + first + ".");
  }

  private static String percent(Double percent) {
    return percent == null ? "" : String.format(Locale.ROOT, "%+.1f %%", percent);
  }
}
