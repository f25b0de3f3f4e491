package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.UnusableFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run and a baseline that are not alike are not compared, and the reason is said. */
class NoComparisonTest {
  @TempDir Path folder;

  private Baselines baselines;
  private final SampleRun run = new SampleRun(9).with(Kpi.TTFT, 1_000, 25);

  @BeforeEach
  void write() throws Exception {
    baselines = new Baselines(folder);
    baselines.write(
        Baseline.of(
            Stream.of(1, 2, 3)
                .map(number -> new SampleRun(number).with(Kpi.TTFT, 1_000, 25).record())
                .toList()));
  }

  @Test
  void there_may_be_no_baseline() throws Exception {
    Files.delete(baselines.file("SseBattleSimulation", "smoke"));

    Comparison comparison = compare();
    notCompared(
        comparison,
        "There is no baseline "
            + folder.resolve("SseBattleSimulation.smoke.json")
            + "; -Dupdate-baseline makes one.");
    assertThat(comparison.baseline()).isNull();
  }

  @Test
  void a_baseline_that_cannot_be_used_is_not_passed_over() throws IOException {
    Files.writeString(baselines.file("SseBattleSimulation", "smoke"), "{");

    assertThatThrownBy(() -> compare()).isInstanceOf(UnusableFile.class);
  }

  @Test
  void an_invalid_run_is_not_compared() throws Exception {
    run.with(Check.validity("gc_pause", false, "", "", "The injector stood still."));

    notCompared(compare(), "Not compared, because the run is invalid.");
  }

  @Test
  void a_run_on_another_machine_is_not_compared() throws Exception {
    run.machine = SampleRun.machine(4, "AMD EPYC", "17");

    Comparison comparison = compare();
    notCompared(
        comparison, "The baseline is from another class of machine: 4 CPUs instead of 2 CPUs.");
    assertThat(comparison.baseline().runs()).isEqualTo(3);
  }

  @Test
  void a_run_with_other_settings_is_not_compared_and_the_setting_is_named() throws Exception {
    run.settings.put("clients", "200");

    notCompared(
        compare(), "The baseline was made with other settings: clients 200 instead of 100.");
  }

  @Test
  void a_reason_of_the_callers_own_is_a_comparison_that_was_not_made() {
    notCompared(Comparison.none("Nobody asked."), "Nobody asked.");
  }

  @Test
  void the_form_of_the_file_of_no_comparison_is_pinned() {
    JsonNode json = SampleRun.MAPPER.valueToTree(Comparison.none("Why."));

    assertThat(json)
        .hasToString(
            "{\"schema\":1,\"state\":\"not_compared\",\"reason\":\"Why.\",\"baseline\":null,"
                + "\"changes\":[]}");
  }

  private Comparison compare() throws UnusableFile {
    return Comparison.of(
        baselines, run.record(), List.of(Rule.parse("ttft.p99 warn 20 % fail 50 %", 20)));
  }

  private static void notCompared(Comparison comparison, String reason) {
    assertThat(comparison.made()).isFalse();
    assertThat(comparison.state()).isEqualTo("not_compared");
    assertThat(comparison.reason()).isEqualTo(reason);
    assertThat(comparison.changes()).isEmpty();
    assertThat(comparison.checks())
        .containsExactly(
            new Check(
                "baseline",
                Check.Kind.BASELINE,
                Check.Outcome.INCONCLUSIVE,
                "none",
                "a baseline that can be compared",
                reason));
  }
}
