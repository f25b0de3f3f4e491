package simulations;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.SimulationRun;

/** Every target that leaks 1 MB/s is caught in the smoke profile of every simulation. */
class LeakIT {
  @ParameterizedTest(name = "{0}: {1}")
  @Tag("defects")
  @CsvSource({
    "SseBattleSimulation,      llm proxy,             llm proxy",
    "TokenRelaySimulation,     bridge adapter,        bridge adapter",
    "PingPongSimulation,       ticker,                ticker",
    "ContendedBidsSimulation,  bid broadcast archive, bids broadcast archive",
    "BreakingPointSimulation,  bid broadcast archive, bids broadcast archive",
    "FanOutSimulation,         bid broadcast,         bids broadcast",
    "MixedWorkloadSimulation,  bid broadcast archive, bids broadcast archive",
  })
  void a_leak_is_caught_by_the_live_heap(String simulation, String options, String processes)
      throws Exception {
    SimulationRun.smoke("simulations." + simulation)
        .planted(each(options, ".defect=leak=1MB/s", ";"))
        .runUntilValid()
        .assertCaught(each(processes, "_live_heap_growth", ","));
  }

  private static String each(String words, String suffix, String separator) {
    return Arrays.stream(words.split(" ")).map(word -> word + suffix).collect(joining(separator));
  }
}
