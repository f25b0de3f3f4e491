package simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import stack.Peer;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** The fan-out as a user runs it: smoke profile, real servers, real exit codes. */
class FanOutIT {
  @Test
  @NeedsMachine
  void the_smoke_run_is_green_and_every_viewer_receives_every_bid() throws Exception {
    Ended run = SimulationRun.smoke("FanOut").runUntilValid();
    run.assertGreen();
    JsonNode report = run.json("kpi.json");
    assertThat(run.counter("viewers_survived")).isEqualTo(100);
    long accepted = run.counter("bids_accepted");
    assertThat(accepted + run.counter("bids_rejected"))
        .as("a bid that overtook another one makes it lose")
        .isEqualTo(50);
    assertThat(accepted).isGreaterThan(40);
    assertThat(run.counter("broadcasts_received"))
        .isEqualTo(100 * accepted)
        .isEqualTo(report.at("/kpis/broadcast_lag/count").asLong());
    JsonNode figures = report.path("figures");
    assertThat(figures.at("/broadcast_lag_last_by_bid_median/value").asDouble())
        .isGreaterThan(figures.at("/broadcast_lag_p50_by_bid_median/value").asDouble() - 1e-9);
    assertThat(figures.has("broadcast_lag_p99_by_bid_median"))
        .as("a hundred viewers have no 99th percentile")
        .isFalse();
    assertThat(figures.has("broadcast.rss_per_viewer")).isTrue();
  }

  @Test
  @Tag("defects")
  void a_peer_in_the_broadcasts_place_is_judged_by_the_same_checks() throws Exception {
    assumeThat(Peer.Kind.NCHAN.isInstalled()).as("nchan is installed").isTrue();
    Ended run =
        SimulationRun.smoke("FanOut")
            .with("broadcast", "nchan")
            .runUntilValid()
            .assertGreen("broadcast_complete", "no_broadcast_lost", "broadcasts_in_order");
    assertThat(run.json("kpi.json").at("/figures/broadcast.rss_max/value").asDouble()).isPositive();
  }

  @Test
  @Tag("defects")
  void three_defects_turn_a_check_each_red_for_any_number_of_viewers() throws Exception {
    Ended run =
        DefectsIT.planted(
                "FanOut", "broadcast.defect=lost-event+duplicate-event+events-out-of-order")
            .run()
            .assertCaught(
                "broadcast_complete,no_broadcast_lost,no_broadcast_duplicated,broadcasts_in_order");
    assertThat(run.output())
        .contains("viewer 1 of 4 never got sequence 11")
        .contains("threshold lag_growth_exponent < 1");
    JsonNode report = run.json("kpi.json");
    assertThat(report.at("/figures/lag_growth_exponent/value").isNumber()).isTrue();
    assertThat(report.at("/figures/viewers_12.step_lag_p50/value").asDouble()).isPositive();
  }
}
