package report;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.Kpi;
import verdict.Check;

/**
 * What runs came to over the commits, on one page that opens from disk, without a network. Like
 * {@link Report}: every figure stands in a table in the HTML itself, and the script only draws.
 *
 * <p>A pure function of its sections. Every text in them is untrusted.
 */
public final class HistoryPage {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Tells a page of ours from any other file. */
  private static final String MARK = "<meta name=\"generator\" content=\"gauntlet history\">";

  private HistoryPage() {}

  /**
   * The runs of one simulation and profile on one class of machine.
   *
   * @param name simulation and profile
   * @param machine what they ran on, in a few words
   * @param all how many runs there are, shown or not
   * @param runs those that are shown, oldest first, at least one
   * @param figures a chart each
   */
  public record Section(
      String name, String machine, int all, List<Run> runs, List<Figure> figures) {}

  /**
   * A run.
   *
   * @param commit as it is shown
   * @param dirty whether the tree had uncommitted changes
   * @param started when
   * @param verdict what it was worth
   * @param otherSettings why its figures are not compared with the others; empty if they are
   */
  public record Run(
      String commit, boolean dirty, Instant started, Check.Outcome verdict, String otherSettings) {}

  /**
   * A figure.
   *
   * @param name such as {@code llm.rss_max}
   * @param kpi what it is
   * @param points one a run
   * @param median in the KPI's unit; null if no run has the figure
   */
  public record Figure(String name, Kpi kpi, List<Point> points, Double median) {}

  /**
   * A figure of one run.
   *
   * @param value in the KPI's unit; null if the run has none
   * @param beforePct change from the run before in per cent, or null
   * @param firstPct change from the first run in per cent, or null
   */
  public record Point(Double value, Double beforePct, Double firstPct) {}

  /**
   * Writes the page, over an older one.
   *
   * @return the file
   * @throws IOException if it cannot be written, or the file is there and is no such page
   */
  public static Path write(Path file, List<Section> sections) throws IOException {
    if (Files.isDirectory(file) || (Files.exists(file) && !Files.readString(file).contains(MARK))) {
      throw new FileSystemException(
          file.toString(), null, "it is there and is no page of a history; name another file");
    }
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    return Files.writeString(file, html(sections));
  }

  static String html(List<Section> sections) throws IOException {
    List<HistorySection> shown = new ArrayList<>();
    for (Section section : sections) {
      shown.add(HistorySection.of("s" + shown.size(), section));
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put(
        "sections", JSON.convertValue(shown, new TypeReference<List<Map<String, Object>>>() {}));
    model.put("count", HistorySection.runs(sections.stream().mapToInt(Section::all).sum()));
    model.put("mark", MARK);
    model.put("style", Resources.text("report/report.css") + Resources.text("report/trend.css"));
    model.put("script", Resources.text("report/trend.js"));
    model.put("echarts", Resources.echarts());
    model.put("echartsNotice", Resources.echartsNotice());
    model.put("data", embedded(shown));
    return Mustache.compiler()
        .escapeHTML(true)
        .nullValue("")
        .emptyStringIsFalse(true)
        .compile(Resources.text("report/trend.html"))
        .execute(model);
  }

  /** JSON that cannot end the script element that holds it. */
  private static String embedded(List<HistorySection> sections) throws IOException {
    return JSON.writeValueAsString(sections)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }
}
