package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.Percentiles;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
  private final HealthyRun run = new HealthyRun();

  @Test
  void a_figure_within_its_limit_passes() {
    assertThat(check("ttft.p95 < 5 ms"))
        .isEqualTo(
            new Check(
                "ttft_p95",
                Check.Kind.THRESHOLD,
                Check.Outcome.PASS,
                "4.75 ms",
                "< 5 ms",
                "ttft_p95 is 4.75 ms; the limit is < 5 ms."));
  }

  @Test
  void a_figure_beyond_its_limit_fails() {
    run.figure(Kpi.GOODPUT, 98.5);

    assertThat(check("goodput > 99 %"))
        .isEqualTo(
            new Check(
                "goodput",
                Check.Kind.THRESHOLD,
                Check.Outcome.FAIL,
                "98.5 %",
                "> 99 %",
                "goodput is 98.5 %; the limit is > 99 %."));
  }

  @Test
  void a_figure_at_its_limit_is_judged_by_the_operator() {
    assertThat(check("goodput > 100 %").outcome()).isEqualTo(Check.Outcome.FAIL);
    assertThat(check("goodput >= 100 %").outcome()).isEqualTo(Check.Outcome.PASS);
  }

  @Test
  void a_percentile_without_enough_samples_is_inconclusive() {
    Percentiles few =
        new Percentiles("ms", "lower", "", 99, 1.0, 2.0, 2.0, null, null, null, null, 3.0);
    run.kpis.put("ttft", few);

    Check check = check("ttft.p95 < 500 ms");

    assertThat(check.outcome()).isEqualTo(Check.Outcome.INCONCLUSIVE);
    assertThat(check.figure()).isEqualTo("none");
    assertThat(check.reason())
        .isEqualTo(
            "ttft_p95 has only 99 samples; this percentile needs more. Let more clients run, or"
                + " take a lower one.");
    assertThat(check("ttft.p50 < 500 ms").outcome()).isEqualTo(Check.Outcome.PASS);
  }

  @Test
  void what_was_not_measured_is_inconclusive() {
    for (String text : new String[] {"itl.p50 < 1 ms", "llm.rss_max < 200 MB"}) {
      Check check = check(text);

      assertThat(check.outcome()).isEqualTo(Check.Outcome.INCONCLUSIVE);
      assertThat(check.reason()).endsWith(" was not measured in this run.");
    }
  }

  @Test
  void checks_keep_the_order_of_their_limits() {
    List<Threshold> limits =
        Stream.of("goodput > 99 %", "ttft.p95 < 1 s", "gap.max < 1 s").map(this::limit).toList();

    assertThat(Threshold.check(limits, run.report()))
        .extracting(Check::name)
        .containsExactly("goodput", "ttft_p95", "gap_max");
  }

  @Test
  void a_star_is_a_check_for_each_target_and_for_nothing_else() {
    memory("injector", 500);
    memory("llm", 165);
    memory("proxy", 210);
    memory("targets", 375);

    assertThat(Threshold.check(List.of(limit("*.rss_max < 200 MB")), run.report()))
        .extracting(Check::name, Check::outcome)
        .containsExactly(
            tuple("llm_rss_max", Check.Outcome.PASS), tuple("proxy_rss_max", Check.Outcome.FAIL));
  }

  @Test
  void a_star_without_a_figure_is_no_check() {
    assertThat(Threshold.check(List.of(limit("*.rss_max < 200 MB")), run.report())).isEmpty();
  }

  @Test
  void a_limit_of_one_target_stands_instead_of_that_of_each() {
    memory("llm", 165);
    memory("proxy", 210);
    List<Threshold> own = List.of(limit("proxy.rss_max < 300 MB"));
    List<Threshold> general = List.of(limit("*.rss_max < 200 MB"));

    assertThat(Threshold.check(Threshold.merged(own, general), run.report()))
        .extracting(Check::name, Check::limit, Check::outcome)
        .containsExactly(
            tuple("proxy_rss_max", "< 300 MB", Check.Outcome.PASS),
            tuple("llm_rss_max", "< 200 MB", Check.Outcome.PASS));
  }

  @Test
  void a_simulations_own_limits_come_first_and_count_instead_of_the_general_ones() {
    assertThat(
            merged(
                List.of("ttft.p95 < 500 ms", "goodput > 90 %"),
                List.of("goodput > 99 %", "ttft.p99 < 1 s")))
        .containsExactly("ttft.p95 < 500 ms", "goodput > 90 %", "ttft.p99 < 1 s");
  }

  @Test
  void two_own_limits_of_one_figure_both_count() {
    List<String> band = List.of("gap.p50 > 60 ms", "gap.p50 < 63 ms");

    assertThat(merged(band, List.of("gap.p50 < 1 s"))).isEqualTo(band);
  }

  @Test
  void an_own_star_counts_instead_of_the_general_limit_of_a_target() {
    assertThat(
            merged(
                List.of("*.rss_max < 200 MB"),
                List.of("*.rss_max < 9 MB", "llm.rss_max < 9 MB", "injector.rss_max < 900 MB")))
        .containsExactly("*.rss_max < 200 MB", "injector.rss_max < 900 MB");
  }

  @Test
  void limits_may_lack_on_either_side() {
    assertThat(merged(List.of(), List.of("goodput > 99 %"))).containsExactly("goodput > 99 %");
    assertThat(merged(List.of("goodput > 99 %"), List.of())).containsExactly("goodput > 99 %");
    assertThat(merged(List.of(), List.of())).isEmpty();
  }

  @Test
  void a_slope_fails_only_if_its_whole_interval_does() {
    assertThat(slope(0.05, -0.1, 0.2).outcome()).isEqualTo(Check.Outcome.PASS);
    assertThat(slope(0.3, 0.05, 0.6).outcome()).isEqualTo(Check.Outcome.WARN);
    assertThat(slope(0.3, 0.11, 0.6).outcome()).isEqualTo(Check.Outcome.FAIL);
    assertThat(slope(0.3, 0.05, 0.6).reason())
        .isEqualTo(
            "llm_memory_slope is 0.300 MB/s (0.050 to 0.600); the limit is <= 0.100 MB/s, which its"
                + " interval includes.");
  }

  private Check slope(double value, double low, double high) {
    run.figures.put(Kpi.MEMORY_SLOPE.of("llm"), new Figure("MB/s", "lower", "", value, low, high));
    return check("*.memory_slope <= 0.1 MB/s");
  }

  private List<String> merged(List<String> own, List<String> general) {
    return Threshold.merged(
            own.stream().map(this::limit).toList(), general.stream().map(this::limit).toList())
        .stream()
        .map(Threshold::text)
        .toList();
  }

  private void memory(String process, double mb) {
    run.figures.put(Kpi.RSS_MAX.of(process), Figure.of(Kpi.RSS_MAX, mb));
  }

  private Check check(String text) {
    return Threshold.check(List.of(limit(text)), run.report()).get(0);
  }

  private Threshold limit(String text) {
    return Threshold.parse(text, Map.of());
  }
}
