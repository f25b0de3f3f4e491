package report;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Mustache.Escaper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

final class Template {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ECHARTS_POM = "META-INF/maven/org.mvnpm/echarts/pom.properties";

  private Template() {}

  /**
   * Returns an HTML page with its style, its script and the charting library inside, so that it
   * opens from disk without a network.
   */
  static String html(String name, String style, Map<String, Object> model, Object data)
      throws IOException {
    Map<String, Object> all = new HashMap<>();
    all.putAll(JSON.convertValue(model, new TypeReference<Map<String, Object>>() {}));
    all.put("style", style);
    all.put("script", text("report/chart.js") + text("report/" + name + ".js"));
    all.put("echarts", echarts());
    all.put("echartsNotice", text(echartsFolder() + "NOTICE").strip());
    all.put("data", embedded(data));
    return filled("report/" + name + ".html", Escapers.HTML, all);
  }

  static String filled(String template, Escaper escaper, Map<String, Object> model)
      throws IOException {
    return Mustache.compiler()
        .withEscaper(escaper)
        .nullValue("")
        .emptyStringIsFalse(true)
        .zeroIsFalse(true)
        .withLoader(part -> new StringReader(text("report/" + part + ".html")))
        .compile(text(template))
        .execute(model);
  }

  static String text(String name) throws IOException {
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
