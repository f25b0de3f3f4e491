package report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Mustache.Escaper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/** Texts of the class path, and those that are filled. */
public final class Template {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ECHARTS_POM = "META-INF/maven/org.mvnpm/echarts/pom.properties";

  /** Places within a name where a line may end: {@code bids.memory_slope}. */
  private static final String BREAKS = "[._](?=\\w)";

  private Template() {}

  /**
   * Returns an HTML page with its style, its script and the charting library inside, so that it
   * opens from disk without a network.
   */
  static String html(String name, String style, Object model, Object data) throws IOException {
    Map<String, Object> parts =
        Map.of(
            "breakable",
            (Mustache.Lambda)
                (word, out) -> out.write(word.execute().replaceAll(BREAKS, "$0<wbr>")),
            "style",
            style,
            "script",
            text("report/chart.js") + text("report/" + name + ".js"),
            "echarts",
            echarts(),
            "echartsNotice",
            text(echartsFolder() + "NOTICE").strip(),
            "data",
            embedded(data));
    return filled("report/" + name + ".html", Escapers.HTML, model, parts);
  }

  /**
   * Returns a filled template.
   *
   * @param model its methods or entries are the template's names
   * @param parts further entries
   */
  static String filled(String template, Escaper escaper, Object model, Map<String, Object> parts)
      throws IOException {
    StringWriter filled = new StringWriter();
    Mustache.compiler()
        .withEscaper(escaper)
        .nullValue("")
        .emptyStringIsFalse(true)
        .zeroIsFalse(true)
        .withLoader(part -> new StringReader(text("report/" + part + ".html")))
        .compile(text(template))
        .execute(model, parts, filled);
    return filled.toString();
  }

  /** Returns the text of a resource. */
  public static String text(String name) throws IOException {
    try (InputStream in = Template.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException("Not on the class path: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns the smallest build of ECharts with tooltips, marked areas and the SVG renderer. */
  static String echarts() throws IOException {
    return text(echartsFolder() + "dist/echarts.common.min.js");
  }

  /** Returns JSON that cannot end the script element around it. */
  private static String embedded(Object data) throws IOException {
    return JSON.writeValueAsString(data)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }

  /** Returns the folder of ECharts, whose name has the version that the pom selects. */
  private static String echartsFolder() throws IOException {
    Properties pom = new Properties();
    pom.load(new StringReader(text(ECHARTS_POM)));
    return "META-INF/resources/_static/echarts/" + pom.getProperty("version") + "/";
  }
}
