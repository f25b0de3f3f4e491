package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verdict.Rule;
import verdict.Threshold;

class RunOptionsTest {
  private static final String SIMULATION = "SseBattleSimulation";

  @TempDir Path folder;

  @Test
  void by_default_a_run_is_compared_and_the_comparison_decides_nothing() {
    RunOptions options = read();

    assertThat(options.choices().outputDir()).isEqualTo(Path.of("target", "runs"));
    assertThat(options.choices().updateBaseline()).isFalse();
    assertThat(options.choices().failOnRegression()).isFalse();
    assertThat(options.choices().runs()).isEqualTo(5);
    assertThat(options.choices().thresholdPct()).isEqualTo(20);
  }

  @Test
  void the_rules_of_the_suite_warn_at_20_and_fail_at_50_per_cent() {
    assertThat(read().rules())
        .extracting(rule -> rule.figure().text(), Rule::warnPct, Rule::failPct)
        .contains(
            tuple("ttft.p50", 20.0, 50.0),
            tuple("ttft.p99", 20.0, 50.0),
            tuple("messages_per_s", 20.0, 50.0),
            tuple("*.cpu_us_per_event", 20.0, 50.0),
            tuple("*.rss_growth", 50.0, Double.POSITIVE_INFINITY));
  }

  @Test
  void every_simulation_has_limits_on_errors_and_leaks() {
    assertThat(read().limits())
        .extracting(Threshold::text)
        .containsExactly(
            "success_rate >= 95 %",
            "*.memory_slope <= 0.1 MB/s", "*.fd_slope <= 1 1/s", "*.thread_slope <= 1 1/s");
  }

  @Test
  void the_threshold_moves_the_rules_that_name_it() {
    RunOptions options = read("regression-threshold", "8");

    Rule ttft = options.rules().get(0);
    assertThat(ttft.warnPct()).isEqualTo(8);
    assertThat(ttft.failPct()).isEqualTo(20);
  }

  @Test
  void a_switch_needs_no_value() {
    RunOptions options = read("update-baseline", "", "fail-on-regression", "true", "runs", "7");

    assertThat(options.choices().updateBaseline()).isTrue();
    assertThat(options.choices().failOnRegression()).isTrue();
    assertThat(options.choices().runs()).isEqualTo(7);
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

  private static RunOptions read(String... namesAndValues) {
    SuiteConfig config = Options.config("sse-battle", namesAndValues);
    RunOptions options = RunOptions.read(config, SIMULATION, Map.of());
    config.reader().finish();
    return options;
  }
}
