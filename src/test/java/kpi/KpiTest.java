package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KpiTest {
  @Test
  void a_kpi_is_found_by_its_name_with_or_without_a_process() {
    assertThat(Kpi.named("rss_max")).contains(Kpi.RSS_MAX);
    assertThat(Kpi.named("llm.rss_max")).contains(Kpi.RSS_MAX);
    assertThat(Kpi.named(Kpi.CPU_CORES.of("proxy"))).contains(Kpi.CPU_CORES);
    assertThat(Kpi.named("rss")).isEmpty();
    assertThat(Kpi.named("")).isEmpty();
  }

  @Test
  void names_are_unique_and_safe_in_files() {
    assertThat(Arrays.stream(Kpi.values()).map(Kpi::word))
        .doesNotHaveDuplicates()
        .allMatch(word -> word.matches("[a-z][a-z0-9_]*"));
  }

  @Test
  void distributions_are_those_recorded_value_by_value() {
    assertThat(Arrays.stream(Kpi.values()).filter(Kpi::isDistribution))
        .contains(Kpi.TTFT, Kpi.DELIVERY_LAG, Kpi.GENERATOR_LAG)
        .doesNotContain(Kpi.SUCCESS_RATE, Kpi.GOODPUT, Kpi.CLOCK_BOUND)
        .allMatch(kpi -> kpi.unit().equals("ms"));
  }

  @Test
  void a_single_figure_has_no_recorder() {
    Recorders recorders = new Recorders();

    assertThat(recorders.of(Phase.MEASURE)).isEmpty();
    assertThat(recorders.of(Phase.MEASURE, Kpi.TTFT))
        .isSameAs(recorders.of(Phase.MEASURE, Kpi.TTFT))
        .isNotSameAs(recorders.of(Phase.WARM_UP, Kpi.TTFT));
    assertThat(recorders.of(Phase.MEASURE)).containsOnlyKeys(Kpi.TTFT);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> recorders.of(Phase.MEASURE, Kpi.GOODPUT))
        .withMessage("GOODPUT is a single figure, not a distribution");
  }
}
