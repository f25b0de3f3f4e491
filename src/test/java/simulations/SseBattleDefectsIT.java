package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/**
 * Every defect turns a named check red, and fails the build: those of the original, the ways in
 * which a token server goes wrong, and leaks and errors that every target can be given.
 */
class SseBattleDefectsIT {
  private static final String SIMULATION = "simulations.SseBattleSimulation";

  /** Invariants are judged in every run, also in one that a busy machine makes invalid. */
  @ParameterizedTest(name = "proxy {0} and llm {1} turn {2} red")
  @CsvSource({
    "count-on-flush,    'swap-tokens,drop-token', 'events_conserved,tokens_in_order,no_token_lost'",
    "unterminated-done, duplicate-token,          'streams_terminated,no_token_duplicated'",
  })
  void defects_turn_invariants_red(String proxy, String llm, String checks) throws Exception {
    planted("proxy", proxy).with("llm.defect", llm).run().assertCaught(checks);
  }

  @NeedsMachine
  @ParameterizedTest(name = "proxy {0} and llm {1} turn {2} red")
  @CsvSource({
    "'coalesce-50ms,clean-end-on-upstream-break', 'wrong-text,drifting-pace',"
        + "'gap_p99,content_matches,broken_upstream_shown,pace_drift'",
    "ignore-client-disconnect,                    'stall,early-close,leak=1MB/s',"
        + "'leavers_cancel_upstream,goodput,success_rate,llm_live_heap_growth'",
  })
  void defects_turn_thresholds_red(String proxy, String llm, String checks) throws Exception {
    planted("proxy", proxy).with("llm.defect", llm).runUntilValid().assertCaught(checks);
  }

  @ParameterizedTest(name = "{0} {1} alone turns {3} red")
  @Tag("defects")
  @CsvSource({
    "proxy, unterminated-done,           3s,  streams_terminated",
    "proxy, count-on-flush,              3s,  events_conserved",
    "proxy, clean-end-on-upstream-break, 3s,  broken_upstream_shown",
    "proxy, ignore-client-disconnect,    3s,  leavers_cancel_upstream",
    "llm,   drop-token,                  3s,  no_token_lost",
    "llm,   early-close,                 3s,  success_rate",
    "llm,   duplicate-token,             3s,  no_token_duplicated",
    "llm,   swap-tokens,                 3s,  tokens_in_order",
    "llm,   wrong-text,                  3s,  content_matches",
    "llm,   stall,                       3s,  goodput",
    "llm,   stop-feed,                   3s,  no_token_lost",
    "llm,   drifting-pace,               3s,  pace_drift",
    "llm,   fd-leak,                     9s,  llm_fd_slope",
    "proxy, fd-leak,                     9s,  proxy_fd_slope",
    "llm,   thread-leak,                 9s,  llm_thread_slope",
    "proxy, thread-leak,                 9s,  proxy_thread_slope",
    "llm,   error=6%,                    9s,  success_rate",
    "proxy, error=6%,                    9s,  success_rate",
    "llm,   leak=1MB/s,                  45s, 'llm_memory_slope,llm_live_heap_growth'",
  })
  void a_defect_alone_is_caught(String target, String defect, String hold, String check)
      throws Exception {
    planted(target, defect).with("hold", hold).runUntilValid().assertCaught(check);
  }

  @Test
  @Tag("defects")
  void coalesced_events_are_caught_although_the_stream_is_as_long_as_ever() throws Exception {
    Ended run = planted("proxy", "coalesce-50ms").runUntilValid().assertCaught("gap_p99");
    assertThat(run.outcome("e2e_p95")).as(run.output()).isEqualTo("PASS");
  }

  private static SimulationRun planted(String target, String defect) {
    return SimulationRun.smoke(SIMULATION)
        .with("warmup", "2s")
        .with("hold", "3s")
        .with(target + ".defect", defect);
  }
}
