package report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReportTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Pattern LOADED =
      Pattern.compile(
          "<(?:script|img|link|iframe)[^>]+(?:src|href)\\s*=|url\\(\\s*['\"]?http|@import");
  private static final Pattern HREF = Pattern.compile("href=\"([^\"]*)\"");
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");
  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror='a'>&\"";

  @TempDir Path folder;

  /** Rewrite the expected pages with {@code -Dgolden.write=true} and read the diff. */
  @ParameterizedTest
  @ValueSource(strings = {"pass", "fail", "interrupted", "regressed", "uncompared"})
  void says_what_the_golden_page_says(String name) throws IOException {
    JsonNode page = JSON.valueToTree(Page.of(RunFolder.read(Golden.copy(name, folder))));
    Path expected = Golden.folder(name).resolve("page.json");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, text(page) + "\n");
    }
    assertThat(text(page)).isEqualTo(text(JSON.readTree(Files.readString(expected))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pass", "fail", "interrupted", "regressed", "uncompared"})
  void embeds_the_charts_of_the_page_as_json(String name) throws IOException {
    Path run = Golden.copy(name, folder);
    Matcher data = DATA.matcher(Files.readString(Report.write(run)));
    assertThat(data.find()).isTrue();
    JsonNode page = JSON.readTree(JSON.writeValueAsString(Page.of(RunFolder.read(run))));
    JsonNode embedded = JSON.readTree(data.group(1));
    assertThat(embedded.path("timeCharts")).isEqualTo(page.path("timeCharts"));
    assertThat(embedded.path("distributions")).isEqualTo(page.path("distributions"));
    assertThat(embedded.path("phases")).isEqualTo(page.path("phases"));
  }

  @Test
  void loads_nothing_from_anywhere() throws IOException {
    String html = Files.readString(Report.write(Golden.copy("pass", folder)));
    // The library can make an image of its own drawing; the content policy holds it to that.
    String ours = html.replace(Resources.echarts(), "");
    assertThat(LOADED.matcher(ours).find()).isFalse();
    assertThat(ours).contains("default-src 'none'");
    assertThat(ours).doesNotContain("fetch(", "XMLHttpRequest", "http://", "//cdn");
    assertThat(HREF.matcher(ours).results().map(m -> m.group(1)).filter(h -> !h.startsWith("#")))
        .containsExactly("../../../gatling/ssebattlesimulation-20261121033000123/index.html");
  }

  @Test
  void keeps_the_licence_of_the_charting_library() throws IOException {
    assertThat(Files.readString(Report.write(Golden.copy("pass", folder))))
        .contains("Licensed to the Apache Software Foundation")
        .contains("This product includes software developed at");
  }

  @Test
  void shows_a_failed_figure_in_the_table_as_a_number() throws IOException {
    String html = Files.readString(Report.write(Golden.copy("fail", folder)));
    assertThat(html).containsPattern("class=\"marked tone-FAIL\"><b>[0-9][0-9.,]*</b>");
    assertThat(html.replace(Resources.echarts(), "")).doesNotContain("[B@");
  }

  @Test
  void is_the_same_twice() throws IOException {
    Path run = Golden.copy("fail", folder);
    String first = Files.readString(Report.write(run));
    assertThat(Files.readString(Report.write(run))).isEqualTo(first);
  }

  @Test
  void escapes_hostile_text_wherever_it_stands() throws IOException {
    Path run = Golden.copy("fail", folder);
    edit(run.resolve("manifest.json"), ReportTest::poisonManifest);
    edit(
        run.resolve("verdict.json"),
        verdict -> ((ObjectNode) verdict.path("checks").get(8)).put("reason", HOSTILE));
    Path samples = run.resolve("samples.ndjson");
    String hostileJson = JSON.writeValueAsString(HOSTILE);
    Files.writeString(samples, Files.readString(samples).replace("\"llm\"", hostileJson));
    String html = Files.readString(Report.write(run));
    assertThat(html).doesNotContain("<script>alert", "<img src=x");
    assertThat(html).contains("&lt;/script&gt;&lt;script&gt;alert(1)");
    assertThat(html).contains("\\u003c/script\\u003e");
    assertThat(html.split("</script>", -1)).hasSize(4);
  }

  @Test
  void escapes_hostile_text_of_a_comparison() throws IOException {
    Path run = Golden.copy("regressed", folder);
    edit(
        run.resolve("comparison.json"),
        comparison -> {
          ((ObjectNode) comparison.path("baseline")).put("commit", HOSTILE).put("file", HOSTILE);
          ObjectNode change = (ObjectNode) comparison.path("changes").get(2);
          change.put("unit", HOSTILE).put("direction", HOSTILE).put("outcome", HOSTILE);
          ((ObjectNode) comparison.path("changes").get(3)).put("name", HOSTILE);
        });
    edit(run.resolve("baseline.json"), baseline -> baseline.put("made", HOSTILE));
    String html = Files.readString(Report.write(run));
    assertThat(html).doesNotContain("<script>alert", "<img src=x", "onerror='a'");
    assertThat(html.split("</script>", -1)).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "https://elsewhere/", "//elsewhere/", "\\\\elsewhere\\x"})
  void links_to_nothing_but_files_beside_the_run(String address) throws IOException {
    Path run = Golden.copy("pass", folder);
    edit(run.resolve("manifest.json"), manifest -> manifest.put("gatling_report", address));
    assertThat(Page.of(RunFolder.read(run)).headline().gatlingReport()).isEmpty();
  }

  @Test
  void tells_what_is_missing_from_an_interrupted_run() throws IOException {
    Page page = Page.of(RunFolder.read(Golden.copy("interrupted", folder)));
    assertThat(page.missing())
        .extracting(Missing::file)
        .containsExactly("kpi.json", "samples.ndjson", "ttft.measure.hlog");
    assertThat(page.headline().believable()).isFalse();
    assertThat(page.timeCharts()).isNotEmpty();
  }

  @Test
  void gives_a_page_for_a_manifest_alone_and_calls_it_not_valid() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{}");
    String html = Files.readString(Report.write(folder));
    assertThat(html).contains("NO VERDICT", "This run is not valid");
    for (String file : List.of("verdict.json", "kpi.json", "samples.ndjson", "*.measure.hlog")) {
      assertThat(html).contains("<code>" + file + "</code>");
    }
  }

  @Test
  void refuses_a_folder_without_a_manifest() {
    assertThatThrownBy(() -> Report.write(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No manifest.json in");
  }

  @Test
  void refuses_a_manifest_that_is_broken_off() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{\"schema\": 1, ");
    assertThatThrownBy(() -> Report.write(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not JSON");
  }

  @Test
  void never_shows_an_unknown_verdict_as_green() throws IOException {
    Path run = Golden.copy("pass", folder);
    edit(run.resolve("verdict.json"), verdict -> verdict.put("verdict", "SPLENDID"));
    assertThat(Page.of(RunFolder.read(run)).headline().verdict()).isEqualTo("INCONCLUSIVE");
  }

  private static void poisonManifest(ObjectNode manifest) {
    manifest.put("sentence", HOSTILE).put("simulation", HOSTILE);
    ((ObjectNode) manifest.path("settings")).put(HOSTILE, HOSTILE);
    ((ObjectNode) manifest.path("phases").get(0)).put("name", HOSTILE);
  }

  private static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode node = (ObjectNode) JSON.readTree(Files.readString(file));
    change.accept(node);
    Files.writeString(file, JSON.writeValueAsString(node));
  }

  /** One text for both sides, so that a difference is shown by line. */
  private static String text(JsonNode page) throws IOException {
    return JSON.writeValueAsString(page);
  }
}
