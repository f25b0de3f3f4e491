package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kpi.Kpi;
import kpi.Percentiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidityTest {
  private final HealthyRun run = new HealthyRun();

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
        .allSatisfy(check -> assertThat(check.kind()).isEqualTo(Check.Kind.VALIDITY))
        .allSatisfy(check -> assertThat(check.outcome()).isEqualTo(Check.Outcome.PASS));
  }

  @Test
  void a_machine_that_other_programs_used_makes_the_run_invalid() {
    run.figure(Kpi.FOREIGN_CPU, 31.5);

    assertThat(check())
        .filteredOn(check -> check.outcome() == Check.Outcome.INVALID)
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.name()).isEqualTo("machine_quiet");
              assertThat(check.reason()).startsWith("Other programs took 31.5 % of the machine's");
            });
  }

  @Test
  void without_the_cpu_of_other_programs_nothing_is_checked() {
    run.figures.remove(Kpi.FOREIGN_CPU.word());

    assertThat(check()).extracting(Check::name).doesNotContain("machine_quiet");
  }

  @Test
  void a_figure_that_was_not_measured_is_invalid_and_no_number() {
    run.figures.clear();

    assertThat(check())
        .filteredOn(check -> check.outcome() == Check.Outcome.INVALID)
        .extracting(Check::name)
        .containsExactly("gc_pause", "gc_share", "littles_law");
    assertThat(check())
        .filteredOn(check -> check.outcome() == Check.Outcome.INVALID)
        .allSatisfy(check -> assertThat(check.figure()).isEqualTo("none"))
        .allSatisfy(check -> assertThat(check.reason()).endsWith("was not measured."));
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
    onlyInvalid("offered_load");
    run.offered.clear();
    onlyInvalid("offered_load", "No load was planned.");
  }

  @ParameterizedTest
  @CsvSource({"start_lag, 250", "generator_lag, 100"})
  void a_lag_above_its_bound_makes_a_run_invalid(String kpi, double bound) {
    run.kpis.put(kpi, HealthyRun.percentiles(4_000, bound));
    assertThat(invalid()).isEmpty();

    run.kpis.put(kpi, HealthyRun.percentiles(4_000, bound + 0.1));
    onlyInvalid(kpi);
    run.kpis.remove(kpi);
    onlyInvalid(kpi, kpi + " was not measured.");
  }

  @Test
  void with_too_few_samples_for_a_p99_the_largest_lag_stands_in() {
    Percentiles few =
        new Percentiles("ms", "lower", "", 5, 1.0, 2.0, null, null, null, null, null, 251.0);
    run.kpis.put("start_lag", few);

    onlyInvalid("start_lag");
  }

  @ParameterizedTest
  @CsvSource({
    "GC_PAUSE_MAX, 250, gc_pause",
    "GC_SHARE, 5, gc_share",
    "LITTLES_LAW, 5, littles_law",
  })
  void a_figure_above_its_bound_makes_a_run_invalid(Kpi kpi, double bound, String check) {
    run.figure(kpi, bound);
    assertThat(invalid()).isEmpty();

    run.figure(kpi, bound + 0.1);
    onlyInvalid(check);

    run.figure(kpi, Double.NaN);
    onlyInvalid(check);
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
    run.kpis.put("e2e", HealthyRun.percentiles(min, mean, p50, p95, p99, max));

    onlyInvalid("figures_ordered", "These distributions contradict themselves: e2e.");
  }

  @ParameterizedTest
  @CsvSource({"16299", "16301", "0"})
  void samples_lost_or_made_up_make_a_run_invalid(long tokens) {
    run.counters.put("tokens_received", tokens);

    onlyInvalid("samples_recorded");
  }

  private List<Check> check() {
    return Validity.check(run.report(), HealthyRun.BOUNDS);
  }

  private List<Check> invalid() {
    return check().stream().filter(check -> check.outcome() == Check.Outcome.INVALID).toList();
  }

  private void onlyInvalid(String name) {
    assertThat(invalid()).extracting(Check::name).containsExactly(name);
  }

  private void onlyInvalid(String name, String reason) {
    onlyInvalid(name);
    assertThat(invalid()).extracting(Check::reason).containsExactly(reason);
  }
}
