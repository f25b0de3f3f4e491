package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import verdict.Change;
import verdict.Check.Outcome;
import verdict.Comparison;

/** Charts and comparisons of a page, from values that make no sense too. */
final class PageTest {
  private static final Comparison.Source SOURCE =
      new Comparison.Source("b.json", "6752749f58bf371a6e1f", "2026-11-20T21:00:00Z", 5);

  @TempDir Path folder;

  private final List<Change> changes = new ArrayList<>();

  @Test
  void figures_that_all_stayed_within_noise_are_one_phrase() {
    change("ttft.p50", "lower", 10, 10.4, 5.0, Outcome.PASS);
    change("ttft.p99", "lower", 10, 10.0, 5.0, null);
    assertThat(section().tally()).isEqualTo("2 figures, all within noise.");
  }

  @ParameterizedTest
  @CsvSource({
    "There is no baseline yet., There is no baseline yet.",
    "'Not compared, because the run is invalid.', the run is invalid.",
    "'', comparison.json gives no reason."
  })
  void a_run_that_was_not_compared_has_the_reason_and_no_change(String reason, String tally) {
    Comparison none = new Comparison(1, "not_compared", reason, null, List.of(), List.of());
    ComparisonSection section = ComparisonSection.of(Optional.of(none), List.of());
    assertThat(section.lead()).isEqualTo("Not compared");
    assertThat(section.tally()).isEqualTo(tally);
    assertThat(section.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "higher, 98.195, 98.1951, 0.0, ±0 %", // No reader could see it.
    "higher, 100, 97, 1.0, −3 % worse",
    "lower, 100, 115.7, 1.0, +16 % worse",
    "lower, 100, 103.4, 1.0, +3.4 % worse",
    "lower, 100, 99.98, 0.001, −0.02 % better",
    "lower, 0.001, 1, 1.0, '+99,900 % worse'",
    "lower, 0, 4, , outside its runs",
    "lower, 0, 2, , within its runs",
    "lower, 0, 0, , ±0 %",
  })
  void a_change_has_the_digits_and_the_word_that_its_noise_allows(
      String direction, double baseline, double figure, Double noise, String words) {
    Double percent = baseline == 0 ? null : Double.valueOf(100 * (figure - baseline) / baseline);
    changes.add(new Change("a", "ms", direction, baseline, 0, 3, figure, percent, noise, null));
    assertThat(Stream.concat(section().changes().stream(), section().rest().stream()))
        .singleElement()
        .extracting(ComparisonSection.Row::words)
        .isEqualTo(words);
  }

  @Test
  void a_missing_comparison_is_loud_only_if_it_decides_the_build() throws Exception {
    Path run = Golden.copy("uncompared", folder);
    assertThat(Page.of(RunFiles.read(run)).headline().loud()).isEmpty();
    Golden.edit(run.resolve("verdict.json"), file -> file.put("fail_on_regression", true));
    assertThat(Page.of(RunFiles.read(run)).headline().loud())
        .extracting(loud -> loud.check().name())
        .containsExactly("baseline");
  }

  private void change(
      String name, String way, double baseline, Double figure, Double noise, Outcome outcome) {
    Double percent = figure == null ? null : Double.valueOf(100 * (figure - baseline) / baseline);
    changes.add(
        new Change(name, "ms", way, baseline, baseline, baseline, figure, percent, noise, outcome));
  }

  private ComparisonSection section() {
    return ComparisonSection.of(
        Optional.of(new Comparison(1, "compared", "", SOURCE, changes, List.of())), List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"NaN\": 1, \"0x1p3\": 2, \"-1\": 3, \"101\": 4, \"\": 5, \"99.\": 6}",
        "{\"50\": \"2\", \"95\": 1e999, \"99\": -3}"
      })
  void percentiles_that_make_no_sense_are_not_drawn(String percentiles) throws Exception {
    Path run = Golden.copy("regressed", folder);
    JsonNode odd = Golden.JSON.readTree(percentiles);
    Golden.edit(
        run.resolve("baseline.json"),
        baseline -> ((ObjectNode) baseline.path("distributions")).set("ttft", odd));
    assertThat(named(DistributionCharts.of(RunFiles.read(run)), "ttft-distribution").series())
        .hasSize(1);
  }

  @Test
  void a_process_without_a_jvm_has_its_slope_along_its_resident_memory() throws Exception {
    Path run = Golden.copy("regressed", folder);
    Path samples = run.resolve("samples.ndjson");
    String text = Files.readString(samples);
    Files.writeString(
        samples, text.replaceAll("\"heap_live_bytes\":\\d+", "\"heap_live_bytes\":-1"));
    assertThat(named(Page.of(RunFiles.read(run)).timeCharts(), "rss").series())
        .extracting(Chart.Series::name)
        .contains("llm slope");
  }

  @Test
  void a_latency_of_the_warm_up_alone_has_no_chart() throws Exception {
    Path run = Golden.copy("regressed", folder);
    Path samples = run.resolve("samples.ndjson");
    assertThat(latencies(run)).contains("ttft-time", "gap-time");
    List<String> lines =
        Files.readAllLines(samples).stream()
            .map(line -> line.contains("warm-up") ? line : line.replaceAll("\"ttft_[^,]*,", ""))
            .toList();
    Files.write(samples, lines);
    assertThat(latencies(run)).contains("gap-time").doesNotContain("ttft-time");
  }

  @Test
  void a_check_that_was_not_evaluated_is_folded_below_those_that_decided() throws Exception {
    Headline headline = Page.of(RunFiles.read(Golden.copy("fail", folder))).headline();
    assertThat(headline.notEvaluated())
        .extracting(one -> one.check().name())
        .containsExactly("content_matches");
    assertThat(headline.decisive()).hasSize(headline.loud().size() - 1);
  }

  private static List<String> latencies(Path run) throws Exception {
    return Page.of(RunFiles.read(run)).timeCharts().stream().map(Chart::id).toList();
  }

  private static Chart named(List<Chart> charts, String id) {
    return charts.stream().filter(chart -> chart.id().equals(id)).findFirst().orElseThrow();
  }
}
