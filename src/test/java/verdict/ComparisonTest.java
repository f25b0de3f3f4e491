package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kpi.Figure;
import kpi.Kpi;
import kpi.UnusableFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Kind;
import verdict.Check.Outcome;

class ComparisonTest {
  private static final String RULE = "rtt_sent.p99 warn 20 % fail 50 %";

  @TempDir Path folder;

  private Baselines baselines;
  private final SampleRun run = new SampleRun(9).with(Kpi.RTT_SENT, 1_000, 25);

  /** Of rtt_sent p99 the centre is 100 ms and the noise 32.2 ms, that is 32.2 %. */
  @BeforeEach
  void write() throws Exception {
    baselines = new Baselines(folder);
    baseline(sample(1, 24), sample(2, 25), sample(3, 26));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "20 | PASS | 80 ms (-20.0 %) | rtt_sent.p99 was 100 ms and is 80 ms (-20.0 %).",
        "33 | PASS | 132 ms (+32.0 %) | rtt_sent.p99 was 100 ms and is 132 ms (+32.0 %).",
        "34 | WARN | 136 ms (+36.0 %) | rtt_sent.p99 was 100 ms and is 136 ms (+36.0 %);"
            + " the spread of the baseline's runs explains 32.2 %.",
        "37.5 | FAIL | 150 ms (+50.0 %) | rtt_sent.p99 was 100 ms and is 150 ms (+50.0 %);"
            + " the spread of the baseline's runs explains 32.2 %.",
      })
  void a_figure_is_judged_by_share_and_noise_and_the_reason_has_both(
      double p50, Outcome outcome, String figure, String reason) throws Exception {
    run.with(Kpi.RTT_SENT, 1_000, p50);
    assertThat(compare(RULE).checks())
        .containsExactly(
            new Check(
                "rtt_sent_p99_change",
                Kind.BASELINE,
                outcome,
                figure,
                "+20 % warns, +50 % fails",
                reason));
  }

  @Test
  void a_large_change_within_the_noise_warns_with_that_reason() throws Exception {
    baseline(sample(1, 20), sample(2, 25), sample(3, 30));
    run.with(Kpi.RTT_SENT, 1_000, 50);
    judged(
        RULE,
        Outcome.WARN,
        "rtt_sent.p99 was 100 ms and is 200 ms (+100.0 %); the spread of the baseline's runs"
            + " explains 161 %, so this may be chance.");
  }

  @ParameterizedTest
  @CsvSource({"99, PASS", "79.9, WARN", "49.9, FAIL", "0, FAIL", "1000, PASS"})
  void less_of_a_figure_that_is_better_higher_is_worse(double figure, Outcome outcome)
      throws Exception {
    baseline(SampleRun.with("messages_per_s", 99, 100, 101));
    run.with("messages_per_s", figure);
    assertThat(compare("messages_per_s warn 20 % fail 50 %").checks())
        .extracting(Check::name, Check::outcome, Check::limit)
        .containsExactly(tuple("messages_per_s_change", outcome, "-20 % warns, -50 % fails"));
  }

  /** A machine with others on it explains latencies, and less than a factor of two of the rest. */
  @ParameterizedTest
  @CsvSource({
    "messages_per_s, 60, PASS, WARN",
    "messages_per_s, 60, WARN, INCONCLUSIVE",
    "messages_per_s, 40, WARN, FAIL",
    "messages_per_s, 99, WARN, PASS",
    "step_p99, 400, PASS, FAIL",
    "step_p99, 400, WARN, INCONCLUSIVE",
  })
  void a_change_for_which_other_programs_may_be_the_reason_is_inconclusive(
      String figure, double value, Outcome quiet, Outcome outcome) throws Exception {
    baseline(SampleRun.with(figure, 99, 100, 101));
    run.with(figure, value);
    run.with(new Check("machine_quiet", Kind.VALIDITY, quiet, "", "", "Others took 63 %."));
    Check check = compare(figure + " warn 20 % fail 50 %").checks().get(0);
    assertThat(check.outcome()).isEqualTo(outcome);
    assertThat(check.reason().endsWith(" Others took 63 %."))
        .isEqualTo(outcome == Outcome.INCONCLUSIVE);
  }

  @ParameterizedTest
  @CsvSource({"95, FAIL", "99.5, PASS"})
  void of_a_figure_with_an_interval_the_better_end_is_judged(double high, Outcome outcome)
      throws Exception {
    baseline(SampleRun.with("goodput", 99.9, 100, 100));
    run.figures.put("goodput", Figure.of(Kpi.GOODPUT, 80, 80.0, high));
    assertThat(compare("goodput warn 2 % fail 4 %").checks().get(0).outcome()).isEqualTo(outcome);
  }

  @Test
  void a_baseline_of_0_has_no_share_and_its_noise_is_in_the_unit() throws Exception {
    String rule = "gc_share warn 20 % fail 50 %";
    baseline(SampleRun.with("gc_share", 0, 0, 0.3));
    run.with("gc_share", 1);
    judged(rule, Outcome.PASS, "gc_share was 0 % and is 1 %.");
    run.with("gc_share", 2);
    judged(
        rule,
        Outcome.FAIL,
        "gc_share was 0 % and is 2 %; the spread of the baseline's runs explains 1.39 %.");
    assertThat(compare(rule).changes())
        .extracting(Change::changePct, Change::noisePct)
        .containsExactly(tuple(null, null));
  }

  @Test
  void a_figure_that_one_of_the_two_lacks_is_inconclusive() throws Exception {
    run.with("goodput", 99);
    inconclusive(
        "goodput",
        "The baseline has no goodput: at least one of its runs did not measure it."
            + " -Dupdate-baseline makes it again.");
    run.figures.clear();
    run.with(Kpi.RTT_SENT, 999, 25);
    inconclusive(
        "rtt_sent.p99",
        "rtt_sent_p99 has 999 samples and needs 1,000: 1.10 times the clients or seconds, or a"
            + " lower percentile.");
    run.with(Kpi.RTT_SENT, 1_000, 25);
    baseline(sample(1, 24), sample(2, 25), sample(3, 26).with(Kpi.RTT_SENT, 999, 26));
    inconclusive(
        "rtt_sent.p99",
        "The baseline has no rtt_sent.p99: at least one of its runs had too few samples."
            + " -Dupdate-baseline makes it again.");
    baseline(SampleRun.with("goodput", 99, 98, 100));
    run.with("goodput", Double.NaN);
    inconclusive("goodput", "goodput was not measured in this run.");
  }

  private void inconclusive(String figure, String reason) throws UnusableFile {
    judged(figure + " warn 20 %", Outcome.INCONCLUSIVE, reason);
  }

  private void judged(String rule, Outcome outcome, String reason) throws UnusableFile {
    assertThat(compare(rule).checks())
        .extracting(Check::outcome, Check::reason)
        .containsExactly(tuple(outcome, reason));
  }

  @Test
  void a_rule_of_a_kpi_that_this_simulation_does_not_have_is_skipped() throws Exception {
    String[] others = {"itl.p99 warn 20 %", "goodput warn 20 %", "*.rss_max warn 20 %"};
    assertThat(compare(RULE, others[0], others[1], others[2]).checks())
        .extracting(Check::name)
        .containsExactly("rtt_sent_p99_change");
    Comparison without = compare(others);
    assertThat(without.made()).isTrue();
    assertThat(without.changes()).isNotEmpty();
    assertThat(without.checks())
        .extracting(Check::name, Check::outcome, Check::reason)
        .containsExactly(
            tuple(
                "baseline",
                Outcome.INCONCLUSIVE,
                "No regression rule is about a figure of this run."));
  }

  @Test
  void a_star_is_each_target_of_the_run_or_of_the_baseline() throws Exception {
    SampleRun[] runs = SampleRun.with("llm.rss_max", 101, 102, 103);
    for (SampleRun old : runs) {
      old.with("injector.rss_max", 500).with("gone.rss_max", 100).with("targets.rss_max", 200);
    }
    baseline(runs);
    run.with("injector.rss_max", 5_000).with("llm.rss_max", 400).with("new.rss_max", 100);
    run.with("targets.rss_max", 5_000);
    assertThat(compare("*.rss_max warn 20 % fail 50 % at least 10 MB").checks())
        .extracting(Check::name, Check::outcome)
        .containsExactly(
            tuple("llm_rss_max_change", Outcome.FAIL),
            tuple("new_rss_max_change", Outcome.INCONCLUSIVE),
            tuple("gone_rss_max_change", Outcome.INCONCLUSIVE));
  }

  @Test
  void a_rule_of_one_target_replaces_that_of_each_target() throws Exception {
    baseline(SampleRun.with("llm.rss_max", 99, 100, 101));
    run.with("llm.rss_max", 150);
    String own = "llm.rss_max warn 90 %";
    String each = "*.rss_max warn 20 % fail 30 %";
    for (String[] rules : new String[][] {{own, each}, {each, own}}) {
      assertThat(compare(rules).checks())
          .extracting(Check::outcome, Check::limit)
          .containsExactly(tuple(Outcome.PASS, "+90 % warns"));
    }
  }

  @Test
  void every_figure_of_the_baseline_is_a_change_with_or_without_a_rule() throws Exception {
    run.with(Kpi.RTT_SENT, 200, 37.512345);
    assertThat(compare("rtt_sent.p95 warn 20 %").changes())
        .containsExactly(
            new Change("rtt_sent.p50", "ms", "lower", 25, 24, 26, 37.512, 50.049, 32.168, null),
            new Change("rtt_sent.p90", "ms", "lower", 50, 48, 52, 75.025, 50.049, 32.168, null),
            new Change(
                "rtt_sent.p95", "ms", "lower", 75, 72, 78, 112.54, 50.049, 32.168, Outcome.WARN),
            new Change("rtt_sent.p99", "ms", "lower", 100, 96, 104, null, null, 32.168, null));
  }

  @Test
  void what_no_rule_of_the_run_is_about_is_judged_by_the_catalogue() throws Exception {
    SampleRun[] runs = SampleRun.with("knee", 3_150, 3_199, 3_250);
    for (SampleRun old : runs) {
      old.with(Kpi.RTT, 3_000, 5).with("error_rate", 0).with("step3.decided_per_s", 400);
      old.with("injector.rss_max", 100).with("goodput", 100).with("lag_growth_exponent", 0.4);
    }
    baseline(runs);
    run.with("knee", 1_600).with(Kpi.RTT, 3_000, 19).with("error_rate", 0.4);
    run.with("injector.rss_max", 900).with("goodput", 94).with("success_rate", 90);
    Comparison comparison = compare("goodput warn 5 %");
    assertThat(comparison.checks())
        .extracting(Check::name, Check::outcome)
        .containsExactlyInAnyOrder(
            tuple("knee_change", Outcome.FAIL),
            tuple("rtt_p50_change", Outcome.FAIL),
            tuple("rtt_p99_change", Outcome.FAIL),
            tuple("error_rate_change", Outcome.PASS),
            tuple("goodput_change", Outcome.WARN),
            tuple("lag_growth_exponent_change", Outcome.INCONCLUSIVE),
            tuple("success_rate_change", Outcome.NOT_EVALUATED));
    assertThat(comparison.sentence()).endsWith(": 5 of 7 figures under a rule stand out.");
    assertThat(Verdict.of(comparison.checks(), true).letsBuildGoOn()).isFalse();
  }

  @Test
  void a_high_percentile_is_the_highest_firm_one_of_both_and_one_rule_of_the_run_replaces_it()
      throws Exception {
    baseline(runsOf(Kpi.RTT, 1_000));
    run.with(Kpi.RTT, 2_999, 25);
    assertThat(compare().checks())
        .extracting(Check::name, Check::outcome)
        .containsExactly(
            tuple("rtt_p50_change", Outcome.PASS), tuple("rtt_p95_change", Outcome.PASS));
    assertThat(compare("rtt.p90 warn 20 %").checks())
        .extracting(Check::name)
        .containsExactlyInAnyOrder("rtt_p50_change", "rtt_p90_change");
    run.kpis.remove("rtt");
    assertThat(compare().checks())
        .extracting(Check::name, Check::outcome)
        .containsExactly(
            tuple("rtt_p50_change", Outcome.INCONCLUSIVE),
            tuple("rtt_p90_change", Outcome.INCONCLUSIVE));
  }

  private static SampleRun[] runsOf(Kpi kpi, long samples) {
    return IntStream.rangeClosed(1, 3)
        .mapToObj(number -> new SampleRun(number).with(kpi, samples, 23 + number))
        .toArray(SampleRun[]::new);
  }

  @Test
  void the_form_of_the_file_is_pinned() throws Exception {
    baseline(SampleRun.with("goodput", 99, 98, 100));
    run.with("goodput", 90);
    JsonNode json = SampleRun.MAPPER.valueToTree(compare("goodput warn 5 %"));
    assertThat(SampleRun.MAPPER.treeToValue(json, Comparison.class).changes())
        .isEqualTo(compare("goodput warn 5 %").changes());
    assertThat(json.toString().replace('"', '\''))
        .isEqualTo(
            "{'schema':1,'state':'compared','reason':'','baseline':{'file':'%s',"
                    .formatted(baselines.file("SseBattleSimulation", "smoke"))
                + "'commit':'0123456789abcdef','made':'2026-11-21T08:00:03Z','runs':3},"
                + "'changes':[{'name':'goodput','unit':'%','direction':'higher',"
                + "'baseline':99.0,'low':98.0,'high':100.0,'figure':90.0,"
                + "'change_pct':-9.0909,'noise_pct':8.1232,'outcome':'WARN'}]}");
  }

  /** Runs and baselines that are not alike are tested with {@link Baseline}. */
  @Test
  void a_run_is_not_compared_without_a_baseline_that_fits_and_a_valid_verdict() throws Exception {
    run.settings.put("clients", "200");
    run.settings.put("steps", "1000, 3000");
    notCompared(
        "The baseline was made with other settings: clients 200 instead of 100, steps 1000, 3000"
            + " instead of none. -Dupdate-baseline makes one that fits.");
    assertThat(compare(RULE).baseline().runs()).isEqualTo(3);
    run.with(Check.validity("gc_pause", false, "", "", "The injector stood still."));
    notCompared("Not compared, because the run is invalid.");
    Path file = baselines.file("SseBattleSimulation", "smoke");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> compare(RULE)).isInstanceOf(UnusableFile.class);
    Files.delete(file);
    notCompared("There is no baseline " + file + "; -Dupdate-baseline makes one.");
    assertThat(compare(RULE).baseline()).isNull();
    JsonNode json = SampleRun.MAPPER.valueToTree(Comparison.none("Why."));
    assertThat(json)
        .hasToString(
            "{\"schema\":1,\"state\":\"not_compared\",\"reason\":\"Why.\",\"baseline\":null,"
                + "\"changes\":[]}");
  }

  private void notCompared(String reason) throws UnusableFile {
    Comparison comparison = compare(RULE);
    assertThat(comparison.made()).isFalse();
    assertThat(comparison.sentence()).isEqualTo(reason);
    assertThat(comparison.lines()).containsExactly(reason);
    assertThat(comparison.changes()).isEmpty();
    assertThat(comparison.checks())
        .containsExactly(
            new Check(
                "baseline",
                Kind.BASELINE,
                Outcome.INCONCLUSIVE,
                "none",
                "a baseline that can be compared",
                reason));
  }

  private static SampleRun sample(int number, double p50) {
    return new SampleRun(number).with(Kpi.RTT_SENT, 1_000, p50);
  }

  private void baseline(SampleRun... runs) throws IOException, UnusableFile {
    baselines.write(Baseline.of(Arrays.stream(runs).map(SampleRun::record).toList()));
  }

  private Comparison compare(String... rules) throws UnusableFile {
    List<Rule> parsed = Arrays.stream(rules).map(rule -> Rule.parse(rule, 20)).toList();
    return Comparison.of(baselines, run.record(), parsed, 20);
  }
}
