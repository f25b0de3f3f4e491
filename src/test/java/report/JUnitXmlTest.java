package report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

final class JUnitXmlTest {
  @TempDir Path folder;

  @Test
  void has_one_passing_case_per_check_of_a_green_run() throws Exception {
    Element suite = suite(Golden.copy("pass", folder));
    assertThat(suite.getAttribute("name")).isEqualTo("SseBattleSimulation.heavy");
    assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(19);
    assertThat(suite.getElementsByTagName("failure").getLength()).isZero();
    assertThat(suite.getElementsByTagName("error").getLength()).isZero();
  }

  @Test
  void tells_failures_errors_and_warnings_apart() throws Exception {
    Element suite = suite(Golden.copy("fail", folder));
    assertThat(suite.getAttribute("tests")).isEqualTo("19");
    assertThat(suite.getAttribute("failures")).isEqualTo("5");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    assertThat(child(suite, "ttft_p99", "failure").getAttribute("message"))
        .startsWith("The slowest 1 % of streams waited");
    assertThat(child(suite, "e2e_p99", "error").getAttribute("type")).isEqualTo("INCONCLUSIVE");
    assertThat(child(suite, "llm.rss_max", "system-out").getTextContent())
        .startsWith("WARN: ")
        .contains("216.9 MB");
  }

  @Test
  void tells_what_became_of_a_run_since_its_baseline() throws Exception {
    Element suite = suite(Golden.copy("regressed", folder));
    Element failure = child(suite, "llm_rss_max_change", "failure");
    assertThat(failure.getAttribute("message")).startsWith("llm.rss_max was 172 MB and is 194 MB");
    assertThat(((Element) failure.getParentNode()).getAttribute("classname"))
        .isEqualTo("SseBattleSimulation.smoke.baseline");
    assertThat(child(suite, "gap_p99_change", "system-out").getTextContent()).startsWith("WARN: ");
    assertThat(child(suite, "e2e_p999_change", "error").getAttribute("type"))
        .isEqualTo("INCONCLUSIVE");
  }

  @Test
  void skips_a_comparison_that_could_not_be_made_and_that_nobody_asked_for() throws Exception {
    Element suite = suite(Golden.copy("uncompared", folder));
    assertThat(suite.getAttribute("skipped")).isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("0");
    assertThat(child(suite, "baseline", "skipped").getAttribute("message"))
        .startsWith("The baseline is from another class of machine");
  }

  @Test
  void makes_an_error_of_a_comparison_that_was_asked_for_and_could_not_be_made() throws Exception {
    Path run = Golden.copy("uncompared", folder);
    Path verdict = run.resolve("verdict.json");
    String text = Files.readString(verdict);
    for (String asked : List.of("\"fail_on_regression\": true", "\"schema\": 1")) {
      Files.writeString(verdict, text.replace("\"fail_on_regression\": false", asked));
      Element suite = suite(run);
      assertThat(suite.getAttribute("errors")).isEqualTo("1");
      assertThat(child(suite, "baseline", "error").getAttribute("type")).isEqualTo("INCONCLUSIVE");
    }
  }

  @Test
  void makes_an_error_of_an_invalid_run() throws Exception {
    Element suite = suite(Golden.copy("interrupted", folder));
    assertThat(child(suite, "run_complete", "error").getAttribute("type")).isEqualTo("INVALID");
  }

  @Test
  void is_not_green_when_nobody_judged_the_run() throws Exception {
    Files.writeString(folder.resolve("manifest.json"), "{\"simulation\": \"X\"}");
    assertThat(child(suite(folder), "verdict", "error").getAttribute("type")).isEqualTo("INVALID");
  }

  @Test
  void is_not_green_when_the_verdict_is_red_without_a_red_check() throws Exception {
    Files.writeString(folder.resolve("manifest.json"), "{}");
    Files.writeString(
        folder.resolve("verdict.json"),
        "{\"verdict\": \"FAIL\", \"checks\": [{\"name\": \"a\", \"outcome\": \"PASS\"}]}");
    assertThat(child(suite(folder), "verdict", "failure")).isNotNull();
  }

  @Test
  void survives_text_that_xml_cannot_hold() throws Exception {
    Files.writeString(folder.resolve("manifest.json"), "{}");
    Files.writeString(
        folder.resolve("verdict.json"),
        "{\"verdict\": \"FAIL\", \"checks\": [{\"name\": \"<&\\\"\\u0000\", \"outcome\": \"FAIL\","
            + " \"reason\": \"]]> \\u001b[31m \\ud800 <b>\"}]}");
    assertThat(child(suite(folder), "<&\"\uFFFD", "failure").getAttribute("message"))
        .isEqualTo("]]> \uFFFD[31m \uFFFD <b>");
  }

  private static Element suite(Path run)
      throws IOException, ParserConfigurationException, SAXException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(JUnitXml.write(run).toFile())
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
