package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import settings.SeededText;
import simulations.run.Recording;
import simulations.run.Slos;
import simulations.sse.SseSettings.StreamPlan;
import verdict.Threshold;

/** One stream of four tokens, 100 ms apart, by a clock that the test moves. */
class SseRecorderTest {
  private static final long MS = 1_000_000;
  private static final long SEED = 42;
  private static final int TOKENS = 4;
  private static final String FIRST =
      "{\"data\":{\"choices\":[{\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}]}}";
  private static final String FINISH =
      "{\"data\":{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}}";
  private static final String DONE = "{\"data\":[DONE]}";

  private final AtomicLong clockNs = new AtomicLong(1_000 * MS);
  private final Recorders recorders = new Recorders();
  private final Tally tally = new Tally();
  private final SeededText text = new SeededText(SEED);
  private final Streams streams =
      new Streams(
          new Recording(Phase.MEASURE, recorders, tally, clockNs::get),
          new StreamPlan(TOKENS, Duration.ofMillis(400), Duration.ZERO, Duration.ZERO),
          new Slos(
              Stream.of(
                      "ttft.max <= 200 ms",
                      "gap.p99 <= 150 ms",
                      "gap.max <= 300 ms",
                      "e2e.max <= 1 s")
                  .map(limit -> Threshold.parse(limit, Map.of()))
                  .toList()));

  @Test
  void a_whole_stream_is_timed_from_its_intended_start() {
    // Meant to start 30 ms before it was asked for: the user has waited that long already.
    SseRecorder stream = new SseRecorder(streams, SEED, clockNs.get() - 30 * MS);
    pass(20);
    stream.onConnected();
    assertThat(stream.onEvent(FIRST)).isFalse();
    pass(50);
    for (int index = 0; index < TOKENS; index++) {
      assertThat(stream.onEvent(token(index))).isFalse();
      pass(100);
    }
    assertThat(stream.onEvent(FINISH)).isFalse();
    assertThat(stream.onEvent(DONE)).isTrue();
    pass(70); // What comes after the last event is not the stream's.

    assertThat(stream.finish(null)).isEqualTo(Outcome.OK);

    assertThat(stream.ttftMs()).isEqualTo(100);
    assertThat(stream.e2eMs()).isEqualTo(500);
    single(Kpi.CONNECT, 20);
    single(Kpi.TTFT, 100);
    single(Kpi.E2E, 500);
    single(Kpi.ITL, 100);
    assertThat(values(Kpi.GAP).getTotalCount()).isEqualTo(3);
    assertThat(ms(values(Kpi.GAP).getMinValue())).isCloseTo(100, within(0.2));
    assertThat(ms(values(Kpi.GAP).getMaxValue())).isCloseTo(100, within(0.2));
    assertThat(streams.driftPct()).isZero();
    assertThat(tally.timeInSystemNs(0)).isEqualTo(540 * MS);
    assertCounted(
        Map.of(
            "streams_started", 1L,
            "outcome_ok", 1L,
            "streams_good", 1L,
            "streams_done", 1L,
            "tokens_received", 4L,
            "events_received", 7L,
            "events_in_done_streams", 7L));
    assertThat(tally.counters()).doesNotContainKeys("streams_unterminated", "tokens_lost");
  }

  @Test
  void nothing_of_a_stream_enters_the_other_phase() {
    end(begin(), 0, 1, 2, 3);

    assertThat(recorders.of(Phase.WARM_UP).values())
        .allSatisfy(each -> assertThat(each.rotate().getTotalCount()).isZero());
  }

  @Test
  void a_stream_without_a_token_is_invalid_and_has_no_first_token() {
    SseRecorder stream = begin();
    stream.onEvent(FIRST);
    stream.onEvent(FINISH);
    stream.onEvent(DONE);

    assertThat(stream.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(stream.ttftMs()).isEqualTo(-1);
    assertThat(values(Kpi.TTFT).getTotalCount()).isZero();
    assertCounted(Map.of("tokens_lost", 4L, "outcome_invalid", 1L));
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {"OK", "INVALID"},
      mode = EnumSource.Mode.EXCLUDE)
  void a_stream_that_gatling_saw_fail_ends_so(Outcome failure) {
    SseRecorder stream = begin();
    stream.onEvent(FIRST);
    stream.onEvent(token(0));
    pass(50);

    assertThat(stream.finish(failure)).isEqualTo(failure);

    assertThat(stream.e2eMs()).isEqualTo(-1);
    assertThat(tally.ended(failure)).isEqualTo(1);
    assertThat(tally.open()).isZero();
    assertThat(tally.timeInSystemNs(0)).isEqualTo(50 * MS);
    assertThat(values(Kpi.E2E).getTotalCount()).isZero();
    assertThat(values(Kpi.TTFT).getTotalCount()).isEqualTo(1);
    // What did not come because the stream broke is not lost in silence: the stream failed.
    assertThat(tally.counters())
        .doesNotContainKeys("tokens_lost", "streams_good", "streams_unterminated");
  }

  @Test
  void a_stream_that_begins_again_was_reset() {
    SseRecorder stream = begin();
    stream.onEvent(FIRST);
    stream.onEvent(token(0));

    assertThat(stream.onEvent(FIRST)).isTrue();
    assertThat(stream.finish(null)).isEqualTo(Outcome.RESET);
  }

  @Test
  void a_stream_without_its_finish_reason_is_unterminated_and_invalid() {
    SseRecorder stream = begin();
    tokens(stream, 0, 1, 2, 3);
    stream.onEvent(DONE);

    assertThat(stream.finish(null)).isEqualTo(Outcome.INVALID);
    assertCounted(Map.of("streams_unterminated", 1L));
  }

  @Test
  void a_stream_without_its_last_event_is_unterminated() {
    SseRecorder stream = begin();
    tokens(stream, 0, 1, 2, 3);
    stream.onEvent(FINISH);

    assertThat(stream.finish(Outcome.CLOSED_EARLY)).isEqualTo(Outcome.CLOSED_EARLY);
    assertCounted(Map.of("streams_unterminated", 1L));
    assertThat(tally.counters()).doesNotContainKey("streams_done");
  }

  @Test
  void an_error_event_makes_a_stream_invalid() {
    SseRecorder stream = begin();
    tokens(stream, 0, 1, 2, 3);
    stream.onEvent("{\"data\":{\"error\":{\"message\":\"broke\"}}}");
    stream.onEvent(FINISH);
    stream.onEvent(DONE);

    assertThat(stream.finish(null)).isEqualTo(Outcome.INVALID);
  }

  @Test
  void each_kind_of_damage_is_counted_and_makes_the_stream_invalid() {
    assertThat(end(begin(), 0, 1, 3)).isEqualTo(Outcome.INVALID);
    assertThat(end(begin(), 0, 1, 1, 2, 3)).isEqualTo(Outcome.INVALID);
    assertThat(end(begin(), 0, 2, 1, 3)).isEqualTo(Outcome.INVALID);
    assertThat(end(begin(), 0, 1, 8, 3)).isEqualTo(Outcome.INVALID);

    assertCounted(
        Map.of(
            "outcome_invalid", 4L,
            "tokens_lost", 1L,
            "tokens_duplicated", 1L,
            "tokens_swapped", 1L,
            "tokens_wrong", 1L));
  }

  @Test
  void a_text_that_is_not_known_is_not_checked() {
    SseRecorder stream = new SseRecorder(streams, -1, clockNs.get());
    tokens(stream, 3, 0);
    stream.onEvent(FINISH);
    stream.onEvent(DONE);

    assertThat(stream.finish(null)).isEqualTo(Outcome.OK);
    assertThat(tally.counters()).doesNotContainKeys("tokens_lost", "tokens_wrong");
    assertThat(streams.driftPct()).isEqualTo(100); // Only the planned number of tokens has a pace.
  }

  @Test
  void a_slow_first_token_is_not_good() {
    SseRecorder stream = begin();
    pass(201);
    end(stream, 0, 1, 2, 3);

    assertNotGood();
  }

  @Test
  void one_long_gap_of_few_is_not_good() {
    SseRecorder stream = begin();
    tokens(stream, 0, 1);
    pass(51); // With the 100 ms after each token, 151 ms.
    end(stream, 2, 3);

    assertNotGood();
  }

  @Test
  void a_stream_that_takes_too_long_is_not_good() {
    SseRecorder stream = begin();
    tokens(stream, 0, 1, 2, 3);
    pass(601);
    stream.onEvent(FINISH);
    stream.onEvent(DONE);
    stream.finish(null);

    assertNotGood();
  }

  @Test
  void limits_are_met_at_their_very_value() {
    SseRecorder stream = begin();
    pass(200);
    tokens(stream, 0);
    pass(50);
    tokens(stream, 1);
    pass(50);
    tokens(stream, 2, 3);
    stream.onEvent(FINISH);
    pass(300);
    stream.onEvent(DONE);

    assertThat(stream.finish(null)).isEqualTo(Outcome.OK);
    assertThat(stream.e2eMs()).isEqualTo(1_000);
    assertCounted(Map.of("streams_good", 1L));
  }

  @Test
  void a_failed_stream_is_never_good() {
    SseRecorder stream = begin();
    tokens(stream, 0, 1, 2, 3);
    stream.onEvent(FINISH);
    stream.finish(Outcome.TIMEOUT);

    assertThat(tally.counters()).doesNotContainKey("streams_good");
    assertThat(tally.ended()).isEqualTo(1);
  }

  @Test
  void a_pace_that_drifts_is_recorded_in_per_cent() {
    SseRecorder stream = begin();
    tokens(stream, 0, 1, 2);
    pass(30); // 330 ms instead of 300.
    end(stream, 3);

    assertThat(streams.driftPct()).isCloseTo(10, within(0.1));
  }

  private SseRecorder begin() {
    return new SseRecorder(streams, SEED, clockNs.get());
  }

  /** The tokens given, 100 ms apart, and the end. */
  private Outcome end(SseRecorder stream, int... indexes) {
    tokens(stream, indexes);
    stream.onEvent(FINISH);
    stream.onEvent(DONE);
    return stream.finish(null);
  }

  private void tokens(SseRecorder stream, int... indexes) {
    for (int index : indexes) {
      stream.onEvent(token(index));
      pass(100);
    }
  }

  private String token(int index) {
    return "{\"data\":{\"choices\":[{\"delta\":{\"content\":\""
        + (index < TOKENS ? text.token(index) : " nowhere")
        + "\"},\"finish_reason\":null}]}}";
  }

  private void pass(long ms) {
    clockNs.addAndGet(ms * MS);
  }

  private void assertNotGood() {
    assertThat(tally.ended(Outcome.OK)).isEqualTo(1);
    assertThat(tally.counters()).doesNotContainKey("streams_good");
  }

  private void assertCounted(Map<String, Long> counters) {
    assertThat(tally.counters()).containsAllEntriesOf(counters);
  }

  private void single(Kpi kpi, double ms) {
    Histogram values = values(kpi);
    assertThat(values.getTotalCount()).isEqualTo(1);
    assertThat(ms(values.getMaxValue())).isCloseTo(ms, within(ms / 500));
  }

  private Histogram values(Kpi kpi) {
    recorders.of(Phase.MEASURE, kpi).rotate();
    return recorders.of(Phase.MEASURE, kpi).total();
  }

  private static double ms(long ns) {
    return ns / (double) MS;
  }
}
