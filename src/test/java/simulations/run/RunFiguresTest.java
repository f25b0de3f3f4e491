package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.run.LevelsTest.sample;

import java.util.List;
import kpi.Kpi;
import kpi.Sample;
import org.junit.jupiter.api.Test;

class RunFiguresTest {
  @Test
  void what_a_process_never_reported_is_no_figure() {
    List<Sample> samples = List.of(sample(1, null, 0), sample(2, -1.0, 0));

    assertThat(RunFigures.reports(samples, "llm", Kpi.CPU_CORES)).isFalse();
    assertThat(RunFigures.reports(samples, "proxy", Kpi.RSS_MAX)).isFalse();
    assertThat(RunFigures.reports(samples, "llm", Kpi.RSS_MAX)).isTrue();
  }

  @Test
  void a_share_of_nothing_is_nothing() {
    assertThat(RunFigures.percent(0, 0)).isZero();
    assertThat(RunFigures.percent(1, 3)).isCloseTo(33.333, within(0.001));
  }
}
