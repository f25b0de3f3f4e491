package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Run folders that are kept as test data: a green run, a red one, an interrupted one, one that is
 * worse than its baseline, and one that could not be compared with it.
 */
final class Golden {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Path ROOT = Path.of("src/test/resources/golden");
  private static final Pattern LOADED =
      Pattern.compile(
          "<(?:script|img|link|iframe)[^>]+(?:src|href)\\s*=|url\\(\\s*['\"]?http|@import");
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");

  private Golden() {}

  static Path folder(String name) {
    return ROOT.resolve(name);
  }

  /** Returns a copy that a test may change and write reports into. */
  static Path copy(String name, Path into) throws IOException {
    Path copy = Files.createDirectories(into.resolve(name));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(name))) {
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** Changes a JSON file. */
  static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode node = (ObjectNode) JSON.readTree(Files.readString(file));
    change.accept(node);
    Files.writeString(file, JSON.writeValueAsString(node));
  }

  /** Returns a copy of the regressed run with a text wherever a run folder has free text. */
  static Path hostile(Path into, String text) throws IOException {
    Path run = copy("regressed", into);
    edit(
        run.resolve("manifest.json"),
        manifest -> {
          manifest.put("sentence", text).put("simulation", text);
          ((ObjectNode) manifest.path("settings")).put(text, text);
          ((ObjectNode) manifest.path("phases").get(0)).put("name", text);
        });
    edit(
        run.resolve("verdict.json"),
        verdict -> {
          verdict.put("sentence", text);
          ((ObjectNode) verdict.path("checks").get(8)).put("reason", text);
          ((ObjectNode) verdict.path("checks").get(21))
              .put("name", text)
              .put("figure", text)
              .put("limit", text)
              .put("reason", text);
        });
    edit(
        run.resolve("comparison.json"),
        comparison -> {
          ((ObjectNode) comparison.path("baseline")).put("commit", text).put("file", text);
          ((ObjectNode) comparison.path("changes").get(2))
              .put("unit", text)
              .put("direction", text)
              .put("name", text);
        });
    edit(run.resolve("baseline.json"), baseline -> baseline.put("made", text));
    Path samples = run.resolve("samples.ndjson");
    String json = JSON.writeValueAsString(text);
    Files.writeString(samples, Files.readString(samples).replace("\"llm\"", json));
    return run;
  }

  /** Returns what the script of a page draws. */
  static JsonNode data(String html) throws IOException {
    Matcher data = DATA.matcher(html);
    assertThat(data.find()).isTrue();
    return JSON.readTree(data.group(1));
  }

  /** Requires a page that loads nothing and keeps the charting library's licence; returns ours. */
  static String selfContained(String html) throws IOException {
    assertThat(html).contains("Licensed to the Apache Software Foundation");
    // The library can make an image of its own drawing; the content policy holds it to that.
    String ours = html.replace(Template.echarts(), "");
    assertThat(LOADED.matcher(ours).find()).isFalse();
    assertThat(ours)
        .contains("default-src 'none'", "This product includes software developed at")
        .doesNotContain("fetch(", "XMLHttpRequest", "http://", "//cdn");
    return ours;
  }
}
