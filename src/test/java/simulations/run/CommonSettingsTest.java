package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simulations.sse.SseSettings;
import verdict.Rule;
import verdict.Threshold;

class CommonSettingsTest {
  private static final String SIMULATION = "SseBattleSimulation";

  @TempDir Path folder;

  @Test
  void by_default_a_comparison_decides_nothing_and_a_switch_needs_no_value() {
    assertThat(Options.values(read().choices()))
        .startsWith("42, PT2S, PT1H, Optional.empty, Optional.empty, target/runs, ")
        .endsWith(", target/no-baselines, false, 5, false, 20.0");
    String[] typed = {"update-baseline", "", "fail-on-regression", "true", "runs", "7"};
    assertThat(Options.values(read(typed).choices()))
        .startsWith("42, PT2S, PT1H, Optional.empty, Optional.empty, target/runs, ")
        .endsWith(", target/no-baselines, true, 7, true, 20.0");
  }

  @Test
  void a_rule_of_the_run_knows_the_threshold_and_two_on_one_figure_are_an_error() {
    String rule = "ttft.p50 warn threshold fail 2.5 threshold";
    assertThat(read("regression-rules", rule, "regression-threshold", "8").rules())
        .extracting(Rule::warnPct, Rule::failPct)
        .containsExactly(tuple(8.0, 20.0));
    assertThat(
            Options.errors(
                () -> read("regression-rules", rule + ", ttft.p50 warn 9 %", "runs", "many")))
        .contains(
            "-Dregression-rules: '"
                + rule
                + "' and 'ttft.p50 warn 9 %' are both about ttft.p50; keep one")
        .anySatisfy(error -> assertThat(error).startsWith("-Druns: 'many'"));
    String twice = "ttft.p99 < 4 ms, ttft.p99 < 5 ms";
    String error = ": 'ttft.p99 < 4 ms' and 'ttft.p99 < 5 ms' are both about ttft.p99; keep one";
    assertThat(Options.errors(() -> read("thresholds", twice, "limits", twice)))
        .contains("-Dthresholds" + error, "-Dlimits" + error);
  }

  @Test
  void every_simulation_has_limits_on_errors_and_leaks() {
    assertThat(read().limits())
        .extracting(Threshold::text)
        .containsExactly(
            "success_rate >= 95 %",
            "good_seconds > 99 %",
            "*.memory_slope <= 0.1 MB/s",
            "*.live_heap_growth <= 4 MB",
            "*.fd_slope <= 1 1/s",
            "*.thread_slope <= 1 1/s");
  }

  @Test
  void thresholds_and_slos_say_how_late_the_generator_may_be() {
    assertThat(read().thresholdsAndSlos())
        .extracting(Threshold::text)
        .contains("gap.p99 < interval + slack", "good_seconds > 99 %", "ttft.max < 1 s");
  }

  @Test
  void a_baseline_that_cannot_be_used_is_an_error_unless_it_is_to_be_replaced() throws IOException {
    Path file = folder.resolve(SIMULATION + ".heavy.json");
    Files.writeString(file, "{\"schema\": 1, \"simu");

    assertThat(Options.errors(() -> read("baselines-dir", folder.toString())))
        .singleElement()
        .asString()
        .startsWith("-Dbaselines-dir: " + file + " is broken");
    assertThat(read("baselines-dir", folder.toString(), "update-baseline", "true").choices().runs())
        .isEqualTo(5);
  }

  @Test
  void bounds_of_validity_are_pinned() {
    assertThat(Options.values(read().bounds()))
        .isEqualTo("PT0.25S, PT0.1S, PT0.25S, PT0.25S, 5.0, 99.0, 20.0, PT0.0005S, 10.0, 5.0");
  }

  private static CommonSettings read(String... namesAndValues) {
    return SseSettings.read(Options.config("sse-battle", namesAndValues)).common();
  }
}
