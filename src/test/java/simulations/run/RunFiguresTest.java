package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import kpi.Kpi;
import kpi.Outcome;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.Tally;
import kpi.Timeline.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** 100 users have one stream each for 10 s: 1,000 stream-seconds, however it is measured. */
  @ParameterizedTest
  @CsvSource({
    "1, 1,     1,   0", // As it is.
    "1, 0.001, 1,   997", // A clock that counts microseconds.
    "2, 1,     2,   1000", // Each stream counts twice.
    "1, 1,     0.5, 498", // The samples miss half of them.
    "1, 1,   0.999, 0", // They err by chance.
  })
  void a_tally_that_is_wrong_contradicts_its_witnesses(
      int times, double unit, double seen, double unexplained) {
    Tally tally = new Tally();
    for (int stream = 0; stream < 100 * times; stream++) {
      tally.start(0);
      tally.end(Outcome.OK, Math.round(10e9 * unit));
    }
    assertThat(RunFigures.unexplained(tally.timeInSystemNs(0) / 1e9, 1_000 * seen, 1_000, 100))
        .isCloseTo(unexplained, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "5, 0", "6, 1", "-1, 1"})
  void a_target_may_have_those_beside_the_load_open_too(double more, double strange) {
    assertThat(RunFigures.strange(more, 5)).isEqualTo(strange);
  }

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
