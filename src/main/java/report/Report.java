package report;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kpi.KpiReport;
import kpi.UnusableFile;

/**
 * The reports of a run: report.html, one page that opens from disk without a network; junit.xml;
 * summary.md. The HTML holds every text and figure; only the charts need the script, and each has a
 * sentence with the same content.
 */
public final class Report {
  private Report() {}

  /**
   * Writes all reports into a run folder, over older ones.
   *
   * @return the files: the page, the test cases, the summary
   * @throws UnusableFile if there is no readable manifest.json
   * @throws IOException if a file cannot be written
   */
  public static List<Path> write(Path runFolder) throws IOException, UnusableFile {
    RunFiles run = RunFiles.read(runFolder);
    return List.of(
        file(runFolder.resolve("report.html"), html(Page.of(run))),
        file(runFolder.resolve("junit.xml"), JUnitXml.of(run)),
        file(runFolder.resolve("summary.md"), Summary.of(run)));
  }

  private static Path file(Path path, String text) throws IOException {
    // Not writeString: it refuses half a character, which a text of a run folder may have.
    return Files.write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The content of the charts; a record, for a Map has another order in each process. */
  private record Drawn(
      List<Chart.Phase> phases,
      List<Chart.Phase> events,
      String stageAxis,
      List<Chart> stageCharts,
      List<Chart> timeCharts,
      List<Chart> distributions) {}

  private static String html(Page page) throws IOException {
    Drawn drawn =
        new Drawn(
            page.phases(),
            page.events(),
            page.stages().axis(),
            page.stages().charts(),
            page.timeCharts(),
            page.distributions());
    return Template.html("report", Template.text("report/report.css"), page, drawn);
  }

  /**
   * Returns the stages of a run side by side, as lines for a console: a head and a line for each
   * figure; nothing for a run without stages.
   */
  public static List<String> stageLines(KpiReport report) {
    StageTable table = StageTable.of(report, figure -> "");
    List<String> lines = new ArrayList<>();
    if (!table.names().isEmpty()) {
      lines.add(line(table.axis().equals("outcome") ? "outcome" : "stage", "", table.names()));
      for (KpiTable.Row row : table.rows()) {
        lines.add(
            line(row.name(), row.unit(), row.cells().stream().map(KpiTable.Cell::figure).toList()));
      }
    }
    return lines;
  }

  private static String line(String name, String unit, List<String> cells) {
    String figures = cells.stream().map(" %11s"::formatted).collect(joining());
    return String.format(Locale.ROOT, "  %-24s%s %s", name, figures, unit).stripTrailing();
  }
}
