package report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import kpi.UnusableFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The three reports of a run folder. */
final class ReportTest {
  private static final ObjectWriter JSON = Golden.JSON.writerWithDefaultPrettyPrinter();
  private static final Pattern HREF = Pattern.compile("href=\"([^\"]*)\"");
  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror='a'>&\"";

  @TempDir Path folder;

  /** Rewrite the expected files with {@code -Dgolden.write=true} and read the diff. */
  @ParameterizedTest
  @ValueSource(strings = {"pass", "fail", "interrupted", "regressed", "uncompared", "stages"})
  void the_reports_are_the_golden_ones_and_the_script_draws_the_same_charts(String name)
      throws Exception {
    Path run = Golden.copy(name, folder);
    JsonNode page = Golden.JSON.valueToTree(page(run));
    List<Path> reports = Report.write(run);
    String html = Files.readString(reports.get(0));
    golden(name, "page.json", JSON.writeValueAsString(page) + "\n");
    golden(name, "junit.xml", Files.readString(reports.get(1)));
    golden(name, "summary.md", Files.readString(reports.get(2)));
    assertThat(Files.readString(Report.write(run).get(0))).as("the second time").isEqualTo(html);
    assertThat(Golden.data(html).fieldNames())
        .as("in one order in every process")
        .toIterable()
        .containsExactly(
            "phases", "events", "stageAxis", "stageCharts", "timeCharts", "distributions");
    for (String part : List.of("timeCharts", "distributions", "phases", "events")) {
      // Read back, so that both sides have the same kinds of numbers.
      JsonNode shown = Golden.JSON.readTree(JSON.writeValueAsString(page.path(part)));
      assertThat(Golden.data(html).path(part)).isEqualTo(shown);
    }
  }

  private static void golden(String run, String file, String content) throws IOException {
    Path expected = Golden.folder(run).resolve(file);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, content);
    }
    assertThat(content).isEqualTo(Files.readString(expected));
  }

  @Test
  void a_page_loads_nothing_and_keeps_the_licence_of_the_charting_library() throws Exception {
    String html = Files.readString(Report.write(Golden.copy("pass", folder)).get(0));
    String ours = Golden.selfContained(html);
    assertThat(HREF.matcher(ours).results().map(m -> m.group(1)).filter(h -> !h.startsWith("#")))
        .containsExactly("../../../gatling/ssebattlesimulation-20261121033000123/index.html");
  }

  @Test
  void figures_stages_and_lost_sockets_are_marked_in_the_html() throws Exception {
    assertThat(Files.readString(Report.write(Golden.copy("fail", folder)).get(0)))
        .containsPattern("class=\"marked tone-FAIL\"><b>[0-9][0-9.,]*</b>");
    assertThat(Files.readString(Report.write(Golden.copy("stages", folder)).get(0)))
        .contains("Steps side by side", "id=\"plot-stages\"", "Lost sockets");
  }

  @Test
  void hostile_text_is_escaped_everywhere() throws Exception {
    Path run = Golden.hostile(folder, HOSTILE);
    List<Path> reports = Report.write(run);
    String html = Files.readString(reports.get(0));
    assertAddsUp(reports.get(1));
    assertThat(html)
        .doesNotContain("<script>alert", "<img src=x")
        .contains("&lt;/script&gt;&lt;script&gt;alert(1)", "\\u003c/script\\u003e");
    assertThat(html.split("</script>", -1)).hasSize(4);
  }

  /** As CI servers do: they count the elements, and take the time of a suite from its cases. */
  private static void assertAddsUp(Path junit) throws Exception {
    Element suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(junit.toFile())
            .getDocumentElement();
    Map<String, String> kinds =
        Map.of("testcase", "tests", "failure", "failures", "error", "errors", "skipped", "skipped");
    kinds.forEach(
        (element, count) ->
            assertThat(suite.getAttribute(count))
                .as(count)
                .isEqualTo("" + suite.getElementsByTagName(element).getLength()));
    NodeList cases = suite.getElementsByTagName("testcase");
    long timeS =
        IntStream.range(0, cases.getLength())
            .mapToObj(at -> ((Element) cases.item(at)).getAttribute("time"))
            .mapToLong(Long::parseLong)
            .sum();
    assertThat(timeS).isPositive().isEqualTo(Long.parseLong(suite.getAttribute("time")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "https://elsewhere/", "//elsewhere/", "\\\\elsewhere\\x"})
  void links_lead_only_to_files_beside_the_run(String address) throws Exception {
    Path run = Golden.copy("pass", folder);
    Golden.edit(run.resolve("manifest.json"), file -> file.put("gatling_report", address));
    assertThat(page(run).headline().gatlingReport()).isEmpty();
  }

  @Test
  void a_manifest_alone_gives_a_page_that_is_not_valid() throws Exception {
    Files.writeString(folder.resolve("manifest.json"), "{\"schema\": 1}");
    String html = Files.readString(Report.write(folder).get(0));
    assertThat(html).contains("NO VERDICT", "This run is not valid");
    for (String file : List.of("verdict.json", "kpi.json", "samples.ndjson", "*.measure.hlog")) {
      assertThat(html).contains("<code>" + file + "</code>");
    }
    assertThat(Summary.of(RunFiles.read(folder)))
        .startsWith("# NO VERDICT: ")
        .contains("**This run is not valid:**", "Nothing was checked.");
  }

  @Test
  void a_folder_without_a_readable_manifest_is_refused() throws IOException {
    assertThatThrownBy(() -> Report.write(folder))
        .isInstanceOf(UnusableFile.class)
        .hasMessageContaining("it has no manifest.json");
    Files.writeString(folder.resolve("manifest.json"), "{\"schema\": 1, ");
    assertThatThrownBy(() -> Report.write(folder))
        .isInstanceOf(UnusableFile.class)
        .hasMessageContaining("manifest.json is broken");
  }

  @Test
  void an_unknown_verdict_is_never_green() throws Exception {
    Path run = Golden.copy("pass", folder);
    Golden.edit(run.resolve("verdict.json"), verdict -> verdict.put("verdict", "SPLENDID"));
    assertThat(page(run).headline().verdict()).isEqualTo("NO VERDICT");
    assertThat(page(run).missing()).extracting(RunFiles.Missing::file).contains("verdict.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{\"schema\": 1, \"kpis\": {}}",
        "{\"schema\": 1, \"state\": \"compa",
        "{\"schema\": 1, \"state\": \"splendid\"}",
        "{\"schema\": 1, \"state\": \"compared\", \"changes\": {\"ttft\": 1}}",
        "{\"schema\": 1, \"state\": \"compared\", \"changes\": [null]}",
        "{\"schema\": 1, \"state\": \"compared\", \"changes\": [{\"figure\": 1}]}",
        "{\"schema\": 99, \"state\": \"not_compared\"}",
        "{\uFFFD\u0000}"
      })
  void a_half_written_or_foreign_file_is_missing_and_everything_else_is_shown(String text)
      throws Exception {
    Path run = Golden.copy("regressed", folder);
    List<String> names = List.of("comparison.json", "baseline.json", "kpi.json", "verdict.json");
    for (String name : names) {
      Files.writeString(run.resolve(name), text);
    }
    assertThat(page(run).missing())
        .extracting(RunFiles.Missing::file)
        .containsExactlyInAnyOrderElementsOf(names);
    assertThat(page(run).timeCharts()).isNotEmpty();
    assertThat(Report.write(run)).hasSize(3).allSatisfy(file -> assertThat(file).isNotEmptyFile());
  }

  @Test
  void a_verdict_that_rests_on_a_comparison_misses_it() throws Exception {
    Path run = Golden.copy("regressed", folder);
    Files.delete(run.resolve("comparison.json"));
    assertThat(page(run).missing()).extracting(RunFiles.Missing::file).contains("comparison.json");
    Files.writeString(folder.resolve("manifest.json"), "{\"schema\": 1}");
    assertThat(page(folder).missing())
        .extracting(RunFiles.Missing::file)
        .doesNotContain("comparison.json", "baseline.json");
  }

  private static Page page(Path run) throws IOException, UnusableFile {
    return Page.of(RunFiles.read(run));
  }

  @Test
  void a_comparison_that_could_not_be_made_is_an_error_only_if_it_decides() throws Exception {
    Path run = Golden.copy("uncompared", folder);
    assertThat(child(suite(run), "baseline", "skipped").getAttribute("message"))
        .startsWith("The baseline is from another class of machine");
    Golden.edit(run.resolve("verdict.json"), file -> file.put("fail_on_regression", true));
    assertThat(child(suite(run), "baseline", "error").getAttribute("type"))
        .isEqualTo("INCONCLUSIVE");
  }

  @Test
  void a_run_without_a_verdict_or_with_a_red_one_alone_is_never_green() throws Exception {
    Files.writeString(folder.resolve("manifest.json"), "{\"schema\": 1}");
    assertThat(child(suite(folder), "verdict", "error").getAttribute("type")).isEqualTo("INVALID");
    verdict("{\"name\": \"a\", \"kind\": \"invariant\", \"outcome\": \"PASS\"}");
    assertThat(child(suite(folder), "verdict", "failure")).isNotNull();
  }

  @Test
  void text_that_xml_cannot_hold_is_replaced() throws Exception {
    Files.writeString(folder.resolve("manifest.json"), "{\"schema\": 1}");
    verdict(
        "{\"name\": \"<&\\\"\\u0000\", \"kind\": \"invariant\", \"outcome\": \"FAIL\","
            + " \"reason\": \"]]> \\u001b[31m \\ud800 <b>\"}");
    assertThat(child(suite(folder), "<&\"\uFFFD", "failure").getAttribute("message"))
        .isEqualTo("]]> \uFFFD[31m \uFFFD <b>");
  }

  private void verdict(String check) throws Exception {
    Files.writeString(
        folder.resolve("verdict.json"),
        "{\"schema\": 1, \"verdict\": \"FAIL\", \"checks\": [" + check + "]}");
  }

  private static Element suite(Path run) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(Report.write(run).get(1).toFile())
        .getDocumentElement();
  }

  private static Element child(Element suite, String name, String tag) {
    NodeList cases = suite.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element found = (Element) cases.item(i);
      if (found.getAttribute("name").equals(name)) {
        return (Element) found.getElementsByTagName(tag).item(0);
      }
    }
    throw new AssertionError("no test case " + name);
  }
}
