package simulations.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;
import simulations.run.Recording;

/** One conversation of five tokens, by a clock that the test moves. */
class RelayRecorderTest {
  private static final long MS = 1_000_000;
  private static final int TOKENS = 5;
  private static final String ID = "c-0";

  private final AtomicLong clockNs = new AtomicLong(1_000 * MS);
  private final Recorders recorders = new Recorders();
  private final Tally tally = new Tally();
  private final Clock.Agreement agreement = new Clock.Agreement();
  private final Conversation conversation =
      new Conversation(ID, Phase.MEASURE, new Conversation.Shape(TOKENS, 10 * MS, 0, 0), 1);

  @Test
  void each_token_is_timed_from_when_it_was_due() {
    RelayRecorder recorder = recorder(0);
    conversation.begin(clockNs.get());
    publishAll();
    for (int sequence = 1; sequence <= TOKENS; sequence++) {
      clockNs.set(conversation.dueNs(sequence) + 3 * MS);
      assertThat(recorder.onEvent(token(sequence))).isEqualTo(sequence == TOKENS);
    }
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recorder.lagMaxMs()).isEqualTo(3);
    assertThat(count(Kpi.DELIVERY_LAG)).isEqualTo(TOKENS);
    assertThat(count(Kpi.TTFT) + count(Kpi.GAP)).isEqualTo(TOKENS);
    assertThat(tally.counters())
        .containsEntry("tokens_received", 5L)
        .containsEntry("tokens_distinct", 5L)
        .containsEntry("streams_good", 1L)
        .doesNotContainKeys("tokens_lost", "streams_unterminated");
  }

  @Test
  void a_conversation_with_a_late_token_is_right_but_not_good() {
    RelayRecorder recorder = recorder(0);
    conversation.begin(clockNs.get());
    publishAll();
    clockNs.addAndGet(400 * MS);
    receive(recorder, "1 2 3 4 5");
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(tally.counters()).doesNotContainKey("streams_good");
  }

  @ParameterizedTest
  @CsvSource({
    "1 2 4 5,     1, 0, 0",
    "1 2 3 3 4 5, 0, 1, 0",
    "1 3 2 4 5,   0, 0, 1",
    "2 5,         3, 0, 0",
    "1 2 5,       2, 0, 0",
  })
  void what_is_wrong_with_a_sequence_is_counted_by_its_kind(
      String sequence, long lost, long duplicated, long swapped) {
    RelayRecorder recorder = recorder(0);
    conversation.begin(clockNs.get());
    publishAll();
    receive(recorder, sequence);
    assertThat(recorder.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(tally.counters().getOrDefault("tokens_lost", 0L)).isEqualTo(lost);
    assertThat(tally.counters().getOrDefault("tokens_duplicated", 0L)).isEqualTo(duplicated);
    assertThat(tally.counters().getOrDefault("tokens_swapped", 0L)).isEqualTo(swapped);
  }

  @Test
  void a_stream_without_its_end_is_unterminated_and_what_it_lacks_is_lost() {
    RelayRecorder recorder = recorder(0);
    conversation.begin(clockNs.get());
    publishAll();
    receive(recorder, "1 2 3 4");
    assertThat(recorder.finish(Outcome.TIMEOUT)).isEqualTo(Outcome.TIMEOUT);
    assertThat(tally.counters())
        .containsEntry("streams_unterminated", 1L)
        .containsEntry("tokens_lost", 1L);
  }

  @Test
  void a_token_of_another_conversation_is_wrong() {
    RelayRecorder recorder = recorder(0);
    conversation.begin(clockNs.get());
    publishAll();
    receive(recorder, "1 2 3 4");
    recorder.onEvent(token(5).replace(Conversation.text(ID, 5), Conversation.text("c-1", 5)));
    assertThat(recorder.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(tally.counters()).containsEntry("tokens_wrong", 1L);
  }

  @ParameterizedTest
  @CsvSource({"3 4 5, 0, 0", "4 5, 1, 1", "2 3 4 5, 1, 0"})
  void a_reader_that_resumes_must_get_the_next_token(String after, long inexact, long lost) {
    RelayRecorder recorder = recorder(2);
    conversation.begin(clockNs.get());
    publishAll();
    assertThat(recorder.onEvent(token(1))).isFalse();
    assertThat(recorder.onEvent(token(2))).isTrue();
    assertThat(recorder.hasLeft()).isTrue();
    assertThat(recorder.last()).isEqualTo(2);
    recorder.onResume();
    clockNs.addAndGet(8 * MS);
    receive(recorder, after);
    Outcome outcome = recorder.finish(null);
    assertThat(outcome).isEqualTo(inexact == 0 ? Outcome.OK : Outcome.INVALID);
    assertThat(tally.counters()).containsEntry("resumes", 1L);
    assertThat(tally.counters().getOrDefault("resumes_inexact", 0L)).isEqualTo(inexact);
    assertThat(tally.counters().getOrDefault("tokens_lost", 0L)).isEqualTo(lost);
    assertThat(count(Kpi.RECONNECT)).isOne();
    assertThat(count(Kpi.DELIVERY_LAG)).as("a reader that leaves enters no latency").isZero();
  }

  @Test
  void a_reader_that_joins_late_in_core_delivery_lacks_no_earlier_token() {
    RelayRecorder recorder = joiner(false);
    receive(recorder, "3 5");
    assertThat(recorder.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(tally.counters()).containsEntry("tokens_lost", 1L);
  }

  @Test
  void a_reader_that_joins_late_in_durable_delivery_must_get_every_token() {
    RelayRecorder recorder = joiner(true);
    receive(recorder, "3 4 5");
    recorder.finish(null);
    assertThat(tally.counters()).containsEntry("tokens_lost", 2L);
  }

  @Test
  void an_empty_conversation_marks_the_end_of_its_producer() {
    RelayRecorder recorder = joiner(false);
    assertThat(
            recorder.onEvent(
                "{\"event\":\"token\",\"data\":{\"token\":\"\",\"sequence\":1,\"done\":true}}"))
        .isTrue();
    assertThat(recorder.producerEnded()).isTrue();
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(tally.started()).isZero();
  }

  @Test
  void a_stream_without_any_token_is_no_failure_of_its_reader() {
    RelayRecorder recorder = joiner(false);
    assertThat(recorder.onEvent("{\"event\":\"error\",\"data\":{\"error\":\"no token came\"}}"))
        .isFalse();
    assertThat(recorder.finish(Outcome.CLOSED_EARLY)).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(recorder.error()).isEqualTo("no token came");
    assertThat(tally.started()).isZero();
  }

  private RelayRecorder recorder(int leavesAfter) {
    return new RelayRecorder(streams(true), conversation, leavesAfter, clockNs.get());
  }

  private RelayRecorder joiner(boolean durable) {
    return new RelayRecorder(streams(durable), ID);
  }

  private RelayLoad.Streams streams(boolean durable) {
    RelaySettings settings =
        RelaySettings.read(
            Options.config(
                "token-relay",
                "delivery",
                durable ? "durable" : "core",
                "slos",
                "delivery_lag.max < 250 ms"));
    return new RelayLoad.Streams(
        new Recording(Phase.MEASURE, recorders, tally, clockNs::get),
        settings,
        new Clock(clockNs::get, InstantSource.system(), Optional.empty(), Optional.empty()),
        agreement,
        false);
  }

  private void publishAll() {
    for (int i = 0; i < TOKENS; i++) {
      conversation.settle(true);
    }
  }

  private static void receive(RelayRecorder recorder, String sequences) {
    for (String sequence : sequences.split(" ", -1)) {
      recorder.onEvent(token(Integer.parseInt(sequence)));
    }
  }

  private static String token(int sequence) {
    return "{\"event\":\"token\",\"data\":{\"conversation_id\":\"%s\",\"token\":\"%s\","
            .formatted(ID, Conversation.text(ID, sequence))
        + "\"sequence\":%d,\"done\":%b,\"timestamp\":1}}".formatted(sequence, sequence == TOKENS);
  }

  private long count(Kpi kpi) {
    recorders.of(Phase.MEASURE, kpi).rotate();
    return recorders.of(Phase.MEASURE, kpi).total().getTotalCount();
  }
}
