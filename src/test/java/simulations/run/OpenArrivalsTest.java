package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.run.Answers.assertAnswer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import kpi.Kpi;
import kpi.Timeline.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.OpenArrivals.Pattern;

/** Arrivals by rate, taken by users whom the test moves through time. */
class OpenArrivalsTest {
  private static final long MS = 1_000_000;
  private static final long FIRST_MS = 7_250; // A lead of 250 ms.

  private final AtomicLong clockNs = new AtomicLong(7_000 * MS);
  private final Recording recording = Recording.ofStage(clockNs::get);
  private final AtomicInteger begun = new AtomicInteger();

  @ParameterizedTest
  @CsvSource({
    "CONSTANT, 4, 0, '0 250 500 750 1000 1250 1500 1750'",
    "CONSTANT, 4, 3, '0 250 500'",
    // The n-th is due when 4 t^2 / 2 = n, and after the ramp of 1 s every 250 ms.
    "RAMP,     4, 0, '0 707 1000 1250 1500 1750'",
  })
  void regular_arrivals_are_due_by_their_number(
      Pattern pattern, double perS, int most, String dueMs) {
    long[] times = plan(pattern, perS, 1, 1, most).times();
    assertThat(Arrays.stream(times).map(ns -> Math.round(ns / 1e6)))
        .containsExactly(Arrays.stream(dueMs.split(" ")).map(Long::valueOf).toArray(Long[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "CONSTANT, 0, 1.5, 6",
    "POISSON,  0, 5,   8", // All of them.
    "CONSTANT, 3, 1.5, 3",
    "RAMP,     0, 1,   4",
    "RAMP,     0, 1.5, 5.5",
    "RAMP,     0, 5,   6",
  })
  void as_many_are_present_as_arrive_in_the_time_that_each_stays(
      Pattern pattern, int most, double stayS, double present) {
    assertThat(plan(pattern, 4, 1, 1, most).present(stayS)).isEqualTo(present);
  }

  /** The ramp takes 1 s, and the first arrival is due 250 ms after its start. */
  @ParameterizedTest
  @CsvSource({
    "CONSTANT, 500,   10",
    "POISSON,  3000,  12.25",
    "GAMMA,    8750,  18",
    "RAMP,     500,   10.75",
    "RAMP,     3000,  13.25",
  })
  void the_load_is_level_once_the_first_to_arrive_at_the_rate_have_left(
      Pattern pattern, int stayMs, double fromS) {
    OpenArrivals arrivals = arrivals(pattern);
    List<Span> holds = List.of(new Span("hold", 10, 19));
    assertThat(arrivals.level(holds, Duration.ofMillis(stayMs)))
        .containsExactly(new Span("hold", fromS, 19));
    assertThat(arrivals.level(holds, Duration.ofSeconds(10))).isEmpty();
  }

  /** The coefficient of variation of gamma's gaps is 1 / sqrt(shape); Poisson's is 1. */
  @ParameterizedTest
  @CsvSource({
    "POISSON, 1,    1",
    "GAMMA,   1,    1",
    "GAMMA,   0.25, 2",
    "GAMMA,   4,    0.5",
    "GAMMA,   100,  0.1",
  })
  void random_arrivals_have_their_rate_and_their_spread(
      Pattern pattern, double shape, double variation) {
    OpenArrivals.Plan plan = plan(pattern, 1_000, shape, 99, 0);
    long[] times = plan.times();
    double[] gaps =
        IntStream.range(1, times.length).mapToDouble(at -> times[at] - times[at - 1]).toArray();
    double mean = Arrays.stream(gaps).average().orElseThrow();
    double square = Arrays.stream(gaps).map(gap -> gap * gap).average().orElseThrow();

    assertThat(times).isSorted().isEqualTo(plan.times());
    assertThat((double) times.length).isCloseTo(plan.expected(), within(2_000.0));
    assertThat(mean).isCloseTo(MS, within(0.02 * MS));
    assertThat(Math.sqrt(square - mean * mean) / mean)
        .isCloseTo(variation, within(0.03 * variation));
  }

  @Test
  void an_arrival_that_waits_for_a_user_is_counted_and_its_wait_is_not_the_generators() {
    OpenArrivals arrivals = arrivals();
    assertThat(arrivals.next().getAsLong()).isEqualTo(FIRST_MS * MS);
    clockNs.set(7_253 * MS);
    arrivals.begun(FIRST_MS * MS, 7_000 * MS);
    clockNs.set(7_900 * MS); // The only user is back 150 ms after the second one was due.
    long dueNs = arrivals.next().getAsLong();
    assertThat(dueNs).isEqualTo(7_750 * MS);
    clockNs.set(7_901 * MS);
    arrivals.begun(dueNs, 7_900 * MS);

    assertAnswer(recording, Kpi.START_LAG, 1.0, 3.0);
    assertThat(arrivals.waited()).isOne();
    assertThat(arrivals.unsent()).isZero();
    assertThat(begun).hasValue(1);
    assertThat(arrivals.offered()).isEqualTo(Map.of("arrivals", 4.0, "arrivals_per_s", 2.0));
    assertThat(arrivals.achieved()).isEqualTo(Map.of("arrivals", 2.0, "arrivals_per_s", 1.0));
  }

  @Test
  void arrivals_that_no_user_was_free_for_are_counted_and_were_offered() {
    OpenArrivals arrivals = arrivals();
    arrivals.begun(arrivals.next().getAsLong(), FIRST_MS * MS);
    clockNs.set((FIRST_MS + 2_999) * MS);
    arrivals.begun(arrivals.next().getAsLong(), FIRST_MS * MS);
    clockNs.set((FIRST_MS + 3_001) * MS);
    assertThat(arrivals.next()).isEmpty();
    assertThat(arrivals.next()).isEmpty();

    assertThat(arrivals.unsent()).isEqualTo(2);
    assertThat(arrivals.achieved()).isEqualTo(arrivals.offered());
    arrivals.begun(FIRST_MS * MS, FIRST_MS * MS); // A generator that sends one twice.
    assertThat(arrivals.achieved()).containsEntry("arrivals", 5.0);
  }

  /** Four arrivals in two seconds; for a second after that they wait for a user. */
  private OpenArrivals arrivals() {
    return arrivals(Pattern.CONSTANT);
  }

  private OpenArrivals arrivals(Pattern pattern) {
    return new OpenArrivals(
        recording,
        nowNs -> {
          begun.incrementAndGet();
          return nowNs;
        },
        () -> true,
        plan(pattern, 2, 1, 1, 0),
        Shard.WHOLE);
  }

  private static OpenArrivals.Plan plan(
      Pattern pattern, double perS, double shape, int holdS, int most) {
    Duration second = Duration.ofSeconds(1);
    return new OpenArrivals.Plan(
        pattern, perS, shape, second, Duration.ofSeconds(holdS), second, most, 42);
  }
}
