package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/**
 * Every planted mistake turns a named check red, and fails the build. A list of the mistakes of the
 * original, and of the ways in which a token server goes wrong.
 */
class SseBattleDefectsIT {
  @ParameterizedTest(name = "proxy {0} and llm {1} turn {2} red")
  @CsvSource({
    "coalesce-50ms,               wrong-text,      'gap_p99,content_matches'",
    "count-on-flush,              'swap-tokens,drop-token',"
        + "'events_conserved,tokens_in_order,no_token_lost'",
    "clean-end-on-upstream-break, drifting-pace,   'broken_upstream_shown,pace_drift'",
    "unterminated-done,           duplicate-token, 'streams_terminated,no_token_duplicated'",
    "ignore-client-disconnect,    'stall,early-close',"
        + "'leavers_cancel_upstream,goodput,success_rate'",
  })
  void planted_mistakes_turn_named_checks_red(String proxy, String llm, String checks)
      throws Exception {
    assertCaught(planted().with("proxy.defect", proxy).with("llm.defect", llm), checks);
  }

  @ParameterizedTest(name = "proxy {0} alone turns {1} red")
  @Tag("defects")
  @CsvSource({
    "unterminated-done,           streams_terminated",
    "coalesce-50ms,               gap_p99",
    "count-on-flush,              events_conserved",
    "clean-end-on-upstream-break, broken_upstream_shown",
    "ignore-client-disconnect,    leavers_cancel_upstream",
  })
  void a_mistake_of_the_proxy_is_caught_alone(String defect, String check) throws Exception {
    Ended run = assertCaught(planted().with("proxy.defect", defect), check);
    if (defect.equals("coalesce-50ms")) {
      assertThat(run.outcome("e2e_p95"))
          .as("the whole stream is as long as ever")
          .isEqualTo("PASS");
    }
  }

  @ParameterizedTest(name = "llm {0} alone turns {1} red")
  @Tag("defects")
  @CsvSource({
    "drop-token,      no_token_lost",
    "early-close,     success_rate",
    "duplicate-token, no_token_duplicated",
    "swap-tokens,     tokens_in_order",
    "wrong-text,      content_matches",
    "stall,           goodput",
    "drifting-pace,   pace_drift",
  })
  void a_mistake_of_the_token_server_is_caught_alone(String defect, String check) throws Exception {
    assertCaught(planted().with("llm.defect", defect), check);
  }

  private static SimulationRun planted() {
    return SimulationRun.smoke("simulations.SseBattleSimulation")
        .with("warmup", "2s")
        .with("hold", "3s")
        .besideOthers();
  }

  private static Ended assertCaught(SimulationRun planted, String checks)
      throws IOException, InterruptedException {
    Ended run = planted.run();
    for (String check : checks.split(",", -1)) {
      assertThat(run.outcome(check)).as(check + "\n" + run.output()).isEqualTo("FAIL");
    }
    assertThat(run.exitCode()).as("Gatling's exit code for failed assertions").isEqualTo(2);
    return run;
  }
}
