package report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The parts of the page that come from the class path. */
final class Resources {
  private static final String ECHARTS_POM = "META-INF/maven/org.mvnpm/echarts/pom.properties";

  private Resources() {}

  static String text(String name) throws IOException {
    try (InputStream in = Resources.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException("Not on the class path: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The smallest build of ECharts with tooltips, marked areas and the SVG renderer. */
  static String echarts() throws IOException {
    return text(echartsFolder() + "dist/echarts.common.min.js");
  }

  /** The notice that the licence of ECharts asks to keep. */
  static String echartsNotice() throws IOException {
    return text(echartsFolder() + "NOTICE").strip();
  }

  /** The folder is named by version; the version is the pom's to choose. */
  private static String echartsFolder() throws IOException {
    Properties pom = new Properties();
    pom.load(new StringReader(text(ECHARTS_POM)));
    return "META-INF/resources/_static/echarts/" + pom.getProperty("version") + "/";
  }
}
