package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** The mixed workload as a user runs it: smoke profile, real servers, real exit codes. */
class MixedWorkloadIT {
  @Test
  @NeedsMachine
  void the_smoke_run_is_green_and_every_role_has_figures_of_its_own() throws Exception {
    Ended run = SimulationRun.smoke("MixedWorkload").runUntilValid();
    run.assertGreen("bids_linearizable", "broadcast_complete", "archive_exact");
    JsonNode kpis = run.json("kpi.json").path("kpis");
    assertThat(run.counter("bids_accepted"))
        .isGreaterThan(100)
        .isEqualTo(kpis.at("/bid_accepted/count").asLong());
    assertThat(run.counter("viewers_survived")).isEqualTo(40);
    assertThat(run.counter("broadcasts_received"))
        .isGreaterThan(500)
        .isEqualTo(kpis.at("/broadcast_lag/count").asLong());
    assertThat(kpis.at("/browse/count").asLong()).isGreaterThan(100);
  }
}
