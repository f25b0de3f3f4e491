package simulations.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
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

/** One conversation of five tokens, by a clock that the test moves. */
class StreamReaderTest {
  private static final long MS = 1_000_000;
  private static final int TOKENS = 5;
  private static final String ID = "c-0";

  private final AtomicLong clockNs = new AtomicLong(1_000 * MS);
  private final Recorders recorders = new Recorders();
  private final Tally tally = new Tally();
  private final ClockAgreement agreement = new ClockAgreement();
  private final Conversation conversation =
      new Conversation(ID, Phase.MEASURE, new Conversation.Shape(TOKENS, 10 * MS, 0, 0), 1);

  @Test
  void each_token_is_timed_from_when_it_was_meant_to_be_published() {
    StreamReader reader = reader(0);
    conversation.begin(clockNs.get());
    publishAll();
    for (int sequence = 1; sequence <= TOKENS; sequence++) {
      clockNs.set(conversation.intendedNs(sequence) + 3 * MS);
      assertThat(reader.onEvent(token(sequence))).isEqualTo(sequence == TOKENS);
    }
    assertThat(reader.finish(null)).isEqualTo(Outcome.OK);
    assertThat(reader.lagMaxMs()).isEqualTo(3);
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
    StreamReader reader = reader(0);
    conversation.begin(clockNs.get());
    publishAll();
    clockNs.addAndGet(400 * MS);
    hear(reader, "1 2 3 4 5");
    assertThat(reader.finish(null)).isEqualTo(Outcome.OK);
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
    StreamReader reader = reader(0);
    conversation.begin(clockNs.get());
    publishAll();
    hear(reader, sequence);
    assertThat(reader.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(tally.counters().getOrDefault("tokens_lost", 0L)).isEqualTo(lost);
    assertThat(tally.counters().getOrDefault("tokens_duplicated", 0L)).isEqualTo(duplicated);
    assertThat(tally.counters().getOrDefault("tokens_swapped", 0L)).isEqualTo(swapped);
  }

  @Test
  void a_stream_without_its_end_is_unterminated_and_what_it_lacks_is_lost() {
    StreamReader reader = reader(0);
    conversation.begin(clockNs.get());
    publishAll();
    hear(reader, "1 2 3 4");
    assertThat(reader.finish(Outcome.TIMEOUT)).isEqualTo(Outcome.TIMEOUT);
    assertThat(tally.counters())
        .containsEntry("streams_unterminated", 1L)
        .containsEntry("tokens_lost", 1L);
  }

  @Test
  void a_token_of_another_conversation_is_wrong() {
    StreamReader reader = reader(0);
    conversation.begin(clockNs.get());
    publishAll();
    hear(reader, "1 2 3 4");
    reader.onEvent(token(5).replace(TokenText.of(ID, 5), TokenText.of("c-1", 5)));
    assertThat(reader.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(tally.counters()).containsEntry("tokens_wrong", 1L);
  }

  @ParameterizedTest
  @CsvSource({"3 4 5, 0, 0", "4 5, 1, 1", "2 3 4 5, 1, 0"})
  void who_resumes_must_get_the_next_token(String after, long inexact, long lost) {
    StreamReader reader = reader(2);
    conversation.begin(clockNs.get());
    publishAll();
    assertThat(reader.onEvent(token(1))).isFalse();
    assertThat(reader.onEvent(token(2))).isTrue();
    assertThat(reader.hasLeft()).isTrue();
    assertThat(reader.last()).isEqualTo(2);
    reader.onResume();
    clockNs.addAndGet(8 * MS);
    hear(reader, after);
    Outcome outcome = reader.finish(null);
    assertThat(outcome).isEqualTo(inexact == 0 ? Outcome.OK : Outcome.INVALID);
    assertThat(tally.counters()).containsEntry("resumes", 1L);
    assertThat(tally.counters().getOrDefault("resumes_inexact", 0L)).isEqualTo(inexact);
    assertThat(tally.counters().getOrDefault("tokens_lost", 0L)).isEqualTo(lost);
    assertThat(count(Kpi.RECONNECT)).isOne();
    assertThat(count(Kpi.DELIVERY_LAG)).as("who leaves enters no latency").isZero();
  }

  @Test
  void who_joins_late_in_core_delivery_misses_nothing_that_was_said_before() {
    StreamReader reader = joiner(false);
    hear(reader, "3 5");
    assertThat(reader.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(tally.counters()).containsEntry("tokens_lost", 1L);
  }

  @Test
  void who_joins_late_in_durable_delivery_still_gets_every_token() {
    StreamReader reader = joiner(true);
    hear(reader, "3 4 5");
    reader.finish(null);
    assertThat(tally.counters()).containsEntry("tokens_lost", 2L);
  }

  @Test
  void an_empty_conversation_says_that_its_producer_has_ended() {
    StreamReader reader = joiner(false);
    assertThat(
            reader.onEvent(
                "{\"event\":\"token\",\"data\":{\"token\":\"\",\"sequence\":1,\"done\":true}}"))
        .isTrue();
    assertThat(reader.producerEnded()).isTrue();
    assertThat(reader.finish(null)).isEqualTo(Outcome.OK);
    assertThat(tally.started()).isZero();
  }

  @Test
  void a_stream_on_which_nobody_ever_spoke_is_nobody_s_failure() {
    StreamReader reader = joiner(false);
    assertThat(reader.onEvent("{\"event\":\"error\",\"data\":{\"error\":\"no token came\"}}"))
        .isFalse();
    assertThat(reader.finish(Outcome.CLOSED_EARLY)).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(reader.error()).isEqualTo("no token came");
    assertThat(tally.started()).isZero();
  }

  private StreamReader reader(int leavesAfter) {
    return new StreamReader(
        shared(true), ID, Optional.of(conversation), leavesAfter, clockNs.get());
  }

  private StreamReader joiner(boolean fromFirst) {
    return new StreamReader(shared(fromFirst), ID, Optional.empty(), 0, clockNs.get());
  }

  private StreamReader.Shared shared(boolean fromFirst) {
    return new StreamReader.Shared(
        recorders,
        tally,
        Phase.MEASURE,
        new Clock(clockNs::get, InstantSource.system(), Optional.empty(), Optional.empty()),
        agreement,
        new RelaySlos(250 * MS, List.of()),
        new StreamReader.Rules(true, false, fromFirst));
  }

  private void publishAll() {
    for (int i = 0; i < TOKENS; i++) {
      conversation.taken();
    }
  }

  private static void hear(StreamReader reader, String sequences) {
    for (String sequence : sequences.split(" ", -1)) {
      reader.onEvent(token(Integer.parseInt(sequence)));
    }
  }

  private static String token(int sequence) {
    return "{\"event\":\"token\",\"data\":{\"conversation_id\":\"%s\",\"token\":\"%s\","
            .formatted(ID, TokenText.of(ID, sequence))
        + "\"sequence\":%d,\"done\":%b,\"timestamp\":1}}".formatted(sequence, sequence == TOKENS);
  }

  private long count(Kpi kpi) {
    recorders.of(Phase.MEASURE, kpi).rotate();
    return recorders.of(Phase.MEASURE, kpi).total().getTotalCount();
  }
}
