package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** The mixed workload as a user runs it: smoke profile, real servers, real exit codes. */
class MixedWorkloadIT {
  private static final String SIMULATION = "simulations.MixedWorkloadSimulation";

  @Test
  @NeedsMachine
  void the_smoke_run_is_green_and_every_role_has_figures_of_its_own() throws Exception {
    Ended run = SimulationRun.smoke(SIMULATION).runUntilValid();
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

  @ParameterizedTest(name = "{0} turns {1} red")
  @Tag("defects")
  @CsvSource({
    "bid.defect=wrong-previous;archive.defect=archive-before-item;"
        + "broadcast.defect=lost-event+duplicate-event+events-out-of-order,"
        + "'bids_linearizable,archive_exact,broadcast_complete,no_broadcast_lost,"
        + "no_broadcast_duplicated,broadcasts_in_order'",
    "bid.defect=wrong-previous,            bids_linearizable",
    "bid.defect=double-accept,             bids_linearizable",
    "archive.defect=archive-before-item,   archive_exact",
    "broadcast.defect=lost-event,          no_broadcast_lost",
    "broadcast.defect=duplicate-event,     no_broadcast_duplicated",
    "broadcast.defect=events-out-of-order, broadcasts_in_order",
    "broadcast.defect=forget-subscriber=5, no_broadcast_lost",
  })
  void defects_turn_named_checks_red_together_and_alone(String defects, String checks)
      throws Exception {
    SimulationRun.smoke(SIMULATION)
        .with("warmup", "0s")
        .with("items", "2")
        .with("run-time", "5s")
        .with("think", "60ms")
        .with("drain-within", "5s")
        .with("ready-within", "90s")
        .planted(defects)
        .run()
        .assertCaught(checks);
  }
}
