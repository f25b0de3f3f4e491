package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.OptionalDouble;
import kpi.Direction;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {
  private static final double THRESHOLD = 20;

  @Test
  void a_rule_has_a_figure_two_shares_and_the_least_change_that_matters() {
    Rule rule = Rule.parse("  ttft.p99 warn 20 % fail 50 % at least 5 ms ", THRESHOLD);

    assertThat(rule)
        .isEqualTo(
            new Rule(
                "ttft.p99 warn 20 % fail 50 % at least 5 ms",
                new FigureName("ttft", "p99"), 20, 50, 5));
    assertThat(Rule.checkName(rule.figure())).isEqualTo("ttft_p99_change");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttft.p99 warn 20 % | 20 | Infinity | 0",
        "ttft.p99 fail 50 % | Infinity | 50 | 0",
        "ttft.p99 warn 7.5% fail 7.5% | 7.5 | 7.5 | 0",
        "ttft.p99 warn threshold | 20 | Infinity | 0",
        "ttft.p99 warn threshold fail 2.5 threshold | 20 | 50 | 0",
        "ttft.p99 warn 0.5threshold fail 1 threshold | 10 | 20 | 0",
        "ttft.p99 warn 10 % fail 2 threshold | 10 | 40 | 0",
        "ttft.p99   warn   20 %   fail   50 %   at   least   5 ms | 20 | 50 | 5",
        "ttft.p99 fail 50 % at least 1.5 s | Infinity | 50 | 1500",
        "ttft.p99 warn 20 % at least 250 us | 20 | Infinity | 0.25",
        "ttft.p99 warn 20 % at least 0 ms | 20 | Infinity | 0",
        "*.rss_max warn 20 % at least 10 MB | 20 | Infinity | 10",
        "llm.cpu_us_per_event warn 20 % at least 2us | 20 | Infinity | 2",
        "messages_per_s fail 20 % at least 100 1/s | Infinity | 20 | 100",
      })
  void shares_are_per_cent_or_multiples_of_the_threshold(
      String text, double warn, double fail, double atLeast) {
    Rule rule = Rule.parse(text, THRESHOLD);

    assertThat(rule.warnPct()).isEqualTo(warn);
    assertThat(rule.failPct()).isEqualTo(fail);
    assertThat(rule.atLeast()).isEqualTo(atLeast);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0.25", "10, 25", "40, 100", "1000, 2500"})
  void the_word_threshold_scales_with_the_threshold(double threshold, double fail) {
    Rule rule = Rule.parse("ttft.p99 warn threshold fail 2.5 threshold", threshold);

    assertThat(rule.warnPct()).isEqualTo(threshold);
    assertThat(rule.failPct()).isCloseTo(fail, within(1e-9));
  }

  @Test
  void per_cent_do_not_scale_with_the_threshold() {
    assertThat(Rule.parse("ttft.p99 warn 20 %", 1_000).warnPct()).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ttft.p99",
        "ttft.p99 at least 5 ms",
        "ttft.p99 warn",
        "ttft.p99 warn 20",
        "ttft.p99 warn twenty %",
        "ttft.p99 warn -20 %",
        "ttft.p99 warn +20 %",
        "ttft.p99 warn 20 % fail",
        "ttft.p99 fail 50 % warn 20 %",
        "ttft.p99 warn 20 % warn 30 %",
        "ttft.p99 warn 20 % at least",
        "ttft.p99 warn 20 % at most 5 ms",
        "ttft.p99 warn 20 % fail 50 %, gap.p99 warn 20 %",
        "ttft.p99 Warn 20 %",
        "TTFT.p99 warn 20 %",
        "ttft.p99 warn20 %",
        "ttft.p99 < 5 ms",
        "*ttft.p99 warn 20 %",
        "a*.rss_max warn 20 %",
        "warn 20 %",
      })
  void says_that_a_text_is_no_rule(String text) {
    refused(text, "'" + text + "' is not a rule; write for example ttft.p99 warn 20 % fail 50 %");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ttfb.p99 warn 20 % | names 'ttfb', which is no KPI",
        "p99 warn 20 % | names 'p99', which is no KPI",
        "ttft warn 20 % | needs a statistic, for example ttft.p95",
        "goodput.p95 warn 20 % | asks a statistic of a single figure; write goodput",
        "*.ttft.p99 warn 20 % |: ttft is measured for the run, not a process",
        "requests_per_s warn 20 % |: requests_per_s gets neither better nor worse",
        "ttft.max warn 20 % |: no baseline keeps ttft.max; compare p50, p90, p95, p99, p999",
        "ttft.mean warn 20 % |: no baseline keeps ttft.mean; compare p50, p90, p95, p99, p999",
        "ttft.min fail 20 % |: no baseline keeps ttft.min; compare p50, p90, p95, p99, p999",
        "ttft.p99 warn 50 % fail 20 % | would fail before it warns",
        "ttft.p99 warn 2 threshold fail threshold | would fail before it warns",
        "ttft.p99 warn 0 % |: '0 %' is not a share above 0",
        "ttft.p99 warn % |: '%' is not a share above 0",
        "ttft.p99 warn 20 % fail 0.0 threshold |: '0.0 threshold' is not a share above 0",
        "ttft.p99 warn 1.2.3 % |: '1.2.3 %' is not a share above 0",
        "ttft.p99 warn .5 % |: '.5 %' is not a share above 0",
        "ttft.p99 warn 5. % |: '5. %' is not a share above 0",
        "ttft.p99 warn 20 % at least 5 |: '5' is not a number of ms",
        "ttft.p99 warn 20 % at least 5 MB |: '5 MB' is not a number of ms",
        "ttft.p99 warn 20 % at least interval |: 'interval' is not a number of ms",
        "ttft.p99 warn 20 % at least -5 ms |: '-5 ms' is not a number of ms",
        "goodput warn 20 % at least 5 ms |: '5 ms' is not a number of %",
      })
  void says_what_is_wrong_with_a_rule(String text, String message) {
    String space = message.startsWith(":") ? "" : " ";

    refused(text, "'" + text + "'" + space + message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -20, Double.NaN, Double.POSITIVE_INFINITY})
  void a_threshold_that_is_no_share_makes_its_rules_wrong(double threshold) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rule.parse("ttft.p99 warn threshold", threshold))
        .withMessage("'ttft.p99 warn threshold': 'threshold' is not a share above 0");
  }

  @Test
  void a_share_beyond_all_numbers_is_refused() {
    String text = "ttft.p99 warn " + "9".repeat(400) + " %";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rule.parse(text, THRESHOLD))
        .withMessageEndingWith("is not a share above 0");
  }

  @Test
  void which_way_is_worse_is_in_the_catalogue() {
    for (Kpi kpi : Kpi.values()) {
      String name = kpi.isDistribution() ? kpi.word() + ".p95" : kpi.word();
      if (kpi.direction() == Direction.NEUTRAL) {
        refused(
            name + " warn 1 %",
            "'" + name + " warn 1 %': " + name + " gets neither better nor worse");
      } else {
        assertThat(Rule.parse(name + " warn 1 %", THRESHOLD).worse())
            .as(name)
            .isEqualTo(kpi.direction() == Direction.LOWER ? 1 : -1);
      }
    }
    assertThat(Arrays.stream(Kpi.values()).map(Kpi::direction)).contains(Direction.values());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttft.p99 warn 20 % fail 50 % at least 5 ms | +20 % warns, +50 % fails, at least 5 ms",
        "ttft.p99 warn threshold | +20 % warns",
        "ttft.p99 fail 2.5 threshold | +50 % fails",
        "goodput warn 1 % fail 2.5 % | -1 % warns, -2.50 % fails",
        "*.rss_max warn 50 % at least 10 MB | +50 % warns, at least 10 MB",
      })
  void says_what_is_asked(String text, String words) {
    assertThat(Rule.parse(text, THRESHOLD).words()).isEqualTo(words);
  }

  /** Baseline 100 ms, noise 30 ms, warn 20 %, fail 50 %: the change in ms is that in per cent. */
  @ParameterizedTest
  @CsvSource({
    "-100, PASS",
    "0, PASS",
    "19.99, PASS",
    "20, PASS",
    "30, PASS",
    "30.01, WARN",
    "49.99, WARN",
    "50, FAIL",
    "1000, FAIL",
  })
  void what_is_certain_warns_and_fails_by_its_share(double worse, Check.Outcome outcome) {
    Rule rule = Rule.parse("ttft.p99 warn 20 % fail 50 %", THRESHOLD);

    assertThat(rule.judge(OptionalDouble.of(worse), worse, 30)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "20, 19.99, WARN",
    "20, 20, PASS",
    "49.99, 60, PASS",
    "50, 49.99, FAIL",
    "50, 50, WARN",
    "80, 80, WARN",
    "80, 79.99, FAIL",
    "80, 1000, WARN",
  })
  void what_may_be_chance_warns_only_by_the_failing_share(
      double worse, double noise, Check.Outcome outcome) {
    Rule rule = Rule.parse("ttft.p99 warn 20 % fail 50 %", THRESHOLD);

    assertThat(rule.judge(OptionalDouble.of(worse), worse, noise)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"19.99, 0, PASS", "20, 0, WARN", "5000, 0, WARN", "5000, 9000, PASS"})
  void a_rule_that_only_warns_never_fails(double worse, double noise, Check.Outcome outcome) {
    Rule rule = Rule.parse("ttft.p99 warn 20 %", THRESHOLD);

    assertThat(rule.judge(OptionalDouble.of(worse), worse, noise)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"49.99, 0, PASS", "50, 0, FAIL", "50, 60, WARN"})
  void a_rule_that_only_fails_warns_of_what_may_be_chance(
      double worse, double noise, Check.Outcome outcome) {
    Rule rule = Rule.parse("ttft.p99 fail 50 %", THRESHOLD);

    assertThat(rule.judge(OptionalDouble.of(worse), worse, noise)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"4.99, PASS", "5, FAIL", "5.01, FAIL"})
  void a_change_of_less_than_at_least_passes_however_large_its_share(
      double worseMs, Check.Outcome outcome) {
    Rule rule = Rule.parse("ttft.p99 warn 20 % fail 50 % at least 5 ms", THRESHOLD);

    assertThat(rule.judge(OptionalDouble.of(1_000), worseMs, 0)).isEqualTo(outcome);
  }

  /** The centre is 0 or negative, as of a slope: there is no share to be judged by. */
  @ParameterizedTest
  @CsvSource({
    "warn 20 % fail 50 %, -1, 2, PASS",
    "warn 20 % fail 50 %, 0, 0, PASS",
    "warn 20 % fail 50 %, 2, 2, PASS",
    "warn 20 % fail 50 %, 2.01, 2, FAIL",
    "warn 20 %, 2, 2, PASS",
    "warn 20 %, 2.01, 2, WARN",
    "warn 20 %, 0.001, 0, WARN",
    "fail 50 %, 2, 2, PASS",
    "fail 50 %, 2.01, 2, FAIL",
    "warn 20 % fail 50 % at least 3 ms, 2.99, 2, PASS",
    "warn 20 % fail 50 % at least 3 ms, 3, 2, FAIL",
  })
  void without_a_share_a_change_counts_if_it_is_certain(
      String shares, double worse, double noise, Check.Outcome outcome) {
    Rule rule = Rule.parse("ttft.p99 " + shares, THRESHOLD);

    assertThat(rule.judge(OptionalDouble.empty(), worse, noise)).isEqualTo(outcome);
  }

  private static void refused(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rule.parse(text, THRESHOLD))
        .withMessage(message);
  }
}
