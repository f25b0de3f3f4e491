package simulations.breaking;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.breaking.StepSchedule.Step;
import simulations.breaking.StepUse.Exhausted;
import simulations.breaking.StepUse.Owner;

class StepUseTest {
  @ParameterizedTest(name = "{0} ms late, {1}, {2} of 2 cores: {3}, {4}")
  @CsvSource({
    "30, injector=0.3 bids=1.6, 2, GENERATOR, 30 ms late",
    "1, injector=1.9 bids=0.1, 1.95, GENERATOR, the generator",
    "1, injector=1.0 bids=0.8, 1.95, GENERATOR, 1.00 cores of it the generator",
    "1, injector=0.3 bids=0.5, 1.95, OTHERS, 1.15 cores of it theirs",
    "1, injector=0.6 bids=1.0 redis=0.1, 1.95, TARGET, 'of 2 in use, most of it by bids (1.00"
        + " cores)'",
    "1, injector=0.1 bids=0.3 redis=0.97, 1.4, TARGET, the one thread of redis",
    "1, injector=0.1 bids=0.2, -1, TARGET, no CPU (bids used 0.20 cores)",
  })
  void the_resource_that_ran_out_is_named(
      double wakeLagMs, String cores, double machineCores, Owner owner, String words) {
    var used =
        Stream.of(cores.split(" ", -1))
            .map(each -> each.split("=", -1))
            .collect(toMap(each -> each[0], each -> Double.valueOf(each[1])));
    Step step = new Step(4, 800, 700, 200, 0, wakeLagMs, 0, 1, machineCores, false);
    Exhausted found = new StepUse(step, used, 2).exhausted(100, 2);
    assertThat(found.owner()).isEqualTo(owner);
    assertThat(found.words()).contains(words);
  }

  @Test
  void the_knee_is_the_rate_of_the_last_step_that_kept_every_bound() {
    List<StepUse> uses =
        Stream.of(step(1, 100, true), step(2, 190, true), step(3, 250, false))
            .map(step -> new StepUse(step, Map.of(), 2))
            .toList();
    assertAnswer(BreakingLoad.lastGood(uses).orElseThrow().decidedPerS(), Kpi.KNEE, 190);
    assertThat(BreakingLoad.lastGood(uses.subList(2, 3))).isEmpty();
  }

  private static Step step(int number, double decidedPerS, boolean good) {
    return new Step(number, 800, decidedPerS, 20, 0, 1, 0, 1, 1, good);
  }
}
