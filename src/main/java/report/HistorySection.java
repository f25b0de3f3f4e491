package report;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import kpi.Direction;
import kpi.Kpi;
import verdict.Numbers;

/**
 * A section of the history's page in the words and figures in which it says them.
 *
 * @param id unique within the page
 * @param name simulation and profile
 * @param machine in a few words
 * @param runs how many, in words
 * @param newest the newest run
 * @param open whether the table is short enough to be shown at once
 * @param heads of the columns of the table
 * @param rows of the table, the newest run first
 * @param labels of the points of all charts, the oldest run first
 * @param charts one a figure
 */
record HistorySection(
    String id,
    String name,
    String machine,
    String runs,
    Label newest,
    boolean open,
    List<Head> heads,
    List<Row> rows,
    List<Label> labels,
    List<Curve> charts) {

  private static final int ROWS_OPEN = 30;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** A figure's name broken where it may be, with its unit. */
  record Head(List<String> parts, String unit, String definition) {}

  /** A run and its figures. */
  record Row(Label run, List<Cell> cells) {}

  /** A value, and its change from the run before; empty if there is none to reckon from. */
  record Cell(String value, String change) {}

  /**
   * A run.
   *
   * @param commit with a mark if there were uncommitted changes
   * @param other why its figures are not compared with the others; else empty
   */
  record Label(String commit, String time, String verdict, String other) {}

  /**
   * A chart.
   *
   * @param values one a run, the oldest first; null for none
   * @param before change since the run before, in words; empty for none
   * @param first change since the first run, likewise
   * @param ceiling no value can be above it; null for none
   */
  record Curve(
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

  static HistorySection of(String id, HistoryPage.Section section) {
    List<Label> labels = section.runs().stream().map(HistorySection::label).toList();
    List<Row> rows = new ArrayList<>();
    for (int index = 0; index < labels.size(); index++) {
      List<Cell> cells = new ArrayList<>();
      for (HistoryPage.Figure figure : section.figures()) {
        HistoryPage.Point point = figure.points().get(index);
        cells.add(new Cell(value(point.value(), figure.kpi()), percent(point.beforePct())));
      }
      rows.add(new Row(labels.get(index), cells));
    }
    Collections.reverse(rows);
    List<Curve> charts = new ArrayList<>();
    for (HistoryPage.Figure figure : section.figures()) {
      charts.add(curve(id + "-" + charts.size(), figure, section.runs()));
    }
    int shown = labels.size();
    return new HistorySection(
        id,
        section.name(),
        section.machine(),
        shown == section.all()
            ? runs(shown)
            : "the last " + Numbers.count(shown) + " of " + runs(section.all()),
        labels.get(shown - 1),
        shown <= ROWS_OPEN,
        section.figures().stream().map(HistorySection::head).toList(),
        rows,
        labels,
        charts);
  }

  /** A number of runs. */
  static String runs(int count) {
    return Numbers.count(count) + (count == 1 ? " run" : " runs");
  }

  private static Label label(HistoryPage.Run run) {
    return new Label(
        run.commit() + (run.dirty() ? "+" : ""),
        TIME.format(run.started()),
        run.verdict().name(),
        run.otherSettings());
  }

  private static Head head(HistoryPage.Figure figure) {
    return new Head(
        List.of(figure.name().split("(?<=[._])", -1)),
        figure.kpi().unit(),
        figure.kpi().definition());
  }

  private static Curve curve(String id, HistoryPage.Figure figure, List<HistoryPage.Run> runs) {
    Kpi kpi = figure.kpi();
    boolean share = kpi.unit().equals("%") && kpi.direction() == Direction.HIGHER;
    return new Curve(
        id,
        figure.name(),
        kpi.unit(),
        kpi.direction() == Direction.NEUTRAL ? "" : kpi.direction().word() + " is better",
        kpi.definition(),
        summary(figure, runs),
        figure.points().stream().map(HistoryPage.Point::value).toList(),
        figure.points().stream().map(point -> percent(point.beforePct())).toList(),
        figure.points().stream().map(point -> percent(point.firstPct())).toList(),
        figure.median(),
        share ? 100.0 : null);
  }

  /** Only what is compared: a run under other settings says nothing about the others. */
  private static String summary(HistoryPage.Figure figure, List<HistoryPage.Run> runs) {
    Kpi kpi = figure.kpi();
    List<Double> values =
        IntStream.range(0, runs.size())
            .filter(index -> runs.get(index).otherSettings().isEmpty())
            .mapToObj(index -> figure.points().get(index).value())
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    if (values.isEmpty()) {
      return "No run that is shown has it.";
    }
    if (values.size() == 1) {
      return "One run so far: " + words(values.get(0), kpi) + ".";
    }
    HistoryPage.Point newest = figure.points().get(figure.points().size() - 1);
    String first = percent(newest.firstPct());
    return "Newest "
        + (newest.value() == null ? "none" : words(newest.value(), kpi))
        + (figure.median() == null ? "" : ", median " + words(figure.median(), kpi))
        + ", all from "
        + value(values.get(0), kpi)
        + " to "
        + words(values.get(values.size() - 1), kpi)
        + "."
        + (first.isEmpty() ? "" : " Since the first run " + first + ".");
  }

  private static String words(double value, Kpi kpi) {
    return Numbers.words(value, kpi.unit());
  }

  private static String value(Double value, Kpi kpi) {
    if (value == null) {
      return JsonNumbers.NONE;
    }
    return kpi.unit().equals("%") ? Numbers.percent(value) : Numbers.plain(value);
  }

  private static String percent(Double percent) {
    return percent == null ? "" : String.format(Locale.ROOT, "%+.1f %%", percent);
  }
}
