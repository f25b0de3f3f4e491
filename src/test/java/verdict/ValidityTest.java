package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kpi.Kpi;
import kpi.Percentiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Kind;
import verdict.Check.Outcome;

class ValidityTest {
  private static final Validity.Bounds BOUNDS =
      new Validity.Bounds(
          Duration.ofMillis(250), Duration.ofMillis(100), Duration.ofMillis(250), 5, 99, 20, 5);

  private final SampleRun run = SampleRun.healthy();

  @Test
  void a_healthy_run_passes_every_check() {
    assertThat(check())
        .extracting(Check::name)
        .containsExactly(
            "streams_accounted",
            "offered_load",
            "start_lag",
            "generator_lag",
            "gc_pause",
            "gc_share",
            "machine_quiet",
            "figures_ordered",
            "samples_recorded",
            "littles_law");
    assertThat(check())
        .allSatisfy(check -> assertThat(check.kind()).isEqualTo(Kind.VALIDITY))
        .allSatisfy(check -> assertThat(check.outcome()).isEqualTo(Outcome.PASS));
    run.figures.remove(Kpi.FOREIGN_CPU.word());
    assertThat(check()).extracting(Check::name).doesNotContain("machine_quiet");
  }

  @Test
  void a_figure_that_was_not_measured_is_invalid_and_no_number() {
    run.figures.clear();
    assertThat(invalid())
        .extracting(Check::name, Check::figure, Check::reason)
        .hasToString(
            "[(\"gc_pause\", \"none\", \"gc_pause was not measured.\"),"
                + " (\"gc_share\", \"none\", \"gc_share was not measured.\"),"
                + " (\"littles_law\", \"none\", \"littles_law was not measured.\")]");
  }

  @ParameterizedTest
  @CsvSource({"streams_started, 101", "outcome_reset, 2", "streams_open_at_stop, 0"})
  void streams_that_do_not_add_up_make_a_run_invalid(String counter, long count) {
    run.counters.put(counter, count);
    onlyInvalid("streams_accounted", "Streams started, ended and open at the stop do not add up.");
    run.counters.replaceAll((name, old) -> name.equals("tokens_received") ? old : 0L);
    onlyInvalid("streams_accounted", "No stream was started.");
  }

  @Test
  void a_plan_that_was_not_offered_to_99_percent_makes_a_run_invalid() {
    run.achieved.put("clients", 99.0);
    assertThat(invalid()).isEmpty();
    run.achieved.put("arrivals_per_s", 9.89);
    onlyInvalid(
        "offered_load",
        "The injector offered only 98.9 % of the planned arrivals_per_s; the figures belong to a"
            + " smaller load than planned.");
    run.achieved.remove("clients");
    onlyInvalid("offered_load", "The injector offered only 0 % of the planned clients;");
    run.offered.clear();
    onlyInvalid("offered_load", "No load was planned.");
  }

  @ParameterizedTest
  @CsvSource({
    "START_LAG, 250, The injector started clients later than planned (p99 25",
    "GENERATOR_LAG, 100, The injector's event loops ran late (p99 10",
  })
  void a_lag_above_its_bound_makes_a_run_invalid(Kpi kpi, double bound, String reason) {
    run.with(kpi, 4_000, bound / 4);
    assertThat(invalid()).isEmpty();
    run.with(kpi, 4_000, bound / 4 + 0.1);
    onlyInvalid(kpi.word(), reason);
    // With too few samples for a p99 the largest lag stands in.
    run.with(kpi, 5, bound / 6 + 0.1);
    onlyInvalid(kpi.word(), reason);
    run.kpis.remove(kpi.word());
    onlyInvalid(kpi.word(), kpi.word() + " was not measured.");
  }

  @ParameterizedTest
  @CsvSource({
    "gc_pause_max, 250, gc_pause, The injector stood still for 25",
    "gc_share, 5, gc_share, The injector spent 5.10 % of its time in collections;",
    "foreign_cpu, 20, machine_quiet, Other programs took 20.1 % of the machine's",
    "littles_law, 5, littles_law, Mean concurrency differs by 5.10 % from rate times time",
  })
  void a_figure_above_its_bound_makes_a_run_invalid(
      String figure, double bound, String check, String reason) {
    run.with(figure, bound);
    assertThat(invalid()).isEmpty();
    run.with(figure, bound + 0.1);
    onlyInvalid(check, reason);
    run.with(figure, Double.NaN);
    onlyInvalid(check, reason.substring(0, 10));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 2, 4, 5, 6, 7", // The mean is below the minimum.
    "1, 8, 4, 5, 6, 7", // The mean is above the maximum.
    "1, 2, 5.1, 5, 6, 7", // p50 is above p95.
    "1, 2, 4, 6.1, 6, 7", // p95 is above p99.
    "1, 2, 4, 5, 7.1, 7", // p99 is above the maximum.
  })
  void a_distribution_that_contradicts_itself_makes_a_run_invalid(
      double min, double mean, double p50, double p95, double p99, double max) {
    run.kpis.put(
        "e2e", new Percentiles("ms", "lower", "", 99, min, mean, p50, p95, p95, p99, null, max));
    onlyInvalid("figures_ordered", "These distributions contradict themselves: e2e.");
  }

  @ParameterizedTest
  @CsvSource({"17199", "17201", "0"})
  void samples_lost_or_made_up_make_a_run_invalid(long tokens) {
    run.counters.put("tokens_received", tokens);
    onlyInvalid("samples_recorded", "The recorders hold 17,200 values for ");
  }

  private List<Check> check() {
    return Validity.check(run.report(), BOUNDS);
  }

  private List<Check> invalid() {
    return check().stream().filter(check -> check.outcome() == Outcome.INVALID).toList();
  }

  private void onlyInvalid(String name, String reason) {
    assertThat(invalid()).extracting(Check::name).containsExactly(name);
    assertThat(invalid().get(0).reason()).startsWith(reason);
  }
}
