package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.run.Answers.assertAnswer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kpi.Figure;
import kpi.Kpi;
import kpi.ProcessSample;
import kpi.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrowthTest {
  private static final int UNKNOWN = -1;
  private static final long MB = 1_000_000;

  /** The threshold that shows a leak. */
  private static final double LEAK_MB_PER_S = 0.1;

  private final List<Sample> samples = new ArrayList<>();

  /** Measured: the llm in a heavy run; seconds of the hold and live heap in bytes. */
  @Test
  void a_process_that_holds_what_it_has_does_not_grow() {
    collections(
        new double[] {2, 7, 12, 17, 22, 27.2, 32, 38, 42, 48},
        new long[] {
          20932408, 20924152, 20928152, 20927656, 20928336, 20925704, 20934392, 20929280, 20933496,
          20916320
        });

    Figure slope = figures().get(Kpi.MEMORY_SLOPE);
    assertThat(slope.value()).isCloseTo(0, within(0.001));
    assertThat(slope.high()).isLessThan(LEAK_MB_PER_S);
    assertThat(slope.unit()).isEqualTo("MB/s");
  }

  /** Measured: the same with 1 MB/s retained on purpose. */
  @Test
  void a_megabyte_a_second_that_is_never_let_go_is_seen_beyond_doubt() {
    collections(
        new double[] {2, 5, 8, 11, 14, 16, 19, 22, 25, 27, 30, 33, 36, 38},
        new long[] {
          55676288, 58859576, 61518416, 64286992, 67478768, 70377920, 72970088, 76000544, 79277600,
          81962216, 84573192, 88026144, 91220776, 93615928
        });

    Figure slope = figures().get(Kpi.MEMORY_SLOPE);
    assertThat(slope.value()).isCloseTo(1.06, within(0.02));
    assertThat(slope.low()).isGreaterThan(1).isGreaterThan(LEAK_MB_PER_S);
    assertThat(slope.high()).isLessThan(1.1);
  }

  @Test
  void direct_buffers_are_memory_in_use_and_the_users_of_a_next_stage_are_no_leak() {
    add("hold 100", 0, 30, t -> jvm(t, 20 * MB, t * MB / 2));
    add("hold 1000", 31, 61, t -> jvm(t, 200 * MB, t * MB / 2));

    assertThat(figures().get(Kpi.MEMORY_SLOPE).value()).isCloseTo(0.5, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"4, 10", "20, 1"})
  void four_collections_or_those_of_less_than_twenty_seconds_prove_nothing(int count, int everyS) {
    double[] seconds = IntStream.rangeClosed(1, count).mapToDouble(i -> i * everyS).toArray();
    collections(seconds, IntStream.range(0, count).mapToLong(i -> (20 + i) * MB).toArray());

    assertThat(figures()).doesNotContainKey(Kpi.MEMORY_SLOPE).containsKey(Kpi.FD_SLOPE);
  }

  @Test
  void a_jvm_that_does_not_tell_its_live_heap_is_not_judged_by_its_resident_set() {
    add("hold", 0, 30, t -> figures(100 * MB + t * MB, 20 * MB, 9, 9));

    assertThat(figures()).doesNotContainKey(Kpi.MEMORY_SLOPE);
  }

  @Test
  void a_program_that_is_no_jvm_is_judged_by_its_resident_set() {
    add("hold", 0, 30, t -> program(100 * MB + t * MB / 4));

    assertAnswer(figures(), Kpi.MEMORY_SLOPE, 0.25);
    assertThat(figures().get(Kpi.MEMORY_SLOPE).low()).isCloseTo(0.25, within(1e-6));
  }

  @Test
  void growth_is_from_the_first_to_the_last_samples_and_no_outlier_counts() {
    long[] mb = {100, 101, 900, 110, 115, 120, 130, 132, 1};
    add("ramp", 0, 3, t -> program(mb[t] * MB));
    add("hold", 4, 6, t -> program(mb[t] * MB));
    add("drain", 7, 8, t -> program(mb[t] * MB));

    Figure growth = figures().get(Kpi.RSS_GROWTH);
    assertThat(growth.value()).isEqualTo(130 - 101);
    assertThat(growth.unit()).isEqualTo("MB");
    assertThat(growth.low()).isNull();
  }

  /** As measured by three steps of viewers, who take a descriptor each; two are never closed. */
  @Test
  void viewers_who_come_with_each_step_are_no_leak_and_what_each_step_leaks_is() {
    for (int step = 0; step < 3; step++) {
      int viewers = 100 * (step + 1);
      add("ramp " + step, 20 * step, 20 * step + 9, t -> figures(MB, 0, viewers, 9));
      add("hold " + step, 20 * step + 10, 20 * step + 19, t -> figures(MB, 0, viewers, 9 + 2 * t));
    }
    assertAnswer(figures(), Kpi.FD_SLOPE, 0);
    assertThat(figures().get(Kpi.FD_SLOPE).high()).isZero();
    assertAnswer(figures(), Kpi.THREAD_SLOPE, 2);
    assertThat(figures().get(Kpi.THREAD_SLOPE).low()).isEqualTo(2);
  }

  @Test
  void four_samples_are_no_slope_and_five_no_growth() {
    add("hold", 0, 3, t -> program(MB));
    assertThat(figures()).isEmpty();

    add("hold", 4, 4, t -> program(MB));
    assertThat(figures()).containsOnlyKeys(Kpi.FD_SLOPE, Kpi.THREAD_SLOPE);
  }

  @Test
  void a_second_without_an_answer_is_passed_over_and_a_silent_process_has_no_figures() {
    add("hold", 0, 39, t -> figures(0, 0, 0, 0));
    assertThat(figures()).isEmpty();

    add("hold", 40, 70, t -> t % 3 == 1 ? null : jvm(t, 20 * MB, 0));
    assertThat(figures()).hasSize(4);
    assertThat(growth("proxy").figures()).isEmpty();
  }

  /** A sample for each second of the hold; the heap is that after the last collection. */
  private void collections(double[] seconds, long[] liveBytes) {
    add(
        "hold",
        0,
        60,
        t -> {
          int collected = (int) Arrays.stream(seconds).filter(second -> second <= t).count();
          return jvm(3 + collected, collected == 0 ? UNKNOWN : liveBytes[collected - 1], 0);
        });
  }

  private Map<Kpi, Figure> figures() {
    return growth("llm").figures();
  }

  private Growth growth(String process) {
    Map<String, List<Sample>> level =
        samples.stream()
            .filter(sample -> PhaseNames.isSteady(sample.phase()))
            .collect(Collectors.groupingBy(Sample::phase));
    return new Growth(process, samples, List.copyOf(level.values()));
  }

  private void add(String phase, int from, int to, IntFunction<ProcessSample> figures) {
    for (int t = from; t <= to; t++) {
      Map<String, ProcessSample> processes = new LinkedHashMap<>();
      processes.put("llm", figures.apply(t));
      samples.add(new Sample(t, phase, 0, 0, 0, 0, 0, 0, Map.of(), processes));
    }
  }

  /** The resident set of a JVM says nothing: here it grows by 9 MB a collection. */
  private static ProcessSample jvm(int gcCount, long live, long direct) {
    return new ProcessSample(
        1, 0, 100L * MB + 9L * gcCount * MB, 25 * MB, 0, 9, 9, 0, live, direct, gcCount);
  }

  private static ProcessSample program(long rss) {
    return figures(rss, 0, 9, 9);
  }

  private static ProcessSample figures(long rss, long heap, long fds, int threads) {
    return new ProcessSample(1, 0, rss, heap, 0, fds, threads, 0, UNKNOWN, UNKNOWN, UNKNOWN);
  }
}
