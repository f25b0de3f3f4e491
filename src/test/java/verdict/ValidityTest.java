package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import kpi.Distribution;
import kpi.Kpi;
import kpi.Percentiles;
import kpi.Within;
import org.HdrHistogram.Recorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/** Whether a run can be believed, each time with one thing wrong. */
class ValidityTest {
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
  void a_load_that_is_not_the_planned_one_within_1_percent_makes_a_run_invalid() {
    run.achieved.put("clients", 99.0);
    assertThat(invalid()).isEmpty();
    run.achieved.put("clients", 101.0);
    assertThat(invalid()).isEmpty();
    run.achieved.put("clients", 102.0);
    onlyInvalid(
        "offered_load",
        "The injector offered 102 % of the planned clients; the figures belong to a larger load"
            + " than planned.");
    run.achieved.put("clients", 99.0);
    run.achieved.put("arrivals_per_s", 10.7);
    assertThat(invalid()).as("start_lag allows 250 ms, of a ramp of 1 s too").isEmpty();
    run.offered.put("bids_per_s", 10.0);
    run.achieved.put("bids_per_s", 9.89);
    onlyInvalid(
        "offered_load",
        "The injector offered 98.9 % of the planned bids_per_s; the figures belong to a smaller"
            + " load than planned.");
    run.achieved.remove("clients");
    onlyInvalid("offered_load", "The injector offered 0 % of the planned clients;");
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
    "3, 2, 4, 5, 5, 6, 6, 7", // The mean is below the minimum.
    "1, 8, 4, 5, 5, 6, 6, 7", // The mean is above the maximum.
    "1, 2, .9, 5, 5, 6, 6, 7", // p50 is below the minimum.
    "1, 2, 5.1, 5, 6, 6, 6, 7", // p50 is above p90.
    "1, 2, 4, 5.1, 5, 6, 6, 7", // p90 is above p95.
    "1, 2, 4, 5, 6.1, 6, 6, 7", // p95 is above p99.
    "1, 2, 4, 5, 5, 6.1, 6, 7", // p99 is above p99.9.
    "1, 2, 4, 5, 5, 6, 7.1, 7", // p99.9 is above the maximum.
    "1, 2, 4, 5, 5, 7.1, , 7", // p99 is above the maximum.
  })
  void a_distribution_that_contradicts_itself_makes_a_run_invalid(
      double min,
      double mean,
      double p50,
      double p90,
      double p95,
      double p99,
      Double p999,
      double max) {
    run.kpis.put(
        "e2e",
        new Percentiles("ms", "lower", "", 98, min, mean, p50, p90, p95, p99, p999, max, null));
    onlyInvalid("figures_ordered", "These distributions contradict themselves: e2e.");
  }

  @ParameterizedTest
  @CsvSource({"17199", "17201", "0"})
  void samples_lost_or_made_up_make_a_run_invalid(long tokens) {
    run.counters.put("tokens_received", tokens);
    onlyInvalid("samples_recorded", "The recorders hold 17,200 values for ");
  }

  @ParameterizedTest
  @CsvSource({"100, 1, PASS", "98, 1, INVALID", "101, 1, INVALID", "99, 0, INVALID"})
  void gatling_began_as_many_streams_and_has_a_user_for_each_that_is_open(
      long begun, long users, Outcome outcome) {
    SampleRun run = SampleRun.healthy();
    run.counters.put(Recorded.BEGUN, begun);
    run.counters.put(Recorded.ACTIVE, users);
    assertThat(Recorded.accounted(run.report()).outcome()).isEqualTo(outcome);
  }

  /** A recorder loses one of a thousand values, takes it twice, or counts microseconds. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, ''",
    "0, 1, samples_recorded",
    "2, 1, samples_recorded",
    "1, 1000, figures_ordered",
  })
  void a_fault_of_a_recorder_makes_a_run_invalid(int times, long unit, String check) {
    Recorder recorder =
        new Recorder(1, Distribution.MAX_NS, Distribution.DIGITS) {
          @Override
          public void recordValue(long ns) {
            super.recordValueWithCount(ns / unit, ns % 1_000 == 7 ? times : 1);
          }
        };
    Distribution rtt = new Distribution(recorder, Long.MAX_VALUE, unused -> {}, unused -> {});
    LongStream.range(1_000_000, 1_005_000).forEach(rtt::record);
    rtt.rotate();
    run.kpis.put("rtt", Percentiles.of(Kpi.RTT, rtt));
    run.kpis.put("rtt_sent", Percentiles.of(Kpi.RTT_SENT, rtt));
    run.counters.put("pongs_received", 5_000L);
    assertThat(invalid())
        .extracting(Check::name)
        .isEqualTo(check.isEmpty() ? List.of() : List.of(check));
  }

  @Test
  void a_run_whose_streams_gatling_does_not_count_says_so() {
    SampleRun run = SampleRun.healthy();
    run.counters.remove(Recorded.BEGUN);
    assertThat(Recorded.accounted(run.report()).reason()).endsWith("in this mode, only users.");
  }

  @Test
  void a_value_that_is_no_latency_makes_a_run_invalid_and_counts_as_a_sample() {
    run.with(Kpi.TTFT, 998, 5).counters.put("ttft_outside", 2L);
    assertThat(Latencies.count(run.report(), Kpi.TTFT)).isEqualTo(1_000);
    assertInvalid("latencies_possible", "below 0, or above an hour, and no latencies: 2 of ttft.");
  }

  @ParameterizedTest
  @EnumSource(Within.class)
  void a_sample_whose_part_is_longer_than_its_whole_makes_a_run_invalid(Within pair) {
    run.with(pair.whole(), 1_000, 5);
    assertThat(impossible()).isEmpty();
    run.counters.put(pair.counter(), 3L);
    String words = pair.part().word() + " in " + pair.whole().word();
    assertInvalid("latencies_nested", words + " (3 samples longer)");
  }

  /** The pings of a stage that go out before they are due: its rtt is shorter than rtt_sent. */
  @ParameterizedTest
  @CsvSource({"'', 4.9, false", "'', 5, true", "stage_100., 4.9, false", "stage_100., 6, true"})
  void percentiles_of_equal_samples_are_ordered_in_the_run_and_in_each_stage(
      String stage, double rttMs, boolean holds) {
    run.with(Kpi.RTT, 1_000, 6).with(Kpi.RTT_SENT, 1_000, 5);
    var whole = new SampleRun(1).with(Kpi.RTT, 1_000, rttMs).kpis.get("rtt");
    run.kpis.put(stage + "rtt", whole);
    run.kpis.put(stage + "rtt_sent", run.kpis.get("rtt_sent"));
    if (holds) {
      assertThat(impossible()).isEmpty();
    } else {
      assertInvalid("latencies_nested", "rtt_sent in rtt (percentiles of " + stage + "rtt)");
      run.with(Kpi.RTT_SENT, 999, 5).kpis.put(stage + "rtt_sent", run.kpis.get("rtt_sent"));
      assertThat(impossible()).as("of other samples nothing follows").isEmpty();
    }
  }

  /** Of 1,000 tokens, half of which were read from the store. */
  @ParameterizedTest
  @CsvSource({"1000, 11, true", "1000, 11.3, false", "1000, 10.7, false", "999, 13, true"})
  void the_hops_of_a_token_add_up_to_its_lag(long toClient, double lagMs, boolean holds) {
    run.with(Kpi.HOP_REDIS, 1_000, 1).with(Kpi.HOP_BRIDGE, 1_000, 2).with(Kpi.HOP_NATS, 500, 6);
    run.with(Kpi.HOP_ADAPTER, 1_000, 3).with(Kpi.HOP_CLIENT, toClient, 2);
    run.with(Kpi.DELIVERY_LAG, 1_000, lagMs);
    if (holds) {
      assertThat(impossible()).isEmpty();
    } else {
      assertInvalid("latencies_nested", "hops in delivery_lag (" + lagMs * 1_000 + " ms");
    }
  }

  private List<Check> impossible() {
    return invalid().stream().filter(check -> check.name().startsWith("latencies_")).toList();
  }

  private void assertInvalid(String name, String reason) {
    assertThat(impossible()).extracting(Check::name).containsExactly(name);
    assertThat(impossible().get(0).reason()).contains(reason);
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
