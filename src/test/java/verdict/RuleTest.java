package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.OptionalDouble;
import kpi.Direction;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import verdict.Check.Outcome;

class RuleTest {
  private static final double THRESHOLD = 20;

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
  @ValueSource(
      strings = {
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
    refused(text, "'" + text + "' is not a rule; write for example ttft.p99 warn 20 % fail 50 %");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
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
  void the_catalogue_has_the_direction_of_every_rule() {
    for (Kpi kpi : Kpi.values()) {
      String name = kpi.isDistribution() ? kpi.word() + ".p95" : kpi.word();
      String text = name + " warn 1 %";
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

  /** The baseline is 100 ms, so that a change in ms is that in per cent, or 0, as of a slope. */
  @ParameterizedTest
  @CsvSource({
    // Beyond the noise of 30 ms, the share decides.
    "warn 20 % fail 50 %, 100, 19.99, 30, PASS",
    "warn 20 % fail 50 %, 100, 30, 30, PASS",
    "warn 20 % fail 50 %, 100, 30.01, 30, WARN",
    "warn 20 % fail 50 %, 100, 49.99, 30, WARN",
    "warn 20 % fail 50 %, 100, 50, 30, FAIL",
    // Within the noise, only the failing share warns.
    "warn 20 % fail 50 %, 100, 20, 19.99, WARN",
    "warn 20 % fail 50 %, 100, 20, 20, PASS",
    "warn 20 % fail 50 %, 100, 49.99, 60, PASS",
    "warn 20 % fail 50 %, 100, 50, 49.99, FAIL",
    "warn 20 % fail 50 %, 100, 50, 50, WARN",
    // A rule with one share.
    "warn 20 %, 100, 19.99, 0, PASS",
    "warn 20 %, 100, 5000, 9000, PASS",
    "fail 50 %, 100, 49.99, 0, PASS",
    "fail 50 %, 100, 50, 0, FAIL",
    "fail 50 %, 100, 50, 60, WARN",
    // A change of less than the least passes.
    "warn 1 % fail 2 % at least 5 ms, 100, 4.99, 0, PASS",
    "warn 1 % fail 2 % at least 5 ms, 100, 5, 0, FAIL",
    // Without a share, it counts beyond the noise.
    "warn 20 % fail 50 %, 0, 0, 0, PASS",
    "warn 20 % fail 50 %, 0, 2, 2, PASS",
    "warn 20 % fail 50 %, 0, 2.01, 2, FAIL",
    "warn 20 %, 0, 2, 2, PASS",
    "warn 20 %, 0, 2.01, 2, WARN",
    "warn 20 % fail 50 % at least 3 ms, 0, 2.99, 2, PASS",
    "warn 20 % fail 50 % at least 3 ms, 0, 3, 2, FAIL",
  })
  void a_change_is_judged_by_its_share_and_the_noise(
      String shares, double centre, double worse, double noise, Outcome outcome) {
    Rule rule = Rule.parse("ttft.p99 " + shares, THRESHOLD);
    OptionalDouble share =
        centre > 0 ? OptionalDouble.of(100 * worse / centre) : OptionalDouble.empty();
    assertThat(rule.judge(share, worse, noise)).isEqualTo(outcome);
  }

  private static void refused(String text, String error) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rule.parse(text, THRESHOLD))
        .withMessage(error);
  }
}
