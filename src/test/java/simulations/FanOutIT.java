package simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import stack.Peer;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** The fan-out as a user runs it: smoke profile, real servers, real exit codes. */
class FanOutIT {
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
