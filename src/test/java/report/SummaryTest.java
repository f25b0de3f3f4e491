package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SummaryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOSTILE =
      "# |\n\n---\n<script>alert(1)</script> [x](javascript:a) `|` ![y](https://elsewhere/) @you";

  @TempDir Path folder;

  /** Rewrite the expected summaries with {@code -Dgolden.write=true} and read the diff. */
  @ParameterizedTest
  @ValueSource(strings = {"pass", "interrupted", "regressed", "uncompared"})
  void says_what_the_golden_summary_says(String name) throws IOException {
    String summary = summary(Golden.copy(name, folder));
    Path expected = Golden.folder(name).resolve("summary.md");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, summary);
    }
    assertThat(summary).isEqualTo(Files.readString(expected));
  }

  @Test
  void is_short_when_there_is_nothing_to_look_at() throws IOException {
    assertThat(summary(Golden.copy("pass", folder)))
        .startsWith("# PASS: SseBattleSimulation, heavy\n")
        .doesNotContain("| ")
        .hasSizeLessThan(1200);
  }

  @Test
  void escapes_hostile_text_wherever_it_stands() throws IOException {
    Path run = Golden.copy("regressed", folder);
    edit(run, "manifest.json", file -> file.put("sentence", HOSTILE).put("simulation", HOSTILE));
    edit(
        run,
        "verdict.json",
        file -> {
          file.put("sentence", HOSTILE);
          ((ObjectNode) file.path("checks").get(21))
              .put("name", HOSTILE)
              .put("figure", HOSTILE)
              .put("limit", HOSTILE)
              .put("reason", HOSTILE);
        });
    edit(
        run,
        "comparison.json",
        file -> {
          ((ObjectNode) file.path("baseline")).put("commit", HOSTILE);
          ((ObjectNode) file.path("changes").get(2)).put("name", HOSTILE).put("unit", HOSTILE);
        });
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
  void shows_as_many_rows_as_a_phone_can_bear_and_counts_the_others() throws IOException {
    Path run = Golden.copy("regressed", folder);
    edit(run, "verdict.json", file -> fill((ArrayNode) file.path("checks"), file, "checks"));
    edit(run, "comparison.json", file -> fill((ArrayNode) file.path("changes"), file, "changes"));
    String summary = summary(run);
    assertThat(summary.lines().filter(line -> line.startsWith("| FAIL"))).hasSize(15);
    assertThat(summary.lines().filter(line -> line.endsWith("| FAIL |"))).hasSize(15);
    assertThat(summary).contains("And 25 more checks did not pass.", "And 25 more figures moved.");
  }

  @Test
  void tells_once_why_many_checks_are_open() throws IOException {
    Path run = Golden.copy("regressed", folder);
    edit(
        run,
        "verdict.json",
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

  @Test
  void says_that_nobody_judged_a_run() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{}");
    assertThat(summary(folder))
        .startsWith("# NO VERDICT: ")
        .contains(
            "**This run is not valid:**", "**Missing, verdict.json:**", "Nothing was checked.");
  }

  @Test
  void is_the_same_twice() throws IOException {
    Path run = Golden.copy("regressed", folder);
    assertThat(summary(run)).isEqualTo(summary(run));
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

  private static String summary(Path run) throws IOException {
    return Files.readString(Summary.write(run));
  }

  private static void edit(Path run, String name, Consumer<ObjectNode> change) throws IOException {
    Path file = run.resolve(name);
    ObjectNode node = (ObjectNode) JSON.readTree(Files.readString(file));
    change.accept(node);
    Files.writeString(file, JSON.writeValueAsString(node));
  }
}
