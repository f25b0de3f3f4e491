package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.Timeline.Span;
import org.junit.jupiter.api.Test;

class LevelsTest {
  @Test
  void a_total_at_a_moment_lies_on_the_line_between_the_samples_around_it() {
    List<Sample> samples =
        List.of(
            sample(1, 0.5, 0),
            sample(2, 1.5, 0),
            sample(3, null, 0),
            sample(4, 2.5, 0),
            sample(5, 3.5, 0),
            sample(6, 0.5, 0), // The process was restarted.
            sample(7, 1.0, 0));

    assertThat(
            DoubleStream.of(1, 1.25, 3, 4.5, 5, 6, 9)
                .map(t -> new Levels(samples, List.of(new Span("", 0, t))).cpuS("llm")))
        .containsExactly(0.5, 0.75, 2.0, 3.0, 3.5, 4.0, 4.5);
    assertThat(new Levels(samples, List.of(new Span("", 0, 2))).cpuS("proxy")).isZero();
  }

  /** Ten seconds of ramp and ten of drain at half the rate, around two holds of 1,000 events/s. */
  @Test
  void a_rate_and_its_cost_are_of_the_holds_alone_whatever_ramp_and_drain_are() {
    List<Sample> samples = new ArrayList<>();
    long events = 0;
    for (int t = 1; t <= 50; t++) {
      boolean level = (t > 10 && t <= 20) || (t > 30 && t <= 40);
      events += level ? 1_000 : 500;
      samples.add(sample(t, events / 1e3, events));
    }
    Levels levels =
        new Levels(samples, List.of(new Span("hold a", 10, 20), new Span("hold b", 30, 40)));

    assertThat(levels.lengthS()).isEqualTo(20);
    assertThat(levels.increase(Sample::events) / levels.lengthS()).isEqualTo(1_000);
    assertThat(levels.cpuS("llm") / levels.lengthS()).isCloseTo(1, within(1e-9));
    assertThat(levels.stretches()).extracting(List::size).containsExactly(11, 11);
  }

  static Sample sample(double t, Double cpuS, long events) {
    Map<String, ProcessSample> processes = new LinkedHashMap<>();
    processes.put(
        "llm", cpuS == null ? null : new ProcessSample(cpuS, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1));
    return new Sample(t, "hold", 0, events, 0, 0, 0, 0, Map.of(), processes);
  }
}
