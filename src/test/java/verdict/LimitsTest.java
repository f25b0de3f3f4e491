package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Direction;
import kpi.Distribution;
import kpi.Figure;
import kpi.Kpi;
import kpi.Percentiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/** Thresholds and regression rules, and the names of figures in them. */
class LimitsTest {
  private static final double THRESHOLD = 20;

  private static final Map<String, Double> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put("interval", 61.5);
    WORDS.put("duration", 10_000.0);
  }

  private final SampleRun run = SampleRun.healthy();

  @ParameterizedTest
  @CsvSource({
    "<, true, false, false",
    "<=, true, true, false",
    ">, false, false, true",
    ">=, false, true, true",
  })
  void every_operator_compares_below_at_and_above_the_bound(
      String sign, boolean below, boolean at, boolean above) {
    assertThat(List.of(passes(sign, 98.9), passes(sign, 99), passes(sign, 99.1)))
        .containsExactly(below, at, above);
    assertThat(threshold("goodput " + sign + " 99 %").isUpper()).isEqualTo(below);
  }

  private boolean passes(String sign, double goodput) {
    run.with("goodput", goodput);
    return checks("goodput " + sign + " 99 %").get(0).outcome() == Outcome.PASS;
  }

  @ParameterizedTest
  @CsvSource({
    "'  ttft.p95 < 500 ms ', ttft.p95, 500, < 500 ms",
    "gap.p99 < 250 us, gap.p99, 0.25, < 0.250 ms",
    "gap.mean <= 1.5 s, gap.mean, 1500, '<= 1,500 ms'",
    "gap.p999 < 25ms+interval, gap.p999, 86.5, < 86.5 ms",
    "e2e.p95 < duration + 1 s + 500 ms, e2e.p95, 11500, '< 11,500 ms'",
    "gap.max < interval + interval, gap.max, 123, < 123 ms",
    "llm.rss_max<200MB, llm.rss_max, 200, < 200 MB",
    "*.cpu_cores > 2 cores, *.cpu_cores, 2, > 2 cores",
    "messages_per_s >= 1000 1/s, messages_per_s, 1000, '>= 1,000 1/s'",
    "llm.cpu_us_per_event < 12.5 us, llm.cpu_us_per_event, 12.5, < 12.5 us",
    "goodput >= 99 %, goodput, 99, >= 99 %",
    "stage_100.rtt.p99 < 5 ms, stage_100.rtt.p99, 5, < 5 ms",
  })
  void a_bound_is_a_sum_in_the_kpis_unit(String text, String figure, double bound, String words) {
    Threshold threshold = Threshold.parse(text, WORDS);
    assertThat(threshold.text()).isEqualTo(text.strip());
    assertThat(threshold.figure().text()).isEqualTo(figure);
    assertThat(threshold.bound()).isEqualTo(bound);
    assertThat(threshold.words()).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ttft",
        "ttft.p95 500 ms",
        "ttft.p95 = 5 ms",
        "< 5 ms",
        "",
        "ttft.p99",
        "ttft.p99 warn 20",
        "ttft.p99 warn -20 %",
        "ttft.p99 warn 20 % fail",
        "ttft.p99 fail 50 % warn 20 %",
        "ttft.p99 warn 20 % warn 30 %",
        "ttft.p99 warn 20 % at least",
        "ttft.p99 warn 20 % fail 50 %, gap.p99 warn 20 %",
        "ttft.p99 warn20 %",
        "*ttft.p99 warn 20 %",
      })
  void a_text_of_another_form_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> threshold(text))
        .withMessage("'" + text + "' is not a limit; write for example ttft.p95 < 500 ms");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rule.parse(text, THRESHOLD))
        .withMessage(
            "'" + text + "' is not a rule; write for example ttft.p99 warn 20 % fail 50 %");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ttfb.p95 < 5 ms | names 'ttfb', which is no KPI",
        "ttft.p98 < 5 ms | names 'ttft.p98', which is no KPI",
        "*.p95 < 5 ms | names '*', which is no KPI",
        "ttft. < 5 ms | names 'ttft.', which is no KPI",
        "ttft < 5 ms | needs a statistic, for example ttft.p95",
        "goodput.p95 > 99 % | has a statistic of a single figure; write goodput",
        "llm.ttft.p95 < 5 ms |: ttft is measured for the run, not a process",
        "*.ttft.p95 < 5 ms |: ttft is measured for the run, not a process",
        "gap.p99 < 5 |: '5' is not a number of ms or one of interval, duration",
        "gap.p99 < soon + 5 ms |: 'soon' is not a number of ms or one of interval, duration",
        "gap.p99 < -5 ms |: '-5 ms' is not a number of ms or one of interval, duration",
        "gap.p99 < 5 ms + |: '' is not a number of ms or one of interval, duration",
        "goodput > interval |: 'interval' is not a number of %",
        "ttfb.p99 warn 20 % | names 'ttfb', which is no KPI",
        "ttft.max warn 20 % |: no baseline keeps ttft.max; compare p50, p90, p95, p99, p999",
        "ttft.p99 warn 50 % fail 20 % | would fail before it warns",
        "ttft.p99 warn 2 threshold fail threshold | would fail before it warns",
        "ttft.p99 warn 0 % |: '0 %' is not a share above 0",
        "ttft.p99 warn 20 % fail 0.0 threshold |: '0.0 threshold' is not a share above 0",
        "ttft.p99 warn 1.2.3 % |: '1.2.3 %' is not a share above 0",
        "ttft.p99 warn .5 % |: '.5 %' is not a share above 0",
        "ttft.p99 warn 20 % at least 5 |: '5' is not a number of ms",
        "ttft.p99 warn 20 % at least interval |: 'interval' is not a number of ms",
        "goodput warn 20 % at least 5 ms |: '5 ms' is not a number of %",
      })
  void a_wrong_part_is_named(String text, String error) {
    refused(text, "'" + text + "'" + (error.startsWith(":") ? "" : " ") + error);
  }

  @Test
  void a_figure_is_checked_against_its_bound() {
    run.with("goodput", 98.5);
    assertThat(checks("ttft.p95 < 16 ms", "goodput > 99 %"))
        .containsExactly(
            new Check(
                "ttft_p95",
                Kind.THRESHOLD,
                Outcome.PASS,
                "15 ms",
                "< 16 ms",
                "ttft_p95 is 15 ms; the limit is < 16 ms."),
            new Check(
                "goodput",
                Kind.THRESHOLD,
                Outcome.FAIL,
                "98.5 %",
                "> 99 %",
                "goodput is 98.5 %; the limit is > 99 %."));
  }

  @Test
  void a_figure_that_is_not_known_is_inconclusive() {
    run.kpis.put("itl", Percentiles.of(Kpi.ITL, new Distribution()));
    run.with("goodput", Double.NaN);
    unknown("itl.p50 < 1 s", "itl was not measured in this run.");
    unknown("connect.p50 < 1 s", "connect was not measured in this run.");
    unknown("goodput > 9 %", "goodput was not measured in this run.");
    unknown("llm.rss_max < 9 MB", "llm.rss_max was not measured in this run.");
    unknown(
        "ttft.p999 < 1 s",
        "ttft_p999 has 1,000 samples and needs 10,000: 10 times the clients or seconds, or a lower"
            + " percentile.");
  }

  private void unknown(String limit, String reason) {
    assertThat(checks(limit))
        .extracting(Check::outcome, Check::figure, Check::reason)
        .containsExactly(tuple(Outcome.INCONCLUSIVE, "none", reason));
  }

  @ParameterizedTest
  @CsvSource({
    "success_rate > 99 %, outcome_limited, '> 99 %: 812 limited.'",
    "success_rate > 99 %, outcome_closed_early, '> 99 %: 812 closed early.'",
    "error_rate < 1 %,    bids_undecided, '< 1 %: 812 bids undecided.'",
    "goodput > 99 %,      outcome_ok, '> 99 %.'",
  })
  void a_rate_that_fails_has_the_failures_in_its_reason(String text, String counter, String end) {
    run.with("success_rate", 50).with("error_rate", 50).with("goodput", 50);
    run.counters.remove("outcome_reset");
    run.counters.put(counter, 812L);
    assertThat(checks(text).get(0).reason()).endsWith(end);
  }

  @Test
  void a_star_is_a_check_of_each_target_without_its_own_threshold() {
    String none = "No process of a target reported it.";
    assertThat(checks("*.rss_max < 200 MB", "targets.cpu_cores < 2 cores"))
        .extracting(Check::name, Check::outcome, Check::reason)
        .containsExactly(
            tuple("targets_rss_max", Outcome.NOT_EVALUATED, none),
            tuple("targets_cpu_cores", Outcome.NOT_EVALUATED, none));
    run.with("injector.rss_max", 500).with("targets.rss_max", 375);
    run.with("llm.rss_max", 165).with("proxy-1.rss_max", 210).with("llm.cpu_cores", 900);
    assertThat(checks("*.rss_max < 200 MB"))
        .extracting(Check::name, Check::outcome)
        .containsExactly(
            tuple("llm_rss_max", Outcome.PASS), tuple("proxy_1_rss_max", Outcome.FAIL));
    assertThat(checks("proxy-1.rss_max < 300 MB", "*.rss_max < 200 MB"))
        .extracting(Check::name, Check::limit, Check::outcome)
        .containsExactly(
            tuple("proxy_1_rss_max", "< 300 MB", Outcome.PASS),
            tuple("llm_rss_max", "< 200 MB", Outcome.PASS));
  }

  @Test
  void a_figure_that_a_process_lacks_is_not_evaluated_unless_the_process_was_named() {
    run.with("llm.rss_max", 165);
    run.absent.put("bids.rss_max", "It does not report it.");
    assertThat(checks("*.rss_max < 200 MB"))
        .extracting(Check::name, Check::outcome)
        .containsExactly(
            tuple("llm_rss_max", Outcome.PASS), tuple("bids_rss_max", Outcome.NOT_EVALUATED));
    assertThat(checks("bids.rss_max < 200 MB", "*.rss_max < 200 MB"))
        .extracting(Check::name, Check::outcome, Check::reason)
        .contains(tuple("bids_rss_max", Outcome.INCONCLUSIVE, "It does not report it."));
    assertThat(checks("llm.rss_max < 300 MB", "*.rss_max < 200 MB"))
        .extracting(Check::name)
        .containsExactly("llm_rss_max", "bids_rss_max");
  }

  @Test
  void a_slope_fails_only_if_its_whole_interval_does() {
    assertThat(slope(0.05, -0.1, 0.2).outcome()).isEqualTo(Outcome.PASS);
    assertThat(slope(0.3, 0.05, 0.6).outcome()).isEqualTo(Outcome.WARN);
    assertThat(slope(0.3, 0.11, 0.6).outcome()).isEqualTo(Outcome.FAIL);
    assertThat(slope(0.3, 0.05, 0.6).reason())
        .isEqualTo(
            "llm_memory_slope is 0.300 MB/s (0.050 to 0.600); the limit is <= 0.100 MB/s, which its"
                + " interval includes.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttft.p95 < 500 ms; goodput > 90 % | goodput > 99 %; ttft.p99 < 1 s"
            + "| ttft.p95 < 500 ms; goodput > 90 %; ttft.p99 < 1 s",
        "gap.p50 > 60 ms; gap.p50 < 63 ms | gap.p50 < 1 s | gap.p50 > 60 ms; gap.p50 < 63 ms",
        "*.rss_max < 200 MB | *.rss_max < 9 MB; llm.rss_max < 9 MB; injector.rss_max < 900 MB"
            + "| *.rss_max < 200 MB; injector.rss_max < 900 MB",
      })
  void a_simulations_own_thresholds_replace_the_general_ones(
      String own, String general, String merged) {
    assertThat(Threshold.merged(all(own), all(general))).isEqualTo(all(merged));
  }

  private static List<Threshold> all(String texts) {
    return Arrays.stream(texts.split("; ", -1))
        .filter(text -> !text.isEmpty())
        .map(LimitsTest::threshold)
        .toList();
  }

  private Check slope(double value, double low, double high) {
    run.figures.put(Kpi.MEMORY_SLOPE.of("llm"), new Figure("MB/s", "lower", "", value, low, high));
    return checks("*.memory_slope <= 0.1 MB/s").get(0);
  }

  private List<Check> checks(String... texts) {
    return Threshold.check(Stream.of(texts).map(LimitsTest::threshold).toList(), run.report());
  }

  private static Threshold threshold(String text) {
    return Threshold.parse(text, Map.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttft.p99 warn 20 % | 20 | Infinity | 0 | +20 % warns",
        "ttft.p99 fail 50 % | Infinity | 50 | 0 | +50 % fails",
        "ttft.p99 warn 7.5% fail 7.5% | 7.5 | 7.5 | 0 | +7.50 % warns, +7.50 % fails",
        "ttft.p99 warn threshold fail 2.5 threshold | 20 | 50 | 0 | +20 % warns, +50 % fails",
        "ttft.p99 warn 0.5threshold fail 1 threshold | 10 | 20 | 0 | +10 % warns, +20 % fails",
        "ttft.p99   warn   20 %   fail   50 %   at   least   5 ms | 20 | 50 | 5"
            + "| +20 % warns, +50 % fails, at least 5 ms",
        "ttft.p99 fail 50 % at least 1.5 s | Infinity | 50 | 1500 | +50 % fails, at least 1,500 ms",
        "ttft.p99 warn 20 % at least 250 us | 20 | Infinity | 0.25"
            + "| +20 % warns, at least 0.250 ms",
        "ttft.p99 warn 20 % at least 0 ms | 20 | Infinity | 0 | +20 % warns",
        "*.rss_max warn 50 % at least 10 MB | 50 | Infinity | 10 | +50 % warns, at least 10 MB",
        "llm.cpu_us_per_event warn 20 % at least 2us | 20 | Infinity | 2"
            + "| +20 % warns, at least 2 us",
        "goodput warn 1 % fail 2.5 % | 1 | 2.5 | 0 | -1 % warns, -2.50 % fails",
      })
  void shares_are_per_cent_or_multiples_of_the_threshold(
      String text, double warn, double fail, double atLeast, String words) {
    Rule rule = Rule.parse(" " + text + " ", THRESHOLD);
    FigureName figure = FigureName.parse(text.split(" ", 2)[0], text);
    assertThat(rule).isEqualTo(new Rule(text, figure, warn, fail, atLeast));
    assertThat(rule.words()).isEqualTo(words);
    assertThat(Rule.checkName(figure)).isEqualTo(figure.checkName() + "_change");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -20, Double.NaN, Double.POSITIVE_INFINITY})
  void a_threshold_must_be_a_share(double threshold) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rule.parse("ttft.p99 warn threshold", threshold))
        .withMessage("'ttft.p99 warn threshold': 'threshold' is not a share above 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rule.parse("ttft.p99 warn " + "9".repeat(400) + " %", THRESHOLD))
        .withMessageEndingWith("is not a share above 0");
  }

  @Test
  void the_catalogue_has_a_rule_and_a_direction_of_every_kpi() {
    for (Kpi kpi : Kpi.values()) {
      String name = kpi.isDistribution() ? kpi.word() + ".p95" : kpi.word();
      String text = name + " warn 1 %";
      assertThat(Rule.byDefault(FigureName.parse(name, name), THRESHOLD).isPresent())
          .as("%s is compared by a rule of its own, or has a reason why not", name)
          .isEqualTo(kpi.regression().whyNot().isEmpty());
      if (kpi.direction() == Direction.NEUTRAL) {
        refused(text, "'" + text + "': " + name + " gets neither better nor worse");
      } else {
        assertThat(Rule.parse(text, THRESHOLD).worse())
            .as(name)
            .isEqualTo(kpi.direction() == Direction.LOWER ? 1 : -1);
      }
    }
    assertThat(Arrays.stream(Kpi.values()).map(Kpi::direction)).contains(Direction.values());
  }

  private static void refused(String text, String error) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              Record unused =
                  text.matches(".*[<>].*")
                      ? Threshold.parse(text, WORDS)
                      : Rule.parse(text, THRESHOLD);
            })
        .withMessage(error);
  }
}
