package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import simulations.auction.StepLimits.Blame;
import simulations.auction.StepLimits.Met;
import simulations.auction.StepLimits.Use;
import simulations.auction.StepSchedule.Step;

/** What ran out in a step. */
class StepLimitsTest {
  @Test
  void a_generator_that_sends_late_is_to_blame_whatever_else_was_full() {
    Met met = of(30, Map.of("injector", 0.3, "bids", 1.6), 2);
    assertThat(met.blame()).isEqualTo(Blame.GENERATOR);
    assertThat(met.sentence()).contains("30 ms late");
  }

  @Test
  void a_generator_that_used_its_event_loops_is_to_blame() {
    assertThat(of(1, Map.of("injector", 1.9, "bids", 0.1), 2).blame()).isEqualTo(Blame.GENERATOR);
  }

  @Test
  void the_largest_part_of_a_full_machine_is_to_blame() {
    assertThat(of(1, Map.of("injector", 1.0, "bids", 0.8), 1.95).blame())
        .isEqualTo(Blame.GENERATOR);
    Met met = of(1, Map.of("injector", 0.6, "bids", 1.0, "redis", 0.1), 1.95);
    assertThat(met.blame()).isEqualTo(Blame.TARGET);
    assertThat(met.sentence()).contains("1.95 cores of 2 in use, most of it by bids (1.00 cores)");
  }

  @Test
  void programs_outside_the_run_are_told_apart() {
    assertThat(of(1, Map.of("injector", 0.3, "bids", 0.5), 1.95).blame()).isEqualTo(Blame.OTHERS);
  }

  @Test
  void the_one_thread_of_redis_is_named() {
    assertThat(of(1, Map.of("injector", 0.1, "bids", 0.3, "redis", 0.97), 1.4).sentence())
        .contains("one thread of redis");
  }

  @Test
  void where_no_cpu_ran_out_bids_waited_for_something_else() {
    Met met = of(1, Map.of("injector", 0.1, "bids", 0.2), -1);
    assertThat(met.blame()).isEqualTo(Blame.TARGET);
    assertThat(met.sentence()).contains("no CPU (bids used 0.20 cores)");
  }

  private static Met of(double wakeLagMs, Map<String, Double> cores, double machineCores) {
    Step step = new Step(4, 800, 700, 200, 0, wakeLagMs, 0, 1, false);
    return StepLimits.of(new Use(step, cores, machineCores, 2), 100, "injector", 2);
  }
}
