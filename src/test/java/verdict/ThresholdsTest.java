package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
                CheckKind.THRESHOLD,
                Grade.PASS,
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
                CheckKind.THRESHOLD,
                Grade.FAIL,
                "98.5 %",
                "> 99 %",
                "goodput is 98.5 %; the limit is > 99 %."));
  }

  @Test
  void a_figure_at_its_limit_is_judged_by_the_operator() {
    assertThat(check("goodput > 100 %").outcome()).isEqualTo(Grade.FAIL);
    assertThat(check("goodput >= 100 %").outcome()).isEqualTo(Grade.PASS);
  }

  @Test
  void a_percentile_without_enough_samples_is_inconclusive() {
    Percentiles few =
        new Percentiles("ms", "lower", "", 99, 1.0, 2.0, 2.0, null, null, null, null, 3.0);
    run.kpis.put("ttft", few);

    Check check = check("ttft.p95 < 500 ms");

    assertThat(check.outcome()).isEqualTo(Grade.INCONCLUSIVE);
    assertThat(check.figure()).isEqualTo("none");
    assertThat(check.reason())
        .isEqualTo(
            "ttft_p95 has only 99 samples; this percentile needs more. Let more clients run, or"
                + " limit a lower one.");
    assertThat(check("ttft.p50 < 500 ms").outcome()).isEqualTo(Grade.PASS);
  }

  @Test
  void what_was_not_measured_is_inconclusive() {
    for (String text : new String[] {"itl.p50 < 1 ms", "llm.rss_max < 200 MB"}) {
      Check check = check(text);

      assertThat(check.outcome()).isEqualTo(Grade.INCONCLUSIVE);
      assertThat(check.reason()).endsWith(" was not measured in this run.");
    }
  }

  @Test
  void checks_keep_the_order_of_their_limits() {
    List<Limit> limits =
        Stream.of("goodput > 99 %", "ttft.p95 < 1 s", "gap.max < 1 s").map(this::limit).toList();

    assertThat(Thresholds.check(limits, run.report()))
        .extracting(Check::name)
        .containsExactly("goodput", "ttft_p95", "gap_max");
  }

  private Check check(String text) {
    return Thresholds.check(List.of(limit(text)), run.report()).get(0);
  }

  private Limit limit(String text) {
    return Limit.parse(text, Map.of());
  }
}
