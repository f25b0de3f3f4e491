package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kpi.Figure;
import kpi.Kpi;
import kpi.Percentiles;
import kpi.Timeline.Span;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Outcome;

/**
 * Ten seconds of a thousand gaps of 30 ms, one in twenty of which is longer in some of them, beside
 * a generator that is late in some of them; the limit leaves a slack of 25 ms.
 */
class LateSecondsTest {
  private static final int SECONDS = 10;
  private static final int GAPS = 1_000;
  private static final long MS = 1_000_000;

  @TempDir private Path folder;

  private final SampleRun run = SampleRun.healthy();

  /** Seconds are digits; a late one spoils the next one too. */
  @ParameterizedTest
  @CsvSource({
    // long gaps, of ms, in these seconds; generator late by ms, in these; outcome, and its reason
    "44, 0123, 0,  -,     PASS,         'gap_p99 is 44.0 ms; the limit is < 45 ms.'",
    "68, 456,  0,  -,     FAIL,         'gap_p99 is 68.0 ms; the limit is < 45 ms.'",
    "68, 456,  12, 456,   FAIL,         'gap_p99 is 68.0 ms; the limit is < 45 ms.'",
    "68, 456,  35, 456,   WARN,         'gap_p99 is 68.0 ms; the limit is < 45 ms; without 4 of 10"
        + " seconds, in which the generator itself was late by up to 35.0 ms, it is 30.0 ms.'",
    "68, 789,  35, 4,     FAIL,         'gap_p99 is 68.0 ms; the limit is < 45 ms; without 2 of 10"
        + " seconds, in which the generator itself was late by up to 35.0 ms, it is 68.0 ms.'",
    "68, 456,  35, 02468, INCONCLUSIVE, 'gap_p99 is 68.0 ms; the limit is < 45 ms; without 10 of 10"
        + " seconds, in which the generator itself was late by up to 35.0 ms, too little is left to"
        + " judge by.'",
    // So much longer than the generator was late in any second that it cannot be why.
    "250, 456, 84, 02468, FAIL,         'gap_p99 is 250 ms; the limit is < 45 ms.'",
  })
  void a_limit_is_missed_by_the_target_only_if_it_is_in_the_seconds_of_a_punctual_generator(
      long gapMs, String longIn, long lagMs, String lateIn, Outcome outcome, String reason)
      throws Exception {
    Histogram gaps = write(Kpi.GAP, GAPS, 30, GAPS / 20, gapMs, longIn);
    write(Kpi.GENERATOR_LAG, 200, 1, 10, lagMs, lateIn);
    run.kpis.put("gap", Percentiles.of(Kpi.GAP, gaps));

    Check check = judge("gap.p99 < interval + 25 ms");
    assertThat(check.reason()).isEqualTo(reason);
    assertThat(check.outcome()).isEqualTo(outcome);
  }

  /** The second stage is from 5 s on; a stage is judged by its own seconds. */
  @ParameterizedTest
  @CsvSource({"5, WARN", "1, FAIL"})
  void a_stage_has_seconds_of_its_own(String lateIn, Outcome outcome) throws Exception {
    run.phases.addAll(
        List.of(
            new Span("hold 10", 0, 4),
            new Span("cool-down", 4, 5.012),
            new Span("ramp 100", 5.012, 6),
            new Span("hold 100", 6, 10)));
    write(Kpi.RTT, GAPS, 2, GAPS / 20, 60, "056");
    write(Kpi.GENERATOR_LAG, 200, 1, 10, 40, lateIn);
    Histogram own = new Histogram(3);
    own.recordValueWithCount(60 * MS, 2 * GAPS / 20);
    own.recordValueWithCount(2 * MS, 5 * GAPS - 2 * GAPS / 20);
    run.kpis.put("stage_100.rtt", Percentiles.of(Kpi.RTT, own));

    assertThat(judge("stage_100.rtt.p99 < 40 ms").outcome()).isEqualTo(outcome);
  }

  @Test
  void a_change_for_the_worse_is_judged_without_them_too(@TempDir Path baselines) throws Exception {
    Histogram gaps = write(Kpi.GAP, GAPS, 30, GAPS / 20, 68, "456");
    write(Kpi.GENERATOR_LAG, 200, 1, 10, 35, "456");
    run.kpis.put("gap", Percentiles.of(Kpi.GAP, gaps));
    SampleRun[] before = {new SampleRun(1), new SampleRun(2), new SampleRun(3)};
    for (SampleRun each : before) {
      each.with(Kpi.GAP, GAPS * SECONDS, 7.5);
    }
    Baselines all = new Baselines(baselines);
    all.write(Baseline.of(List.of(before[0].record(), before[1].record(), before[2].record())));

    Rule rule = Rule.parse("gap.p99 warn 20 % fail 50 %", 20);
    Check change = Comparison.of(all, record(), List.of(rule), 20).checks().get(0);
    assertThat(change.name()).isEqualTo("gap_p99_change");
    assertThat(change.outcome()).as(change.reason()).isEqualTo(Outcome.WARN);
    assertThat(change.reason()).endsWith("by up to 35.0 ms, it is 30.0 ms.");
  }

  /** The upper end is without the streams that may have missed an SLO by fault of the generator. */
  @ParameterizedTest
  @CsvSource({"98, 98.9, FAIL", "98, 99.5, WARN", "90, 99.5, INCONCLUSIVE", "99.2, 100, PASS"})
  void streams_that_were_late_with_the_generator_are_no_fault_of_the_target(
      double low, double high, Outcome outcome) throws Exception {
    run.figures.put("goodput", Figure.of(Kpi.GOODPUT, low, low, high));
    Check check = judge("goodput > 99 %");
    assertThat(check.outcome()).isEqualTo(outcome);
    assertThat(check.reason().contains("while the generator itself was late"))
        .isEqualTo(outcome == Outcome.WARN || outcome == Outcome.INCONCLUSIVE);
  }

  private Check judge(String limit) throws Exception {
    Threshold threshold = Threshold.parse(limit, Map.of("interval", 20.0));
    Criteria criteria = new Criteria(List.of(threshold), List.of(), 20, false);
    return criteria.judge(record(), "None.").verdict().checks().stream()
        .filter(check -> check.name().equals(threshold.checkName()))
        .findFirst()
        .orElseThrow();
  }

  private RunRecord record() {
    return new RunRecord(folder, run.manifest(), run.report(), Verdict.of(run.checks));
  }

  /** Writes a second's values: some of them are others in the seconds that are named. */
  private Histogram write(Kpi kpi, long all, long ms, long some, long otherMs, String seconds)
      throws IOException {
    Histogram sum = new Histogram(3);
    OutputStream file = Files.newOutputStream(folder.resolve(kpi.word() + ".measure.hlog"));
    try (PrintStream out = new PrintStream(file, false, StandardCharsets.UTF_8)) {
      HistogramLogWriter writer = new HistogramLogWriter(out);
      writer.outputStartTime(1_795_892_337_114L);
      writer.setBaseTime(0);
      for (int second = 0; second < SECONDS; second++) {
        boolean other = seconds.contains(String.valueOf(second));
        Histogram values = new Histogram(3);
        values.recordValueWithCount(ms * MS, other ? all - some : all);
        if (other) {
          values.recordValueWithCount(otherMs * MS, some);
        }
        writer.outputIntervalHistogram(second + 0.013, second + 1.012, values, MS);
        sum.add(values);
      }
    }
    return sum;
  }
}
