package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/**
 * Every planted mistake turns a named check red, and fails the build. A list of the mistakes of the
 * original, and of the ways in which a token server goes wrong.
 */
class SseBattleDefectsIT {
  @ParameterizedTest(name = "proxy {0} turns {1} red")
  @CsvSource({
    "unterminated-done,           streams_terminated",
    "coalesce-50ms,               gap_p99",
    "count-on-flush,              events_conserved",
    "clean-end-on-upstream-break, broken_upstream_shown",
    "ignore-client-disconnect,    leavers_cancel_upstream",
  })
  void a_mistake_of_the_proxy_is_caught(String defect, String check) throws Exception {
    assertCaught("proxy.defect", defect, check);
  }

  @ParameterizedTest(name = "llm {0} turns {1} red")
  @CsvSource({
    "drop-token,      no_token_lost",
    "duplicate-token, no_token_duplicated",
    "swap-tokens,     tokens_in_order",
    "wrong-text,      content_matches",
    "stall,           goodput",
    "early-close,     success_rate",
    "drifting-pace,   pace_drift",
  })
  void a_mistake_of_the_token_server_is_caught(String defect, String check) throws Exception {
    assertCaught("llm.defect", defect, check);
  }

  private static void assertCaught(String property, String defect, String check)
      throws IOException, InterruptedException {
    Ended run =
        SimulationRun.smoke("simulations.SseBattleSimulation")
            .with(property, defect)
            .with("hold", "4s")
            .runUntilValid();
    assertThat(run.outcome(check)).as(run.output()).isEqualTo("FAIL");
    assertThat(run.exitCode()).as("Gatling's exit code for failed assertions").isEqualTo(2);
    if (defect.equals("coalesce-50ms")) {
      assertThat(run.outcome("e2e_p95"))
          .as("the whole stream is as long as ever")
          .isEqualTo("PASS");
    }
  }
}
