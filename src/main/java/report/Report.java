package report;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import kpi.UnusableFile;

/**
 * report.html: a run on one page that opens from disk, without a network. The HTML holds every text
 * and figure; only the charts need the script, and each has a sentence with the same content.
 */
public final class Report {
  private static final String FILE = "report.html";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Report() {}

  /**
   * Writes report.html into a run folder, over an older one.
   *
   * @return the file
   * @throws UnusableFile if there is no readable manifest.json
   * @throws IOException if the file cannot be written
   */
  public static Path write(Path runFolder) throws IOException, UnusableFile {
    Page page = Page.of(RunFiles.read(runFolder));
    Map<String, Object> drawn = new LinkedHashMap<>();
    drawn.put("phases", page.phases());
    drawn.put("stages", page.stages().names());
    drawn.put("stageCharts", page.stages().charts());
    drawn.put("timeCharts", page.timeCharts());
    drawn.put("distributions", page.distributions());
    Map<String, Object> model =
        JSON.convertValue(page, new TypeReference<Map<String, Object>>() {});
    return Files.writeString(
        runFolder.resolve(FILE),
        Template.html("report", Template.text("report/report.css"), model, drawn));
  }
}
