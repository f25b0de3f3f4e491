package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import kpi.Figure;
import kpi.Kpi;
import kpi.Percentiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FigureNameTest {
  private static final FigureName EACH = new FigureName("*.rss_max", "");
  private static final List<String> FIGURES =
      List.of(
          "goodput",
          "injector.rss_max",
          "llm.rss_max",
          "llm.cpu_cores",
          "proxy-1.rss_max",
          "targets.rss_max",
          "rss_max");

  private final HealthyRun run = new HealthyRun();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttft.p95 | ttft | p95 | ttft_p95 | TTFT",
        "gap.p999 | gap | p999 | gap_p999 | GAP",
        "gap.max | gap | max | gap_max | GAP",
        "goodput | goodput | '' | goodput | GOODPUT",
        "llm.rss_max | llm.rss_max | '' | llm_rss_max | RSS_MAX",
        "proxy-1.cpu_cores | proxy-1.cpu_cores | '' | proxy_1_cpu_cores | CPU_CORES",
        "*.rss_max | *.rss_max | '' | *_rss_max | RSS_MAX",
        "stage_100.rtt.p99 | stage_100.rtt | p99 | stage_100_rtt_p99 | RTT",
        "stage_100.goodput | stage_100.goodput | '' | stage_100_goodput | GOODPUT",
      })
  void a_name_has_a_kpi_with_its_process_and_a_statistic(
      String text, String name, String stat, String checkName, Kpi kpi) {
    FigureName figure = FigureName.parse(text, text);

    assertThat(figure).isEqualTo(new FigureName(name, stat));
    assertThat(figure.text()).isEqualTo(text);
    assertThat(figure.checkName()).isEqualTo(checkName);
    assertThat(figure.kpi()).isEqualTo(kpi);
    assertThat(figure.isEach()).isEqualTo(text.startsWith("*"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ttfb | 'a rule' names 'ttfb', which is no KPI",
        "ttft.p98 | 'a rule' names 'ttft.p98', which is no KPI",
        "p95 | 'a rule' names 'p95', which is no KPI",
        "max | 'a rule' names 'max', which is no KPI",
        "*.p95 | 'a rule' names '*', which is no KPI",
        "ttft. | 'a rule' names 'ttft.', which is no KPI",
        "ttft..p95 | 'a rule' names 'ttft.', which is no KPI",
        "ttft | 'a rule' needs a statistic, for example ttft.p95",
        "goodput.p95 | 'a rule' has a statistic of a single figure; write goodput",
        "llm.rss_max.p95 | 'a rule' has a statistic of a single figure; write llm.rss_max",
        "llm.ttft.p95 | 'a rule': ttft is measured for the run, not a process",
        "*.ttft.p95 | 'a rule': ttft is measured for the run, not a process",
        "llm.ttft | 'a rule': ttft is measured for the run, not a process",
      })
  void a_wrong_name_is_an_error_with_the_text_around_it(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FigureName.parse(text, "a rule"))
        .withMessage(message);
  }

  @Test
  void a_star_is_each_target_but_neither_the_injector_nor_the_sum_of_the_targets() {
    assertThat(EACH.among(FIGURES, Set.of()))
        .containsExactly(new FigureName("llm.rss_max", ""), new FigureName("proxy-1.rss_max", ""));
  }

  @Test
  void a_star_leaves_out_what_is_named_by_itself() {
    assertThat(EACH.among(FIGURES, Set.of(EACH, new FigureName("llm.rss_max", ""))))
        .containsExactly(new FigureName("proxy-1.rss_max", ""));
  }

  @Test
  void a_name_without_a_star_is_itself_whether_it_was_measured_or_not() {
    FigureName name = new FigureName("llm.fd", "");

    assertThat(name.among(FIGURES, Set.of(name))).containsExactly(name);
    assertThat(name.among(List.of(), Set.of())).containsExactly(name);
  }

  @ParameterizedTest
  @CsvSource({
    "*.rss_max, llm.rss_max, true",
    "*.rss_max, *.rss_max, true",
    "*.rss_max, llm.cpu_cores, false",
    "*.rss_max, injector.rss_max, false",
    "*.rss_max, targets.rss_max, false",
    "*.rss_max, rss_max, false",
    "llm.rss_max, llm.rss_max, true",
    "llm.rss_max, *.rss_max, false",
    "llm.rss_max, proxy.rss_max, false",
  })
  void a_name_covers_itself_and_a_star_what_it_stands_for(
      String one, String other, boolean covers) {
    assertThat(new FigureName(one, "").covers(new FigureName(other, ""))).isEqualTo(covers);
  }

  @Test
  void the_value_is_that_of_a_statistic_or_of_a_single_figure() {
    run.figures.put("llm.rss_max", Figure.of(Kpi.RSS_MAX, 165));

    assertThat(new FigureName("ttft", "p99").value(run.report())).hasValue(5);
    assertThat(new FigureName("goodput", "").value(run.report())).hasValue(100);
    assertThat(new FigureName("llm.rss_max", "").value(run.report())).hasValue(165);
  }

  @Test
  void a_figure_that_was_not_measured_has_no_value() {
    assertThat(new FigureName("itl", "p50").value(run.report())).isEmpty();
    assertThat(new FigureName("llm.rss_max", "").value(run.report())).isEmpty();
    assertThat(new FigureName("ttft", "p999").value(run.report())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void a_value_that_is_not_finite_was_not_measured(double value) {
    run.figure(Kpi.GOODPUT, value);

    FigureName goodput = new FigureName("goodput", "");
    assertThat(goodput.value(run.report())).isEmpty();
    assertThat(goodput.whyNone(run.report())).isEqualTo("goodput was not measured in this run.");
  }

  @Test
  void a_figure_without_a_value_has_a_reason() {
    run.kpis.put(
        "itl",
        new Percentiles("ms", "lower", "", 0, null, null, null, null, null, null, null, null));

    assertThat(new FigureName("itl", "p50").whyNone(run.report()))
        .isEqualTo("itl was not measured in this run.");
    assertThat(new FigureName("connect", "p50").whyNone(run.report()))
        .isEqualTo("connect was not measured in this run.");
    assertThat(new FigureName("gap", "p999").whyNone(run.report()))
        .isEqualTo(
            "gap_p999 has only 16,200 samples; this percentile needs more. Run more clients,"
                + " or use a lower one.");
  }
}
