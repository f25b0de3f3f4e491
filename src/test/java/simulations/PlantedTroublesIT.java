package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** Leaks and errors that every target can be given are each caught by a limit of their own. */
class PlantedTroublesIT {
  private static final String SIMULATION = "simulations.SseBattleSimulation";

  @Test
  @Tag("defects")
  void leaked_descriptors_are_caught() throws Exception {
    assertCaught(SimulationRun.smoke(SIMULATION).with("llm.defect", "fd-leak"), "llm_fd_slope");
  }

  @Tag("defects")
  @ParameterizedTest(name = "{0} {1} turns {2} red")
  @CsvSource({
    "proxy, fd-leak,     proxy_fd_slope",
    "llm,   thread-leak, llm_thread_slope",
    "proxy, thread-leak, proxy_thread_slope",
    "llm,   error=6%,    success_rate",
    "proxy, error=6%,    success_rate",
  })
  void each_trouble_has_its_own_limit(String target, String defect, String check) throws Exception {
    assertCaught(SimulationRun.smoke(SIMULATION).with(target + ".defect", defect), check);
  }

  @Tag("defects")
  @ParameterizedTest(name = "a leak in {0} is caught")
  @CsvSource({"llm", "proxy"})
  void leaked_memory_is_caught_within_a_minute(String target) throws Exception {
    SimulationRun run = SimulationRun.smoke(SIMULATION).with("hold", "45s");
    assertCaught(run.with(target + ".defect", "leak=1MB/s"), target + "_memory_slope");
  }

  private static void assertCaught(SimulationRun run, String check) throws Exception {
    Ended ended = run.runUntilValid();
    assertThat(ended.outcome(check)).as(ended.output()).isEqualTo("FAIL");
    assertThat(ended.exitCode()).isEqualTo(2);
  }
}
