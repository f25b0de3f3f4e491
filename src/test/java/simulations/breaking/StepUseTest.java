package simulations.breaking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.breaking.StepSchedule.Step;
import simulations.breaking.StepUse.Exhausted;
import simulations.breaking.StepUse.Owner;

/** Which resource ran out in a step. */
class StepUseTest {
  @Test
  void a_generator_that_sends_late_comes_first() {
    Exhausted found = of(30, Map.of("injector", 0.3, "bids", 1.6), 2);
    assertThat(found.owner()).isEqualTo(Owner.GENERATOR);
    assertThat(found.words()).contains("30 ms late");
  }

  @ParameterizedTest
  @CsvSource({"1.9, 0.1, GENERATOR", "1.0, 0.8, GENERATOR", "0.3, 0.5, OTHERS"})
  void a_full_machine_belongs_to_the_largest_user_of_it(double injector, double bids, Owner owner) {
    assertThat(of(1, Map.of("injector", injector, "bids", bids), 1.95).owner()).isEqualTo(owner);
  }

  @Test
  void the_largest_target_of_a_full_machine_is_named() {
    Exhausted found = of(1, Map.of("injector", 0.6, "bids", 1.0, "redis", 0.1), 1.95);
    assertThat(found.owner()).isEqualTo(Owner.TARGET);
    assertThat(found.words()).contains("1.95 cores of 2 in use, most of it by bids (1.00 cores)");
  }

  @Test
  void the_one_thread_of_redis_is_named() {
    assertThat(of(1, Map.of("injector", 0.1, "bids", 0.3, "redis", 0.97), 1.4).words())
        .contains("one thread of redis");
  }

  @Test
  void where_no_cpu_ran_out_bids_waited_for_something_else() {
    Exhausted found = of(1, Map.of("injector", 0.1, "bids", 0.2), -1);
    assertThat(found.owner()).isEqualTo(Owner.TARGET);
    assertThat(found.words()).contains("no CPU (bids used 0.20 cores)");
  }

  private static Exhausted of(double wakeLagMs, Map<String, Double> cores, double machineCores) {
    Step step = new Step(4, 800, 700, 200, 0, wakeLagMs, 0, 1, machineCores, false);
    return new StepUse(step, cores, 2).exhausted(100, 2);
  }
}
