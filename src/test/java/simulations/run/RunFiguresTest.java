package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.run.Answers.assertAnswer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.DoubleStream;
import kpi.Figure;
import kpi.GeneratorProbe.Stall;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.ProcessSample;
import kpi.Recorders;
import kpi.Sample;
import kpi.Seconds;
import kpi.Tally;
import kpi.Timeline;
import kpi.Timeline.Span;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFiguresTest {
  private static final long MS = 1_000_000;

  @Test
  void what_a_process_never_reported_is_no_figure() {
    List<Sample> samples = List.of(sample(1, null, 0), sample(2, -1.0, 0));

    assertThat(RunFigures.reports(samples, "llm", Kpi.CPU_CORES)).isFalse();
    assertThat(RunFigures.reports(samples, "proxy", Kpi.RSS_MAX)).isFalse();
    assertThat(RunFigures.reports(samples, "llm", Kpi.RSS_MAX)).isTrue();
  }

  /** 100 users have one stream each for 10 s: 1,000 stream-seconds, however it is measured. */
  @ParameterizedTest
  @CsvSource({
    "1, 1,     1,   0", // As it is.
    "1, 0.001, 1,   99.7", // A clock that counts microseconds.
    "2, 1,     2,   100", // Each stream counts twice.
    "1, 1,     0.5, 49.8", // The samples miss half of them.
    "1, 1,   0.999, 0", // They err by chance.
  })
  void a_tally_that_is_wrong_contradicts_its_witnesses(
      int times, double unit, double seen, double unexplained) {
    Tally tally = new Tally();
    for (int stream = 0; stream < 100 * times; stream++) {
      tally.start(0);
      tally.end(Outcome.OK, Math.round(10e9 * unit));
    }
    double inSystemS = tally.timeInSystemNs(0) / 1e9;
    double found = RunFigures.unexplainedPct(inSystemS, 1_000 * seen, 1_000, 100);
    assertAnswer(found, Kpi.LITTLES_LAW, unexplained);
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
    assertAnswer(levels.perS(Sample::events).orElseThrow(), Kpi.EVENTS_PER_S, 1_000);
    assertAnswer(levels.cores("llm").orElseThrow(), Kpi.CPU_CORES, 1);
    assertThat(levels.cores("proxy")).isEmpty();
    assertThat(levels.stretches()).extracting(List::size).containsExactly(11, 11);
    Map<String, Figure> streams = RunFigures.ofStreams(ended(), levels);
    assertAnswer(streams, Kpi.SUCCESS_RATE, 200 / 3.0);
    assertAnswer(streams, Kpi.MESSAGES_PER_S, 1_000);
    assertAnswer(streams, Kpi.REQUESTS_PER_S, 100);
    Levels whole = new Levels(samples, List.of(new Span("measured", 1, 50)));
    Map<String, Figure> llm =
        RunFigures.ofProcess("llm", whole, levels, true, OptionalLong.of(3_500_000));
    assertAnswer(llm, Kpi.CPU_S, 34.5);
    assertAnswer(llm, Kpi.CPU_CORES, 1);
    assertAnswer(llm, Kpi.CPU_US_PER_EVENT, 1_000);
    assertAnswer(llm, Kpi.RSS_MAX, 50);
    assertAnswer(llm, Kpi.RSS_GROWTH, 47);
    assertAnswer(llm, Kpi.LIVE_HEAP_GROWTH, 3.5);
    assertThat(RunFigures.ofProcess("llm", whole, levels, false, OptionalLong.empty()))
        .doesNotContainKeys("llm.cpu_us_per_event", "llm.live_heap_growth");
  }

  @Test
  void the_cpu_of_all_targets_is_unknown_if_one_of_them_reports_none() {
    Levels levels =
        new Levels(List.of(sample(1, 0.5, 0), sample(2, 1.5, 0)), List.of(new Span("", 1, 2)));

    assertAnswer(RunFigures.ofTargets(Set.of("llm"), levels, levels), Kpi.CPU_CORES, 1);
    assertThat(RunFigures.ofTargets(Set.of("llm", "proxy"), levels, levels)).isEmpty();
    assertThat(RunFigures.ofTargets(Set.of(), levels, levels)).isEmpty();
  }

  /** The recorder of gaps is there before the first gap. */
  @Test
  void streams_that_hang_without_any_answer_differ_from_those_that_had_one() {
    Recording recording = Recording.ofStage(() -> 0);
    recording.of(Kpi.GENERATOR_LAG).record(1);
    recording.of(Kpi.GAP).silent(1);
    assertThat(Trouble.hung(3, recording.recorders().of(Phase.MEASURE)))
        .isEqualTo("3 streams had not ended when the run's time was up; no request had an answer");
    recording.of(Kpi.TTFT).record(1);
    assertThat(Trouble.hung(3, recording.recorders().of(Phase.MEASURE))).endsWith("was up");
  }

  @Test
  void pauses_and_stalls_of_the_generator_are_figures() {
    Map<String, Figure> figures =
        RunFigures.ofGenerator(30, 50, 10, new Stall(0, 42_000_000), 17.2);
    assertAnswer(figures, Kpi.GC_PAUSE_MAX, 30);
    assertAnswer(figures, Kpi.GC_SHARE, 0.5);
    assertAnswer(figures, Kpi.GENERATOR_STALL, 42);
    assertAnswer(figures, Kpi.GENERATOR_STALL_AT, 17.2);
  }

  @Test
  void cancelled_streams_are_in_no_share_and_without_any_other_there_is_none() {
    Recording recording = ended();
    recording.judge(0, 0);
    recording.judge(1, 0);
    assertAnswer(recording.goodput(), Kpi.GOODPUT, 100 / 3.0);
    Recording none = Recording.ofStage(() -> 0);
    none.tally().start(0);
    none.tally().end(Outcome.CANCELLED, 1);
    assertThat(none.goodput()).isEmpty();
    assertThat(none.success()).isEmpty();
  }

  /** Both streams that the generator may have spoiled are all there are, or there is a third. */
  @ParameterizedTest
  @CsvSource({"2, 0, 100", "3, 0, 0", "3, 33.3, 100"})
  void the_upper_end_of_goodput_leaves_out_what_the_generator_spoiled(
      int streams, double percent, double most) {
    AtomicLong nowNs = new AtomicLong();
    Timeline timeline = new Timeline(nowNs::get, "hold");
    Seconds seconds = new Seconds(timeline, kpi -> MS, 1);
    Recording recording =
        new Recording(Phase.MEASURE, new Recorders(seconds), new Tally(), nowNs::get);
    Histogram lag = new Histogram(3);
    lag.recordValue(MS);
    seconds.onSample(
        new Sample(1, "hold", 0, 0, 0, 0, 0, 0, Map.of(Kpi.GENERATOR_LAG, lag), Map.of()));
    for (int stream = 0; stream < streams; stream++) {
      recording.tally().start(0);
      recording.tally().end(stream < 2 || percent > 0 ? Outcome.OK : Outcome.RESET, 1);
      if (stream < 2) {
        recording.judge(MS, 0);
      } else if (percent > 0) {
        recording.judge(0, 0);
      }
    }
    Figure goodput = recording.goodput().get("goodput");
    assertThat(goodput.value()).isCloseTo(percent, within(0.1));
    assertThat(goodput.high()).isEqualTo(most);
  }

  private static Recording ended() {
    Recording recording = Recording.ofStage(() -> 0);
    for (Outcome outcome : List.of(Outcome.OK, Outcome.OK, Outcome.RESET, Outcome.CANCELLED)) {
      recording.tally().start(0);
      recording.tally().end(outcome, 1);
    }
    return recording;
  }

  /** Each event is one of a stream of ten; the process has a megabyte more in each second. */
  static Sample sample(double t, Double cpuS, long events) {
    Map<String, ProcessSample> processes = new LinkedHashMap<>();
    long rss = Math.round(1e6 * t);
    processes.put(
        "llm", cpuS == null ? null : new ProcessSample(cpuS, 0, rss, 1, 0, 1, 1, 0, 1, 1, 1));
    return new Sample(t, "hold", 0, events, events / 10, 0, 0, 0, Map.of(), processes);
  }
}
