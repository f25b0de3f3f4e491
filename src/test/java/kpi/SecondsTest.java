package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import kpi.Seconds.Bad;
import kpi.Seconds.Judged;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten seconds with a hundred streams, of which a gap may be 500 ms and a first token 1 s late. */
class SecondsTest {
  private static final long MS = 1_000_000;
  private static final Map<Kpi, Long> LIMITS_MS =
      Map.of(Kpi.GAP, 500L, Kpi.TTFT, 1_000L, Kpi.GENERATOR_LAG, 500L, Kpi.GOODPUT, 50L);

  private final AtomicLong clockNs = new AtomicLong();
  private final Seconds seconds =
      new Seconds(
          new Timeline(clockNs::get, "start"),
          kpi -> LIMITS_MS.containsKey(kpi) ? LIMITS_MS.get(kpi) * MS : Long.MAX_VALUE,
          1);
  private final Recorders recorders = new Recorders(seconds);
  private int open = 100;
  private long failed;

  @Test
  void what_meets_its_slo_leaves_every_second_good() {
    record(100, Kpi.GAP, 5_200, 500);
    record(100, Kpi.E2E, 5_200, 60_000);

    assertThat(judge().sentence()).isEqualTo("10 of 10 seconds were good.");
  }

  @Test
  void a_silence_of_all_spoils_each_second_in_which_it_was_too_long() {
    record(100, Kpi.GAP, 6_100, 2_700); // Since 3.4 s, so it is too long from 3.9 s on.

    Judged judged = judge();
    assertThat(judged.good()).isEqualTo(6);
    assertThat(judged.bad()).extracting(Bad::t).containsExactlyInAnyOrder(3.0, 4.0, 5.0, 6.0);
    assertThat(judged.bad().get(0).what())
        .isEqualTo(
            "gap: 100 of 100 streams stood still beyond 500 ms, for up to 2,700 ms; llm did not"
                + " answer.");
  }

  @Test
  void a_stream_that_never_gets_another_event_counts_by_its_end() {
    clockNs.set(8_900 * MS);
    for (int stream = 0; stream < 3; stream++) {
      recorders.of(Phase.MEASURE, Kpi.GAP).silent(1_600 * MS);
    }
    assertThat(judge().bad()).extracting(Bad::t).containsExactlyInAnyOrder(7.0, 8.0);
    assertThat(recorders.of(Phase.MEASURE, Kpi.GAP).rotate().getTotalCount()).isZero();
  }

  @Test
  void one_in_a_hundred_may_be_late_and_of_few_none() {
    record(1, Kpi.GAP, 2_500, 900);
    assertThat(judge().good()).isEqualTo(10);
    open = 9;
    assertThat(judge().bad()).extracting(Bad::t).containsExactly(2.0);
  }

  @Test
  void the_worst_second_is_the_one_with_the_largest_share_and_comes_first() {
    record(10, Kpi.GAP, 2_900, 600);
    record(80, Kpi.GAP, 7_900, 600);

    assertThat(judge().bad()).extracting(Bad::late).containsExactly(80.0, 10.0);
  }

  @Test
  void requests_that_fail_at_once_spoil_their_second_and_so_do_streams_that_break() {
    clockNs.set(4_500 * MS);
    for (int request = 0; request < 5; request++) {
      recorders.of(Phase.MEASURE, Kpi.TTFT).failed(MS);
    }
    failed = 3;
    assertThat(judge().bad().get(0).what())
        .startsWith("ttft: 5 of 5 requests failed; 3 of 3 streams that ended had failed");
  }

  @Test
  void a_second_in_which_the_generator_itself_stood_still_is_not_judged() {
    record(100, Kpi.GAP, 5_900, 900);
    record(1, Kpi.GENERATOR_LAG, 5_900, 800);

    assertThat(judge().sentence())
        .isEqualTo("9 of 9 seconds were good. 1 more are not judged, for the generator was late.");
  }

  @Test
  void seconds_without_load_and_the_warm_up_are_left_out() {
    clockNs.set(5_900 * MS);
    recorders.of(Phase.WARM_UP, Kpi.GAP).record(900 * MS);
    open = 0;
    assertThat(judge().judged()).isZero();
    record(100, Kpi.GAP, 5_900, 900);
    assertThat(judge()).extracting(Judged::judged, Judged::good).containsExactly(1, 0);
  }

  @Test
  void no_late_value_is_lost_while_many_threads_are_late() {
    clockNs.set(2_900 * MS);
    IntStream.range(0, 40_000)
        .parallel()
        .forEach(value -> recorders.of(Phase.MEASURE, Kpi.TTFT).record((1_100 + value / 100) * MS));
    assertThat(judge().bad())
        .extracting(Bad::what)
        .contains("ttft: 40,000 of 40,000 took longer than 1,000 ms, up to 1,499 ms.");
  }

  /** The generator was 60 ms late in the second from 4 s on; 50 ms are its limit for streams. */
  @ParameterizedTest
  @CsvSource({
    "2200, 3700, 5, 0",
    "3500, 4100, 5, 1",
    "4500, 6500, 5, 1",
    "6300, 7400, 5, 0",
    "1000, 9000, 5, 1",
    "1000, 9000, 120, 1",
    "1000, 9000, 131, 0", // More than both ends of a wait can be late.
    "1000, 9000, 9999, 0",
  })
  void a_stream_that_missed_an_slo_tells_nothing_if_the_generator_may_be_why(
      long fromMs, long toMs, long beyondMs, long late) {
    Histogram lag = new Histogram(3);
    lag.recordValue(60 * MS);
    for (int t = 1; t <= 10; t++) {
      Map<Kpi, Histogram> lags = t == 5 ? Map.of(Kpi.GENERATOR_LAG, lag) : Map.of();
      seconds.onSample(new Sample(t, "hold", 0, 0, 0, open, 0, 0, lags, Map.of()));
    }
    recorders.missed(Phase.WARM_UP, fromMs * MS, toMs * MS, beyondMs * MS);
    assertThat(recorders.missedWhileLate()).isZero();
    recorders.missed(Phase.MEASURE, fromMs * MS, toMs * MS, beyondMs * MS);
    assertThat(recorders.missedWhileLate()).isEqualTo(late);
  }

  /** The thread of the samples was held up for three seconds, and catches up. */
  @Test
  void several_samples_that_end_in_one_second_lose_no_failure() {
    for (double t : List.of(1.0, 4.0, 4.01, 4.02, 5.0)) {
      long bad = t >= 4 ? 9 : 0;
      seconds.onSample(new Sample(t, "hold", 0, 0, 0, open, 0, bad, Map.of(), Map.of()));
    }
    assertThat(seconds.judge(0, 5).bad())
        .extracting(Bad::what)
        .containsExactly("9 of 9 streams that ended had failed.");
  }

  /** As in a run of a day, which has no more samples than one of two hours. */
  @Test
  void the_seconds_of_a_long_sample_are_good_or_bad_together() {
    Seconds tens = new Seconds(new Timeline(clockNs::get, "start"), kpi -> 500 * MS, 10);
    clockNs.set(14_000 * MS);
    for (int each = 0; each < open; each++) {
      tens.late(Kpi.GAP, 700 * MS);
    }
    for (int t = 10; t <= 30; t += 10) {
      tens.onSample(new Sample(t + 0.02, "hold", 0, 0, 0, open, 0, 0, Map.of(), Map.of()));
    }
    assertThat(tens.judge(0, 30)).extracting(Judged::judged, Judged::good).containsExactly(30, 20);
    assertThat(tens.last().bad()).extracting(Bad::t).containsExactly(10.0);
  }

  private void record(int count, Kpi kpi, long atMs, long valueMs) {
    clockNs.set(atMs * MS);
    for (int each = 0; each < count; each++) {
      recorders.of(Phase.MEASURE, kpi).record(valueMs * MS);
    }
  }

  /** Judges with one sample a second; the llm does not answer the one at 5 s. */
  private Judged judge() {
    for (int t = 1; t <= 11; t++) {
      Map<String, ProcessSample> processes = new HashMap<>();
      if (t == 5) {
        processes.put("llm", null);
      }
      Map<Kpi, Histogram> none = Map.of();
      long bad = t >= 5 ? failed : 0;
      seconds.onSample(new Sample(t + 0.02, "hold", 0, 0, 0, open, 0, bad, none, processes));
    }
    return seconds.judge(0, 10);
  }
}
