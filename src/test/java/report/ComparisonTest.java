package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ComparisonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final ObjectNode comparison = JSON.createObjectNode();
  private ArrayNode changes;

  @BeforeEach
  void a_run_that_was_compared() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{\"processes\": [\"llm\"]}");
    comparison.put("schema", 1).put("state", "compared").put("reason", "");
    comparison.putObject("baseline").put("commit", "6752749f58bf371a6e1f").put("runs", 5);
    changes = comparison.putArray("changes");
  }

  @Test
  void says_on_one_line_how_many_figures_went_where() throws IOException {
    change("ttft.p99", "lower", 10, 14, 5.0, "FAIL");
    change("gap.p99", "lower", 10, 12, 5.0, "WARN");
    change("e2e.p99", "lower", 10, 11, 5.0, "PASS");
    change("goodput", "higher", 90, 99, 5.0, null);
    change("requests_per_s", "neutral", 10, 12, 5.0, null);
    change("connect.p50", "lower", 10, 10.1, 5.0, null);
    Comparison read = read();
    assertThat(read.lead()).isEqualTo("Compared with the baseline of 5 runs, commit 6752749");
    assertThat(read.tally())
        .isEqualTo("3 worse (1 FAIL, 1 WARN), 1 better, 1 moved, 1 within noise.");
  }

  @Test
  void says_when_everything_stayed_within_noise() throws IOException {
    change("ttft.p50", "lower", 10, 10.4, 5.0, "PASS");
    change("ttft.p99", "lower", 10, 10, 5.0, null);
    assertThat(read().tally()).isEqualTo("2 figures, all within noise.");
  }

  @Test
  void tells_why_a_run_was_not_compared_and_shows_no_change() throws IOException {
    change("ttft.p99", "lower", 10, 14, 5.0, "FAIL");
    comparison.put("state", "not_compared").put("reason", "There is no baseline yet.");
    Comparison read = read();
    assertThat(read.lead() + ": " + read.tally())
        .isEqualTo("Not compared: There is no baseline yet.");
    assertThat(read.changes()).isEmpty();
  }

  @Test
  void does_not_say_twice_that_an_invalid_run_was_not_compared() throws IOException {
    comparison
        .put("state", "not_compared")
        .put("reason", "Not compared, because the run is invalid.");
    assertThat(read().tally()).isEqualTo("the run is invalid.");
  }

  @Test
  void takes_a_state_that_it_does_not_know_for_not_compared() throws IOException {
    comparison.put("state", "splendid");
    assertThat(read().compared()).isFalse();
  }

  @Test
  void knows_nothing_of_a_run_without_a_comparison() throws IOException {
    RunFolder run = RunFolder.read(folder);
    assertThat(Comparison.of(run).lead()).isEmpty();
    assertThat(run.missing()).extracting(Missing::file).doesNotContain("comparison.json");
  }

  @Test
  void puts_bad_outcomes_first_and_then_what_went_furthest_beyond_its_noise() throws IOException {
    change("within", "lower", 10, 10.1, 5.0, "PASS");
    change("far", "lower", 10, 40, 5.0, null);
    change("noisy", "lower", 10, 20, 95.0, "FAIL");
    change("clear", "lower", 10, 14, 5.0, "FAIL");
    change("warned", "lower", 10, 60, 5.0, "WARN");
    assertThat(read().changes())
        .extracting(Change::name)
        .containsExactly("clear", "noisy", "warned", "within", "far");
  }

  @Test
  void folds_away_what_no_rule_looks_at_and_what_stayed_within_noise() throws IOException {
    change("judged", "lower", 10, 10.1, 5.0, "PASS");
    change("moved", "lower", 10, 12, 5.0, null);
    change("quiet", "lower", 10, 10.1, 5.0, null);
    assertThat(read().changes()).extracting(Change::name).containsExactly("judged", "moved");
    assertThat(read().rest()).extracting(Change::name).containsExactly("quiet");
  }

  @Test
  void calls_nothing_better_or_worse_that_no_reader_could_see() throws IOException {
    change("goodput", "higher", 98.195, 98.1951, 0.0, "PASS");
    assertThat(read().of("goodput").orElseThrow().words()).isEqualTo("±0 %");
  }

  @Test
  void calls_less_of_a_good_thing_worse() throws IOException {
    change("goodput", "higher", 100, 97, 1.0, null);
    assertThat(read().changes().get(0).words()).isEqualTo("−3 % worse");
  }

  @Test
  void goes_by_the_runs_of_the_baseline_where_no_share_can_be_computed() throws IOException {
    change("errors", "lower", 0, 4, null, null).putNull("change_pct").put("low", 0).put("high", 1);
    change("stalls", "lower", 0, 1, null, null).putNull("change_pct").put("low", 0).put("high", 2);
    change("losses", "lower", 0, 0, null, null).putNull("change_pct");
    Comparison read = read();
    assertThat(read.of("errors").orElseThrow().words()).isEqualTo("outside its runs");
    assertThat(read.of("errors").orElseThrow().delta(5).words()).isEqualTo("was 0");
    assertThat(read.of("stalls").orElseThrow().words()).isEqualTo("within its runs");
    assertThat(read.of("losses").orElseThrow().words()).isEqualTo("±0 %");
  }

  @Test
  void does_not_invent_a_trend_for_a_figure_that_is_missing() throws IOException {
    change("e2e.p99", "lower", 10, 0, 5.0, "INCONCLUSIVE").putNull("figure").putNull("change_pct");
    assertThat(read().tally()).isEqualTo("1 not compared.");
    assertThat(read().changes().get(0).figure()).isEqualTo("–");
  }

  @Test
  void words_a_change_with_the_digits_that_it_deserves() throws IOException {
    change("a", "lower", 100, 115.7, 1.0, null);
    change("b", "lower", 100, 103.4, 1.0, null);
    change("c", "lower", 100, 99.98, 0.001, null);
    change("d", "lower", 0.001, 1, 1.0, null);
    assertThat(List.of("a", "b", "c", "d"))
        .extracting(name -> read().of(name).orElseThrow().delta())
        .containsExactly("+16 %", "+3.4 %", "−0.02 %", "+99,900 %");
  }

  @Test
  void says_all_it_knows_where_the_figure_stands() throws IOException {
    change("ttft.p99", "lower", 12.1, 14, 5.0, "FAIL").put("low", 10.2).put("high", 15.9);
    Change.Delta delta = read().of("ttft.p99").orElseThrow().delta(5);
    assertThat(delta.words()).isEqualTo("+16 % worse");
    assertThat(delta.tone()).isEqualTo("tone-FAIL");
    assertThat(delta.about()).isEqualTo("baseline 12.1 ms, 10.2 to 15.9 over 5 runs, noise 5 %");
  }

  @Test
  void marks_a_figure_by_the_worst_of_its_checks() {
    List<Check> checks =
        List.of(
            new Check("ttft_p99", "threshold", Outcome.WARN, "", "", ""),
            new Check("ttft_p99_change", "baseline", Outcome.FAIL, "", "", ""),
            new Check("llm_2_rss_max_change", "baseline", Outcome.WARN, "", "", ""));
    Marks marks = new Marks(checks, new Comparison("", "", false, "", 0, List.of(), List.of()));
    assertThat(marks.outcome("ttft.p99")).isEqualTo("FAIL");
    assertThat(marks.outcome("llm-2.rss_max")).isEqualTo("WARN");
    assertThat(marks.outcome("ttft.p95")).isEmpty();
  }

  @Test
  void shows_figure_change_and_baseline_with_a_loud_check() throws IOException {
    Page page = Page.of(RunFolder.read(Golden.copy("regressed", folder)));
    Headline.Loud loud =
        page.headline().loud().stream()
            .filter(one -> one.check().name().equals("ttft_p95_change"))
            .findFirst()
            .orElseThrow();
    assertThat(loud.change().figure()).isEqualTo("10.6");
    assertThat(loud.change().baseline()).isEqualTo("6.52");
    assertThat(loud.change().delta()).isEqualTo("+63 %");
  }

  @Test
  void is_loud_about_a_missing_comparison_only_if_somebody_asked_for_it() throws IOException {
    Path run = Golden.copy("uncompared", folder);
    assertThat(Page.of(RunFolder.read(run)).headline().loud()).isEmpty();
    Path verdict = run.resolve("verdict.json");
    Files.writeString(verdict, Files.readString(verdict).replace("\": false", "\": true"));
    assertThat(Page.of(RunFolder.read(run)).headline().loud())
        .extracting(loud -> loud.check().name())
        .containsExactly("baseline");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{\"state\": \"compa",
        "{\"state\": \"compared\"}",
        "{\"state\": \"compared\", \"changes\": {\"ttft\": 1}}",
        "{\"state\": \"compared\", \"changes\": [null, 7, [], {}, {\"figure\": 1}]}",
        "{\"schema\": 99, \"state\": \"not_compared\"}",
        "\u0000\uFFFF"
      })
  void notes_a_comparison_that_is_half_written_or_of_another_form(String text) throws IOException {
    Files.writeString(folder.resolve("comparison.json"), text);
    assertThat(RunFolder.read(folder).missing())
        .extracting(Missing::file)
        .contains("comparison.json");
    writesEverything();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": 5, \"unit\": [], \"direction\": {}, \"baseline\": \"x\", \"figure\": true}",
        "{\"name\": \"a\", \"baseline\": 1e999, \"figure\": -1e999, \"change_pct\": 1e999}",
        "{\"name\": \"a\", \"figure\": 1, \"baseline\": 2, \"low\": 9, \"high\": 3,"
            + " \"noise_pct\": -5, \"change_pct\": 1e308, \"outcome\": \"<b>\"}"
      })
  void survives_changes_that_make_no_sense(String change) throws IOException {
    Files.writeString(
        folder.resolve("comparison.json"),
        "{\"state\": \"compared\", \"baseline\": [1], \"changes\": [" + change + "]}");
    writesEverything();
  }

  @Test
  void survives_files_that_are_not_text() throws IOException {
    byte[] bytes = {'{', (byte) 0xff, (byte) 0xfe, '}'};
    for (String name : List.of("comparison.json", "baseline.json", "samples.ndjson", "kpi.json")) {
      Files.write(folder.resolve(name), bytes);
    }
    writesEverything();
    assertThat(RunFolder.read(folder).missing())
        .extracting(Missing::file)
        .contains("comparison.json", "baseline.json", "samples.ndjson", "kpi.json");
  }

  @Test
  void misses_the_comparison_that_a_verdict_rests_on() throws IOException {
    Path run = Golden.copy("regressed", folder);
    Files.delete(run.resolve("comparison.json"));
    assertThat(RunFolder.read(run).missing()).extracting(Missing::file).contains("comparison.json");
  }

  private void writesEverything() throws IOException {
    assertThat(Report.write(folder)).isNotEmptyFile();
    assertThat(JUnitXml.write(folder)).isNotEmptyFile();
  }

  private ObjectNode change(
      String name, String direction, double baseline, double figure, Double noise, String outcome) {
    return changes
        .addObject()
        .put("name", name)
        .put("unit", "ms")
        .put("direction", direction)
        .put("baseline", baseline)
        .put("figure", figure)
        .put("change_pct", 100 * (figure - baseline) / baseline)
        .put("noise_pct", noise)
        .put("outcome", outcome);
  }

  private Comparison read() {
    try {
      JSON.writeValue(folder.resolve("comparison.json").toFile(), comparison);
      return Comparison.of(RunFolder.read(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
