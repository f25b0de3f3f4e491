package report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * report.html: a run on one page that opens from disk, without a network.
 *
 * <p>The texts stand in the HTML itself and are escaped by the template engine; only the charts
 * need the script, and each has a sentence that says the same in words.
 */
public final class Report {
  private static final String FILE = "report.html";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Report() {}

  /**
   * Writes report.html into a run folder, over an older one.
   *
   * @return the file
   * @throws IOException if there is no readable manifest.json, or the file cannot be written
   */
  public static Path write(Path runFolder) throws IOException {
    return Files.writeString(runFolder.resolve(FILE), html(Page.of(RunFolder.read(runFolder))));
  }

  static String html(Page page) throws IOException {
    Map<String, Object> model =
        new LinkedHashMap<>(JSON.convertValue(page, new TypeReference<Map<String, Object>>() {}));
    model.put("style", Resources.text("report/report.css"));
    model.put("script", Resources.text("report/report.js"));
    model.put("echarts", Resources.echarts());
    model.put("echartsNotice", Resources.echartsNotice());
    model.put("data", data(page));
    return Mustache.compiler()
        .escapeHTML(true)
        .nullValue("")
        .emptyStringIsFalse(true)
        .zeroIsFalse(true)
        .withLoader(part -> new StringReader(Resources.text("report/" + part + ".html")))
        .compile(Resources.text("report/report.html"))
        .execute(model);
  }

  /** What the script draws, as JSON that cannot end the script element that holds it. */
  static String data(Page page) throws JsonProcessingException {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("phases", page.phases());
    data.put("stages", page.stages().names());
    data.put("stageCharts", page.stages().charts());
    data.put("timeCharts", page.timeCharts());
    data.put("distributions", page.distributions());
    return JSON.writeValueAsString(data)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }
}
