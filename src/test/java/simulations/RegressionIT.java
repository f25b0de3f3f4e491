package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** A baseline is made of real runs by chat completions, and later runs are held against it. */
@NeedsMachine
class RegressionIT {
  private static final String FILE = "SseBattleSimulation.smoke.json";

  @TempDir static Path baselines;

  @BeforeAll
  static void make_a_baseline_of_three_runs() throws Exception {
    Ended run = compared().with("update-baseline", "").with("runs", "3").run();
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output())
        .contains("gauntlet baseline of 3 runs: run 3")
        .contains("written to " + baselines.resolve(FILE));
    assertThat(run.leftBehind()).isEmpty();
  }

  @Test
  @Tag("defects")
  void an_unchanged_system_passes() throws Exception {
    Ended run = compared().with("fail-on-regression", "").runUntilValid();

    assertThat(run.verdict()).as(run.output()).isIn("PASS", "WARN");
    assertThat(run.exitCode()).isZero();
    assertThat(run.json("comparison.json").path("state").asText()).isEqualTo("compared");
    assertThat(run.json("baseline.json").path("runs").asInt()).isEqualTo(3);
    assertThat(run.outcome("llm_cpu_us_per_event_change")).isIn("PASS", "WARN");
  }

  @Test
  void a_slower_token_server_fails_the_build_and_is_named() throws Exception {
    Ended run =
        compared()
            .with("fail-on-regression", "true")
            .with("llm.defect", "slow=300%")
            .runUntilValid();

    assertThat(run.assertCaught("llm_cpu_us_per_event_change").output())
        .contains("llm.cpu_us_per_event was");
  }

  private static SimulationRun compared() {
    return SimulationRun.smoke("SseBattle")
        .with("baselines-dir", baselines.toString())
        .with("api", "chat")
        // As many streams as p99 needs, in half of the profile's time, at a rate that leaves a slow
        // machine the CPU that the slower token server takes.
        .with("tokens=20;duration=1s;clients=200;warmup=2s;rampup=1s;hold=5s");
  }
}
