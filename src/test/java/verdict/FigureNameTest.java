package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import kpi.Kpi;
import kpi.Percentiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private final SampleRun run = SampleRun.healthy();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttft.p95 | ttft | p95 | ttft_p95 | TTFT",
        "goodput | goodput | '' | goodput | GOODPUT",
        "proxy-1.cpu_cores | proxy-1.cpu_cores | '' | proxy_1_cpu_cores | CPU_CORES",
        "*.rss_max | *.rss_max | '' | *_rss_max | RSS_MAX",
        "stage_100.rtt.p99 | stage_100.rtt | p99 | stage_100_rtt_p99 | RTT",
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
        "*.p95 | 'a rule' names '*', which is no KPI",
        "ttft. | 'a rule' names 'ttft.', which is no KPI",
        "ttft | 'a rule' needs a statistic, for example ttft.p95",
        "goodput.p95 | 'a rule' has a statistic of a single figure; write goodput",
        "llm.ttft.p95 | 'a rule': ttft is measured for the run, not a process",
        "*.ttft.p95 | 'a rule': ttft is measured for the run, not a process",
      })
  void a_wrong_name_is_an_error_with_the_text_around_it(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FigureName.parse(text, "a rule"))
        .withMessage(message);
  }

  @Test
  void a_star_is_each_target_that_is_not_named_by_itself() {
    FigureName llm = new FigureName("llm.rss_max", "");
    FigureName proxy = new FigureName("proxy-1.rss_max", "");
    assertThat(EACH.among(FIGURES, Set.of())).containsExactly(llm, proxy);
    assertThat(EACH.among(FIGURES, Set.of(EACH, llm))).containsExactly(proxy);
    assertThat(llm.among(FIGURES, Set.of(llm))).containsExactly(llm);
    assertThat(llm.among(List.of(), Set.of())).as("not measured").containsExactly(llm);
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
  void a_figure_has_a_value_or_a_reason_why_it_has_none() {
    run.kpis.put(
        "itl",
        new Percentiles("ms", "lower", "", 0, null, null, null, null, null, null, null, null));
    run.with("llm.rss_max", 165).with("goodput", Double.NaN);
    assertThat(value("ttft", "p99")).hasValue(20);
    assertThat(value("llm.rss_max", "")).hasValue(165);
    none("itl", "p50", "itl was not measured in this run.");
    none("connect", "p50", "connect was not measured in this run.");
    none("goodput", "", "goodput was not measured in this run.");
    none("llm.fd", "", "llm.fd was not measured in this run.");
    none(
        "ttft",
        "p999",
        "ttft_p999 has only 1,000 samples; this percentile needs more. Run more clients, or use a"
            + " lower one.");
  }

  private void none(String name, String stat, String reason) {
    assertThat(value(name, stat)).isEmpty();
    assertThat(new FigureName(name, stat).whyNone(run.report())).isEqualTo(reason);
  }

  private OptionalDouble value(String name, String stat) {
    return new FigureName(name, stat).value(run.report());
  }
}
