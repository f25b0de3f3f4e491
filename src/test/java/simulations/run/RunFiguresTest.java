package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.ProcessSample;
import kpi.Sample;
import org.junit.jupiter.api.Test;

class RunFiguresTest {
  @Test
  void cpu_at_a_moment_lies_on_the_line_between_the_samples_around_it() {
    List<Sample> samples = List.of(sample(1, 0.5), sample(2, 1.5), sample(4, 1.5), sample(5, 3.5));

    assertThat(RunFigures.cpuAt(samples, "llm", 1)).isEqualTo(0.5);
    assertThat(RunFigures.cpuAt(samples, "llm", 1.25)).isEqualTo(0.75);
    assertThat(RunFigures.cpuAt(samples, "llm", 3)).isEqualTo(1.5);
    assertThat(RunFigures.cpuAt(samples, "llm", 4.5)).isEqualTo(2.5);
  }

  @Test
  void cpu_after_the_last_sample_is_that_of_the_last() {
    assertThat(RunFigures.cpuAt(List.of(sample(1, 0.5)), "llm", 9)).isEqualTo(0.5);
  }

  @Test
  void a_sample_without_an_answer_is_passed_over() {
    List<Sample> samples = List.of(sample(1, 1), silent(2), sample(3, 2));

    assertThat(RunFigures.cpuAt(samples, "llm", 2)).isEqualTo(1.5);
    assertThat(RunFigures.cpuAt(samples, "proxy", 2)).isZero();
  }

  @Test
  void a_share_of_nothing_is_nothing() {
    assertThat(RunFigures.percent(0, 0)).isZero();
    assertThat(RunFigures.percent(1, 3)).isCloseTo(33.333, within(0.001));
  }

  private static Sample sample(double t, double cpuS) {
    ProcessSample figures = new ProcessSample(cpuS, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1);
    return new Sample(t, "hold", 0, 0, 0, 0, Map.of(), Map.of("llm", figures));
  }

  private static Sample silent(double t) {
    Map<String, ProcessSample> processes = new LinkedHashMap<>();
    processes.put("llm", null);
    return new Sample(t, "hold", 0, 0, 0, 0, Map.of(), processes);
  }
}
