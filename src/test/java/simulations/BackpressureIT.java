package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** Slow, frozen and passing clients of the event server: smoke profile, real exit codes. */
class BackpressureIT {
  @NeedsMachine
  @Test
  void the_smoke_run_is_green() throws Exception {
    SimulationRun.smoke("Backpressure")
        .runUntilValid()
        .assertGreen(
            "fast_unaffected",
            "frozen_clients_closed",
            "slow_clients_served",
            "descriptors_return",
            "streams_closed");
  }

  @Test
  void a_server_that_waits_for_slow_clients_and_keeps_frozen_ones_fails_by_their_names()
      throws Exception {
    String defects = "events.defect=slow-client-blocks-all+no-send-timeout+fd-leak";
    Ended run =
        DefectsIT.planted("Backpressure", defects)
            .run()
            .assertCaught("fast_unaffected,frozen_clients_closed,descriptors_return");
    assertThat(run.output()).contains("frozen client 1 was still served", "frozen client 3 was");
  }
}
