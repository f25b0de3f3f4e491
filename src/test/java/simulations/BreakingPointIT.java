package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** The breaking point as a user runs it: smoke profile, real servers, real exit codes. */
class BreakingPointIT {
  @Test
  @NeedsMachine
  void the_load_rises_until_it_breaks_and_the_knee_is_named() throws Exception {
    Ended run = SimulationRun.smoke("BreakingPoint").runUntilValid();

    assertThat(run.verdict()).as(run.output()).isIn("PASS", "WARN");
    assertThat(run.exitCode()).isZero();
    assertThat(run.outcome("knee_found")).isIn("PASS", "WARN");
    JsonNode figures = run.json("kpi.json").path("figures");
    assertThat(figures.at("/knee/value").asDouble()).isGreaterThanOrEqualTo(237);
    assertThat(figures.at("/step1.decided_per_s/value").asDouble()).isBetween(237.0, 263.0);
    assertThat(figures.has("step1.bids.cpu_cores")).isTrue();
    assertThat(run.output()).contains("  step  1  offered").containsPattern("step +\\d.*broken");
    run.assertKept("bids_linearizable", "archive_exact");
  }

  @Test
  @Tag("defects")
  void a_service_that_fails_from_the_start_has_no_knee() throws Exception {
    Ended run =
        SimulationRun.smoke("BreakingPoint")
            .with("bid.defect=error=20%;warmup=0s;p99-bound=2s")
            .run();
    assertThat(run.outcome("knee_found")).as(run.output()).isEqualTo("INCONCLUSIVE");
    assertThat(run.outcome("samples_recorded")).as("reads fail too").isEqualTo("PASS");
    assertThat(run.json("kpi.json").path("figures").has("knee")).isFalse();
    assertThat(run.json("kpi.json").path("figures").has("step2.offered_per_s")).isFalse();
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
