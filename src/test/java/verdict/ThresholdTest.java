package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import verdict.Threshold.Operator;

class ThresholdTest {
  private static final Map<String, Double> WORDS = words();

  @Test
  void a_limit_has_a_name_a_statistic_an_operator_and_a_bound() {
    Threshold limit = Threshold.parse("  ttft.p95 < 500 ms ", WORDS);

    assertThat(limit)
        .isEqualTo(
            new Threshold("ttft.p95 < 500 ms", new FigureName("ttft", "p95"), Operator.LT, 500));
    assertThat(limit.figure().kpi()).isEqualTo(Kpi.TTFT);
    assertThat(limit.checkName()).isEqualTo("ttft_p95");
    assertThat(limit.words()).isEqualTo("< 500 ms");
  }

  @Test
  void a_figure_of_a_process_keeps_its_process() {
    Threshold limit = Threshold.parse("llm.rss_max<200MB", WORDS);

    assertThat(limit.figure().name()).isEqualTo("llm.rss_max");
    assertThat(limit.figure().stat()).isEmpty();
    assertThat(limit.figure().kpi()).isEqualTo(Kpi.RSS_MAX);
    assertThat(limit.checkName()).isEqualTo("llm_rss_max");
    assertThat(limit.words()).isEqualTo("< 200 MB");
  }

  @Test
  void a_star_stands_for_each_target() {
    Threshold limit = Threshold.parse("*.rss_max <= 200 MB", WORDS);

    assertThat(limit.figure()).isEqualTo(new FigureName("*.rss_max", ""));
    assertThat(limit.figure().isEach()).isTrue();
    assertThat(limit.bound()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "<, true, false, false",
    "<=, true, true, false",
    ">, false, false, true",
    ">=, false, true, true",
  })
  void every_operator_compares_below_at_and_above_the_bound(
      String sign, boolean below, boolean at, boolean above) {
    Threshold limit = Threshold.parse("goodput " + sign + " 99 %", WORDS);

    assertThat(limit.operator().sign()).isEqualTo(sign);
    assertThat(limit.operator().holds(98.9, limit.bound())).isEqualTo(below);
    assertThat(limit.operator().holds(99, limit.bound())).isEqualTo(at);
    assertThat(limit.operator().holds(99.1, limit.bound())).isEqualTo(above);
    assertThat(limit.operator().holds(Double.NaN, limit.bound())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "gap.p99 < 250 us, 0.25",
    "gap.p99 < 25 ms, 25",
    "gap.p99 < 1.5 s, 1500",
    "gap.p99 < interval, 61.5",
    "gap.p99 < interval + 25 ms, 86.5",
    "gap.p99 < 25ms+interval, 86.5",
    "e2e.p95 < duration + 1 s + 500 ms, 11500",
    "gap.max < interval + interval, 123",
    "targets.cpu_cores < 2 cores, 2",
    "messages_per_s >= 1000 1/s, 1000",
    "llm.cpu_us_per_event < 12.5 us, 12.5",
  })
  void bounds_are_sums_in_the_kpis_unit(String text, double bound) {
    assertThat(Threshold.parse(text, WORDS).bound()).isCloseTo(bound, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"min", "mean", "max", "p50", "p90", "p95", "p99", "p999"})
  void every_statistic_can_be_limited(String stat) {
    Threshold limit = Threshold.parse("gap." + stat + " < 1 ms", WORDS);

    assertThat(limit.figure().name()).isEqualTo("gap");
    assertThat(limit.figure().stat()).isEqualTo(stat);
  }

  @Test
  void says_that_a_text_is_no_limit() {
    for (String text : new String[] {"", "ttft", "ttft.p95 500 ms", "ttft.p95 = 5 ms", "< 5 ms"}) {
      refused(text, "'" + text + "' is not a limit; write for example ttft.p95 < 500 ms");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ttfb.p95 < 5 ms | 'ttfb.p95 < 5 ms' names 'ttfb', which is no KPI",
        "p95 < 5 ms | 'p95 < 5 ms' names 'p95', which is no KPI",
        "llm.ttft.p95 < 5 ms "
            + "| 'llm.ttft.p95 < 5 ms': ttft is measured for the run, not a process",
        "*.ttft.p95 < 5 ms " + "| '*.ttft.p95 < 5 ms': ttft is measured for the run, not a process",
        "*.rss < 5 MB | '*.rss < 5 MB' names '*.rss', which is no KPI",
        "ttft.p98 < 5 ms | 'ttft.p98 < 5 ms' names 'ttft.p98', which is no KPI",
        "ttft < 5 ms | 'ttft < 5 ms' needs a statistic, for example ttft.p95",
        "goodput.p95 > 9 % "
            + "| 'goodput.p95 > 9 %' asks a statistic of a single figure; write goodput",
        "gap.p99 < 5 | 'gap.p99 < 5': '5' is not a number of ms or one of interval, duration",
        "gap.p99 < 5 m "
            + "| 'gap.p99 < 5 m': '5 m' is not a number of ms or one of interval, duration",
        "gap.p99 < soon + 5 ms "
            + "| 'gap.p99 < soon + 5 ms': 'soon' is not a number of ms"
            + " or one of interval, duration",
        "gap.p99 < -5 ms "
            + "| 'gap.p99 < -5 ms': '-5 ms' is not a number of ms or one of interval, duration",
        "gap.p99 < 5 ms + "
            + "| 'gap.p99 < 5 ms +': '' is not a number of ms or one of interval, duration",
        "goodput > 99 | 'goodput > 99': '99' is not a number of %",
        "goodput > interval | 'goodput > interval': 'interval' is not a number of %",
        "llm.rss_max < 1 s | 'llm.rss_max < 1 s': '1 s' is not a number of MB",
      })
  void says_what_is_wrong_with_a_limit(String text, String sentence) {
    refused(text, sentence);
  }

  private static void refused(String text, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Threshold.parse(text, WORDS))
        .withMessage(sentence);
  }

  private static Map<String, Double> words() {
    Map<String, Double> words = new LinkedHashMap<>();
    words.put("interval", 61.5);
    words.put("duration", 10_000.0);
    return words;
  }
}
