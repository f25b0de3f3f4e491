package report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class JUnitXmlTest {
  @TempDir Path folder;

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
