package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SummaryTest {
  private static final String HOSTILE =
      "# |\n\n---\n<script>alert(1)</script> [x](javascript:a) `|` ![y](https://elsewhere/) @you";

  @TempDir Path folder;

  @Test
  void hostile_text_is_escaped_everywhere() throws Exception {
    Path run = Golden.hostile(folder, HOSTILE);
    assertThat(summary(run).lines().skip(1))
        .noneMatch(line -> line.startsWith("# "))
        .noneMatch(line -> line.matches(".*(?<!\\\\)<(?!br>).*"))
        .noneMatch(line -> line.matches(".*(?<!\\\\)\\[.*"))
        .noneMatch(line -> line.contains("https://") || line.contains("@you"))
        .noneMatch(line -> line.startsWith("---"))
        .filteredOn(line -> line.startsWith("|"))
        .allSatisfy(row -> assertThat(row.split("(?<!\\\\)\\|", -1)).hasSize(6));
  }

  @Test
  void a_table_has_the_rows_that_a_phone_can_show_and_counts_the_others() throws Exception {
    Path run = Golden.copy("regressed", folder);
    Golden.edit(
        run.resolve("verdict.json"), file -> fill((ArrayNode) file.path("checks"), file, "checks"));
    Golden.edit(
        run.resolve("comparison.json"),
        file -> fill((ArrayNode) file.path("changes"), file, "changes"));
    String summary = summary(run);
    assertThat(summary.lines().filter(line -> line.startsWith("| FAIL"))).hasSize(15);
    assertThat(summary.lines().filter(line -> line.endsWith("| FAIL |"))).hasSize(15);
    assertThat(summary).contains("And 25 more checks did not pass.", "And 25 more figures moved.");
  }

  @Test
  void many_checks_that_are_open_for_one_reason_are_one_row() throws Exception {
    Path run = Golden.copy("regressed", folder);
    Golden.edit(
        run.resolve("verdict.json"),
        file -> {
          file.put("verdict", "INVALID");
          file.path("checks")
              .forEach(
                  check ->
                      ((ObjectNode) check).put("outcome", "INCONCLUSIVE").put("reason", "Busy."));
        });
    assertThat(summary(run).lines().filter(line -> line.startsWith("| INCONCLUSIVE")))
        .containsExactly("| INCONCLUSIVE | run_completed and 40 more<br>Busy. |  |  |");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '"',
      value = {
        "a|b > a\\|b",
        "`rm` > \\`rm\\`",
        "*bold* > \\*bold\\*",
        "_bold_ > \\_bold\\_",
        "ttft_p99 > ttft_p99",
        "[a](b) > \\[a\\](b)",
        "<b & &lt; > \\<b \\& \\&lt;",
        "a\\ > a\\\\",
        "~~gone~~ > \\~\\~gone\\~\\~",
        "$x$ > \\$x\\$",
        "see https://elsewhere/ > see https\\://elsewhere/",
        "www.elsewhere > www\\.elsewhere",
        "3 : 1. > 3 : 1."
      })
  void markup_is_shown_literally(String text, String markdown) {
    assertThat(Markdown.text(text)).isEqualTo(markdown);
  }

  @Test
  void a_cell_stays_on_one_line_and_in_its_direction_and_is_cut_between_characters() {
    assertThat(Markdown.text(" a\r\n\tb\u2028c\u202Ed\u001B[31m ")).isEqualTo("a b c d \\[31m");
    assertThat(Markdown.text("@account")).as("no mention").isEqualTo("@\u200Baccount");
    assertThat(Markdown.text("😀😀😀😀", 3)).isEqualTo("😀😀…");
    assertThat(Markdown.text("😀😀😀", 3)).isEqualTo("😀😀😀");
    assertThat(Markdown.name("llm.rss_max")).as("code").isEqualTo("`llm.rss_max`");
    assertThat(Markdown.name("a`|b")).as("no code").isEqualTo("a\\`\\|b");
  }

  private static void fill(ArrayNode from, ObjectNode file, String name) {
    ArrayNode many = file.putArray(name);
    ObjectNode failed =
        (ObjectNode)
            StreamSupport.stream(from.spliterator(), false)
                .filter(node -> node.path("outcome").asText().equals("FAIL"))
                .findFirst()
                .orElseThrow();
    for (int i = 0; i < 40; i++) {
      many.add(failed.deepCopy().put("name", "figure_" + i));
    }
  }

  private static String summary(Path run) throws Exception {
    return Summary.of(RunFiles.read(run));
  }
}
