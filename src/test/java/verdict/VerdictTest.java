package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.Percentiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/** Checks of validity, and the verdict of all checks. */
class VerdictTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Check VALID = check("valid", Kind.VALIDITY, Outcome.PASS);
  private static final Check KEPT = check("kept", Kind.INVARIANT, Outcome.PASS);
  private static final Check FAST = check("fast", Kind.THRESHOLD, Outcome.PASS);
  private static final Check NONE = check("baseline", Kind.BASELINE, Outcome.INCONCLUSIVE);

  private static final Validity.Bounds BOUNDS =
      new Validity.Bounds(
          Duration.ofMillis(250),
          Duration.ofMillis(100),
          Duration.ofMillis(250),
          Duration.ofMillis(250),
          5,
          99,
          20,
          Duration.ofNanos(500_000),
          10,
          5);

  private final SampleRun run = SampleRun.healthy();

  @Test
  void a_run_passes_if_every_evaluated_check_passes() {
    Verdict verdict = Verdict.of(List.of(VALID, KEPT, FAST));
    assertThat(verdict)
        .isEqualTo(
            new Verdict(1, Outcome.PASS, "All 3 checks hold.", false, List.of(VALID, KEPT, FAST)));
    assertThat(verdict.troubles()).isEmpty();
    assertThat(verdict.lines()).containsExactly("PASS  All 3 checks hold.");
    Check open = new Check("heap", Kind.THRESHOLD, Outcome.NOT_EVALUATED, "", "< 4 MB", "No JVM.");
    Check also = new Check("slope", Kind.THRESHOLD, Outcome.NOT_EVALUATED, "", "", "No JVM.");
    assertThat(Verdict.of(List.of(VALID, KEPT, FAST, open, also)).lines())
        .containsExactly(
            "PASS  3 of 5 checks hold, 2 not evaluated.",
            "  NOT_EVALUATED heap, slope              No JVM.");
    assertThat(Verdict.of(List.of(open)).verdict()).isEqualTo(Outcome.INCONCLUSIVE);
  }

  @ParameterizedTest
  @CsvSource({"PASS, WARN", "WARN, INCONCLUSIVE", "INCONCLUSIVE, FAIL", "FAIL, INVALID"})
  void the_worst_check_decides(Outcome one, Outcome worst) {
    Check better = check("one", Kind.INVARIANT, one);
    Check worse = check("other", Kind.INVARIANT, worst);
    for (List<Check> checks : List.of(List.of(better, worse), List.of(worse, better))) {
      Verdict verdict = Verdict.of(checks);
      assertThat(verdict.verdict()).isEqualTo(worst);
      assertThat(verdict.letsBuildGoOn()).isEqualTo(worst == Outcome.WARN);
    }
  }

  @Test
  void figures_of_an_invalid_run_are_compared_with_nothing() {
    Check stalled = Check.validity("stalled", false, "1", "2", "It stalled.");
    Check lost = Check.invariant("lost", false, "1", "2", "It lost.");
    Check slow = check("slow", Kind.THRESHOLD, Outcome.FAIL);
    Check slower = check("slower", Kind.BASELINE, Outcome.FAIL);
    Verdict verdict = Verdict.of(List.of(stalled, lost, slow, FAST, slower));
    assertThat(verdict.verdict()).isEqualTo(Outcome.INVALID);
    assertThat(verdict.sentence()).isEqualTo("It stalled.");
    assertThat(verdict.checks())
        .extracting(check -> check.outcome().name())
        .containsExactly("INVALID", "FAIL", "INCONCLUSIVE", "INCONCLUSIVE", "INCONCLUSIVE");
    assertThat(verdict.checks().get(3).reason())
        .isEqualTo("Not compared, because the run is invalid.");
  }

  @Test
  void checks_that_did_not_pass_come_worst_first() {
    Check unsure = check("unsure", Kind.THRESHOLD, Outcome.INCONCLUSIVE);
    Check lost = check("lost", Kind.INVARIANT, Outcome.FAIL);
    Check slow = check("slow", Kind.THRESHOLD, Outcome.FAIL);
    Verdict verdict = Verdict.of(List.of(VALID, unsure, lost, slow));
    assertThat(verdict.troubles()).containsExactly(lost, slow, unsure);
    assertThat(verdict.sentence()).isEqualTo("lost's reason. And 1 more.");
    assertThat(verdict.lines())
        .containsExactly(
            "FAIL  lost's reason. And 1 more.",
            "  FAIL          lost                     lost's reason. (1)",
            "  FAIL          slow                     slow's reason. (1)",
            "  INCONCLUSIVE  unsure                   unsure's reason. (1)",
            "  1 of 4 checks hold.");
  }

  /** A change counts always; a comparison that could not be made counts only if it decides. */
  @ParameterizedTest
  @CsvSource({
    // thresholds, baseline, the comparison decides, verdict, the build goes on
    "PASS, PASS, false, PASS, true",
    "PASS, WARN, false, WARN, true",
    "PASS, INCONCLUSIVE, false, PASS, true",
    "PASS, INCONCLUSIVE, true, INCONCLUSIVE, false",
    "PASS, FAIL, false, FAIL, true",
    "PASS, FAIL, true, FAIL, false",
    "WARN, INCONCLUSIVE, false, WARN, true",
    "INCONCLUSIVE, PASS, false, INCONCLUSIVE, false",
    "INCONCLUSIVE, FAIL, false, FAIL, false",
    "FAIL, PASS, false, FAIL, false",
    "FAIL, INCONCLUSIVE, false, FAIL, false",
  })
  void a_comparison_decides_the_build_only_on_demand(
      Outcome threshold, Outcome baseline, boolean decides, Outcome verdict, boolean goesOn) {
    Verdict found =
        Verdict.of(
            List.of(
                VALID,
                KEPT,
                check("fast", Kind.THRESHOLD, threshold),
                check("change", Kind.BASELINE, baseline)),
            decides);
    assertThat(found.verdict()).isEqualTo(verdict);
    assertThat(found.letsBuildGoOn()).isEqualTo(goesOn);
    assertThat(found.failOnRegression()).isEqualTo(decides);
    assertThat(found.checks()).hasSize(4);
    assertThat(found.counts(found.checks().get(3)))
        .isEqualTo(decides || baseline != Outcome.INCONCLUSIVE);
  }

  @Test
  void a_missing_baseline_is_named_after_the_sentence_of_a_good_run() {
    Check slow = check("slow", Kind.THRESHOLD, Outcome.WARN);
    Check lost = check("lost", Kind.INVARIANT, Outcome.FAIL);
    assertThat(Verdict.of(List.of(VALID, KEPT, NONE)).lines())
        .containsExactly("PASS  2 of 3 checks hold. baseline's reason.");
    assertThat(sentence(false, VALID, slow, NONE)).isEqualTo("slow's reason. baseline's reason.");
    assertThat(Verdict.of(List.of(VALID, lost, NONE)).lines())
        .containsExactly(
            "FAIL  lost's reason.",
            "  FAIL          lost                     lost's reason. (1)",
            "  INCONCLUSIVE  baseline                 baseline's reason. (1)",
            "  1 of 3 checks hold.");
    assertThat(sentence(true, VALID, KEPT, NONE)).isEqualTo("baseline's reason.");
  }

  @Test
  void nothing_that_was_checked_is_no_pass() {
    Check same = check("same", Kind.BASELINE, Outcome.PASS);
    assertThat(Verdict.of(List.of()).verdict()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(Verdict.of(List.of()).letsBuildGoOn()).isFalse();
    assertThat(sentence(false)).isEqualTo("Nothing was checked.");
    assertThat(sentence(false, NONE)).isEqualTo("Nothing was checked.");
    assertThat(Verdict.of(List.of(same)).letsBuildGoOn()).isFalse();
    assertThat(Verdict.of(List.of(same), true).letsBuildGoOn()).isTrue();
  }

  @Test
  void the_form_of_the_file_is_pinned_and_is_read_back() throws IOException {
    Verdict verdict = Verdict.of(List.of(VALID));
    JsonNode json = MAPPER.valueToTree(verdict);
    assertThat(json)
        .hasToString(
            "{\"schema\":1,\"verdict\":\"PASS\",\"sentence\":\"All 1 checks hold.\","
                + "\"fail_on_regression\":false,\"checks\":"
                + "[{\"name\":\"valid\",\"kind\":\"validity\",\"outcome\":\"PASS\","
                + "\"figure\":\"1\",\"limit\":\"2\",\"reason\":\"valid's reason.\"}]}");
    assertThat(MAPPER.treeToValue(json, Verdict.class)).isEqualTo(verdict);
    String old = "{\"schema\": 1, \"verdict\": \"PASS\"}";
    assertThat(MAPPER.readValue(old, Verdict.class).letsBuildGoOn())
        .as("a file without checks")
        .isFalse();
    assertThatThrownBy(() -> MAPPER.readValue("{\"schema\": 1}", Verdict.class))
        .hasMessageContaining("it has no verdict");
  }

  private static String sentence(boolean decides, Check... checks) {
    return Verdict.of(List.of(checks), decides).sentence();
  }

  private static Check check(String name, Kind kind, Outcome outcome) {
    return new Check(name, kind, outcome, "1", "2", name + "'s reason.");
  }

  @Test
  void a_healthy_run_passes_every_check() {
    assertThat(check())
        .extracting(Check::name)
        .containsExactly(
            "streams_accounted",
            "offered_load",
            "start_lag",
            "generator_lag",
            "generator_stall",
            "gc_pause",
            "gc_share",
            "machine_quiet",
            "figures_ordered",
            "latencies_possible",
            "latencies_nested",
            "samples_recorded",
            "littles_law");
    assertThat(check())
        .allSatisfy(check -> assertThat(check.kind()).isEqualTo(Kind.VALIDITY))
        .allSatisfy(check -> assertThat(check.outcome()).isEqualTo(Outcome.PASS));
    run.figures.remove(Kpi.FOREIGN_CPU.word());
    assertThat(check())
        .extracting(Check::name, Check::outcome)
        .contains(tuple("machine_quiet", Outcome.NOT_EVALUATED));
  }

  @Test
  void a_figure_that_was_not_measured_is_invalid_and_no_number() {
    run.figures.clear();
    assertThat(invalid())
        .extracting(Check::name, Check::figure, Check::reason)
        .hasToString(
            "[(\"generator_stall\", \"none\", \"generator_stall was not measured.\"),"
                + " (\"gc_pause\", \"none\", \"gc_pause was not measured.\"),"
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
    "generator_stall, 250, generator_stall, 'The injector stood still for 250 ms, from 7 s on;'",
    "stolen_cpu, 10, machine_quiet, The hypervisor gave 10.1 % of the machine's CPU",
    "littles_law, 5, littles_law, Rate times time in the system differs by 5.10 % of the users",
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

  /** Blank: waits are not counted here, or no limit is about a tail of a latency. */
  @ParameterizedTest
  @CsvSource({
    "20,  5,   9,  4,   PASS,    Other programs left the machine to the run.",
    "20,  ,    9,  4,   PASS,    Other programs left the machine to the run.",
    "100, 0.5, 5,  20,  WARN,    'its injector was 20 ms late (p99), where its limits leave 20"
        + " ms.'",
    "21,  0.6, 1,  20,  INVALID, 'its threads waited 0.600 ms for them at a time, in the mean,'",
    "21,  0.1, 5,  19,  INVALID, 'late (p99), where its limits leave 19 ms; run again without'",
    "21,  0.1, 6,  100, WARN,    'its injector was 24 ms late (p99), where its limits leave 100"
        + " ms.'",
    "21,  0.1, 24, ,    WARN,    'in the mean, and its injector was 96 ms late (p99).'",
    "21,  ,    1,  20,  INVALID, 'its threads waited an unknown time for them'",
  })
  void other_programs_matter_if_what_was_late_because_of_them_can_miss_a_limit(
      double foreign,
      Double waitMs,
      double lagP50,
      Integer slackMs,
      Outcome outcome,
      String reason) {
    run.with("foreign_cpu", foreign).with(Kpi.GENERATOR_LAG, 4_000, lagP50);
    run.figures.remove("foreign_wait");
    if (waitMs != null) {
      run.with("foreign_wait", waitMs);
    }
    List<Threshold> limits =
        Stream.of("ttft.p50 < 1 ms", "gap.mean < 1 ms", "rtt.p95 > 1 ms", "gap.p99 < pace + slack")
            .limit(slackMs == null ? 3 : 4)
            .map(
                text ->
                    Threshold.parse(
                        text, Map.of("pace", 1.0, "slack", slackMs == null ? 0.0 : slackMs)))
            .toList();
    Check quiet =
        Validity.check(run.report(), BOUNDS, limits).stream()
            .filter(each -> each.name().equals("machine_quiet"))
            .findFirst()
            .orElseThrow();
    assertThat(quiet.outcome()).isEqualTo(outcome);
    assertThat(quiet.reason()).contains(reason);
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
        "e2e",
        new Percentiles("ms", "lower", "", 98, min, mean, p50, p95, p95, p99, null, max, null));
    onlyInvalid("figures_ordered", "These distributions contradict themselves: e2e.");
  }

  @ParameterizedTest
  @CsvSource({"17199", "17201", "0"})
  void samples_lost_or_made_up_make_a_run_invalid(long tokens) {
    run.counters.put("tokens_received", tokens);
    onlyInvalid("samples_recorded", "The recorders hold 17,200 values for ");
  }

  private List<Check> check() {
    return Validity.check(run.report(), BOUNDS, List.of());
  }

  private List<Check> invalid() {
    return check().stream().filter(check -> check.outcome() == Outcome.INVALID).toList();
  }

  private void onlyInvalid(String name, String reason) {
    assertThat(invalid()).extracting(Check::name).containsExactly(name);
    assertThat(invalid().get(0).reason()).startsWith(reason);
  }
}
