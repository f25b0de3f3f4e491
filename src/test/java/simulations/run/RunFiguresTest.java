package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import kpi.Kpi;
import kpi.ProcessSample;
import kpi.Sample;
import org.junit.jupiter.api.Test;

class RunFiguresTest {
  @Test
  void cpu_at_a_moment_lies_on_the_line_between_the_answers_around_it() {
    List<Sample> samples =
        List.of(sample(1, 0.5), sample(2, 1.5), sample(3, null), sample(4, 2.5), sample(5, 3.5));

    assertThat(DoubleStream.of(1, 1.25, 3, 4.5, 9).map(t -> RunFigures.cpuAt(samples, "llm", t)))
        .containsExactly(0.5, 0.75, 2.0, 3.0, 3.5);
    assertThat(RunFigures.cpuAt(samples, "proxy", 2)).isZero();
  }

  @Test
  void what_a_process_never_reported_is_no_figure() {
    List<Sample> samples = List.of(sample(1, null), sample(2, -1.0));

    assertThat(RunFigures.reports(samples, "llm", Kpi.CPU_CORES)).isFalse();
    assertThat(RunFigures.reports(samples, "proxy", Kpi.RSS_MAX)).isFalse();
    assertThat(RunFigures.reports(samples, "llm", Kpi.RSS_MAX)).isTrue();
  }

  @Test
  void a_share_of_nothing_is_nothing() {
    assertThat(RunFigures.percent(0, 0)).isZero();
    assertThat(RunFigures.percent(1, 3)).isCloseTo(33.333, within(0.001));
  }

  private static Sample sample(double t, Double cpuS) {
    Map<String, ProcessSample> processes = new LinkedHashMap<>();
    processes.put(
        "llm", cpuS == null ? null : new ProcessSample(cpuS, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1));
    return new Sample(t, "hold", 0, 0, 0, 0, Map.of(), processes);
  }
}
