package simulations.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Clock;
import simulations.run.OpenSchedule.Due;
import simulations.run.Options;
import simulations.run.Recording;

/** One conversation of five tokens, by a clock that the test moves. */
class RelayRecorderTest {
  private static final long MS = 1_000_000;
  private static final long UNIX_NS = 1_700_000_000_000_600_000L;
  private static final int TOKENS = 5;
  private static final String ID = "c-0";

  private long steadyNs;
  private long hopsFromNs;
  private final AtomicLong clockNs = new AtomicLong(1_000 * MS);
  private final Recording recording = Recording.ofStage(clockNs::get);
  private final Conversation conversation =
      new Conversation(ID, Phase.MEASURE, new Conversation.Shape(TOKENS, 10 * MS, 0, 0), 1);

  @Test
  void each_token_is_timed_from_when_it_was_due() {
    RelayRecorder recorder = recorder(0);
    for (int sequence = 1; sequence <= TOKENS; sequence++) {
      clockNs.set(conversation.dueNs(sequence) + 3 * MS);
      assertThat(on(recorder, token(sequence))).isEqualTo(sequence == TOKENS);
    }
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recorder.lagMaxMs()).isEqualTo(3);
    assertThat(count(Kpi.DELIVERY_LAG)).isEqualTo(TOKENS);
    assertThat(count(Kpi.TTFT) + count(Kpi.GAP)).isEqualTo(TOKENS);
    assertThat(recording.tally().counters())
        .containsEntry("tokens_received", 5L)
        .containsEntry("tokens_distinct", 5L)
        .containsEntry("streams_good", 1L)
        .doesNotContainKeys("tokens_lost", "streams_unterminated");
  }

  /** A clock that was stepped meanwhile makes them wrong, and the lag not. */
  @Test
  void the_hops_of_a_token_due_before_all_clocks_agreed_are_left_out() {
    conversation.begin(clockNs.get());
    hopsFromNs = conversation.dueNs(1) + 1;
    clockNs.addAndGet(20 * MS);
    RelayRecorder recorder =
        new RelayRecorder(streams("durable", true), Optional.of(conversation), ID, 0, 0);
    String token = token(1).replace("}}", ",\"timestamp\":1,\"hops\":{\"adapter\":1}}}");
    on(recorder, token);
    assertAnswer(recording, Kpi.DELIVERY_LAG, 20.0);
    assertThat(count(Kpi.HOP_CLIENT)).isZero();
    hopsFromNs--;
    on(recorder, token);
    assertThat(count(Kpi.HOP_CLIENT) + recording.of(Kpi.HOP_CLIENT).outside()).isOne();
  }

  /**
   * Due at 0.6 ms of a millisecond of the time of day, sent at 1.6, and stored at some time of 2.
   */
  @Test
  void the_hops_of_a_token_are_timed_by_their_stamps_and_add_up_to_its_lag() {
    RelayRecorder recorder =
        new RelayRecorder(streams("durable", true), Optional.of(conversation), ID, 0, 0);
    clockNs.addAndGet(4 * MS);
    recorder.onConnected();
    conversation.begin(clockNs.get());
    clockNs.addAndGet(20 * MS);
    long dueNs = UNIX_NS + conversation.dueNs(1);
    on(
        recorder,
        "{\"event\":\"token\",\"data\":{\"token\":\"%s\",\"sequence\":1,\"timestamp\":%s,\"hops\":"
                .formatted(Conversation.text(ID, 1), dueNs + MS)
            + "{\"redis\":%s,\"bridge\":%s,\"nats\":%s,\"adapter\":%s}}}"
                .formatted(
                    dueNs + 14 * MS / 10,
                    dueNs + 18 * MS / 10,
                    dueNs + 28 * MS / 10,
                    dueNs + 48 * MS / 10));
    TokenPublisher.settle(
        new Due<>(conversation.dueNs(1), new TokenPublisher.Token(conversation, 1)),
        true,
        conversation.dueNs(1) + 2 * MS,
        phase -> recording);
    assertAnswer(recording, Kpi.CONNECT, 4.0);
    assertAnswer(recording, Kpi.DELIVERY_LAG, 20.0);
    assertAnswer(recording, Kpi.HOP_REDIS, 1.6);
    assertAnswer(recording, Kpi.HOP_BRIDGE, 0.2);
    assertAnswer(recording, Kpi.HOP_NATS, 1.0);
    assertAnswer(recording, Kpi.HOP_ADAPTER, 2.0);
    assertAnswer(recording, Kpi.HOP_CLIENT, 20 - 4.8);
    assertAnswer(recording, Kpi.PUBLISH_LAG, 2.0);
  }

  @Test
  void a_conversation_with_a_late_token_is_right_but_not_good() {
    RelayRecorder recorder = recorder(0);
    clockNs.addAndGet(400 * MS);
    receive(recorder, "1 2 3 4 5");
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recording.counted("streams_good")).isZero();
  }

  /** Tokens by their sequence; 5x has the text of another conversation's. */
  @ParameterizedTest
  @CsvSource({
    "1 2 4 5,             , tokens_lost=1",
    "1 2 3 3 4 5,         , tokens_duplicated=1",
    "1 3 2 4 5,           , tokens_swapped=1",
    "2 5,                 , tokens_lost=3",
    "1 2 5,               , tokens_lost=2",
    "1 2 3 4 5x,          , tokens_wrong=1",
    "1 2 3 4,      TIMEOUT, 'streams_unterminated=1, tokens_lost=1'",
  })
  void what_is_wrong_with_a_sequence_is_counted_by_its_kind(
      String sequence, Outcome failure, String counted) {
    RelayRecorder recorder = recorder(0);
    receive(recorder, sequence);
    assertThat(recorder.finish(failure)).isEqualTo(failure == null ? Outcome.INVALID : failure);
    Map<String, Long> damage = new TreeMap<>(recording.tally().counters());
    damage.keySet().removeIf(name -> !name.matches("tokens_.*|streams_unterm.*"));
    damage.keySet().removeAll(List.of("tokens_received", "tokens_distinct"));
    assertThat(damage).hasToString("{" + counted + "}");
  }

  @ParameterizedTest
  @CsvSource({"3 4 5, 0, 0", "4 5, 1, 1", "2 3 4 5, 1, 0"})
  void a_reader_that_resumes_must_get_the_next_token(String after, long inexact, long lost) {
    RelayRecorder recorder = recorder(2);
    assertThat(on(recorder, token(1))).isFalse();
    assertThat(on(recorder, token(2))).isTrue();
    assertThat(recorder.hasLeft()).isTrue();
    assertThat(recorder.highest).isEqualTo(2);
    recorder.onResume();
    clockNs.addAndGet(8 * MS);
    receive(recorder, after);
    assertThat(recorder.finish(null)).isEqualTo(inexact == 0 ? Outcome.OK : Outcome.INVALID);
    assertThat(recording.counted("resumes")).isOne();
    assertThat(recording.counted("resumes_inexact")).isEqualTo(inexact);
    assertThat(recording.counted("tokens_lost")).isEqualTo(lost);
    assertAnswer(recording, Kpi.RECONNECT, 8.0);
    assertThat(count(Kpi.DELIVERY_LAG)).as("a reader that leaves enters no latency").isZero();
  }

  @ParameterizedTest
  @CsvSource({"core, 3 5, 1", "durable, 3 4 5, 2"})
  void a_reader_that_joins_late_lacks_earlier_tokens_in_durable_delivery_only(
      String delivery, String sequence, long lost) {
    RelayRecorder recorder = joined(delivery);
    receive(recorder, sequence);
    assertThat(recorder.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(recording.counted("tokens_lost")).isEqualTo(lost);
  }

  @Test
  void an_empty_conversation_marks_the_end_of_its_producer() {
    RelayRecorder recorder = joined("core");
    String empty = "{\"event\":\"token\",\"data\":{\"token\":\"\",\"sequence\":1,\"done\":true}}";
    assertThat(on(recorder, empty)).isTrue();
    assertThat(recorder.producerEnded).isTrue();
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recording.tally().started()).isZero();
  }

  @Test
  void a_stream_that_is_joined_may_begin_with_any_number_and_state_no_time() {
    RelayRecorder recorder = joined("core");
    for (long number : new long[] {5_000_000_001L, 5_000_000_002L, 5_000_000_004L, 4_999L}) {
      on(recorder, "{\"data\":{\"sequence\":" + number + "}}");
    }
    recorder.finish(null);
    assertThat(recording.tally().counters())
        .containsEntry("tokens_untimed", 4L)
        .containsEntry("tokens_lost", 1L)
        .containsEntry("tokens_swapped", 1L);
    assertThat(count(Kpi.DELIVERY_LAG)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "5 6 7,      id,   CLOSED_EARLY, OK,      0",
    "5 7,        id,   CLOSED_EARLY, INVALID, 1",
    "5 6,        id,   RESET,        RESET,   0",
    "-1 -1 -1,   none, CLOSED_EARLY, OK,      0",
    "5 late,     id,   ,             OK,      0",
  })
  void a_reader_of_a_feed_may_begin_and_end_anywhere(
      String ids, String seq, Outcome failure, Outcome outcome, long lost) {
    RelayLoad.Streams feed =
        streams(false, "sse.url", "http://h/feed?a=b", "sse.seq", seq, "sse.sent", "none");
    RelayRecorder recorder = new RelayRecorder(feed, Optional.empty(), ID, 0, clockNs.get());
    byte[] text = "text".getBytes(UTF_8);
    for (String id : ids.split(" ", -1)) {
      boolean isLate = id.equals("late");
      clockNs.addAndGet(isLate ? 30_000 * MS : MS);
      assertThat(recorder.onEvent("any", isLate ? 6 : Long.parseLong(id), text, text.length))
          .isEqualTo(isLate);
    }
    assertThat(recorder.finish(failure)).isEqualTo(outcome);
    assertThat(recording.counted("tokens_lost")).isEqualTo(lost);
    assertThat(count(Kpi.TTFT) + count(Kpi.GAP))
        .as("a value for each event without a time")
        .isEqualTo(recording.counted("tokens_untimed"))
        .isPositive();
    assertThat(recording.counted("tokens_received")).isZero();
    assertThat(RelayLoad.unchecked(recording)).containsOnlyKeys("delivery_lag", "goodput");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"TIMEOUT, 0, TIMEOUT, 1", "CLOSED_EARLY, 0, OK, 0", "TIMEOUT, 9000, OK, 0"})
  void a_feed_that_stops_while_it_stays_open_is_no_feed_that_ends(
      Outcome end, long steadyMs, Outcome outcome, long silent) {
    steadyNs = steadyMs * MS;
    RelayLoad.Streams feed = streams(false, "sse.url", "http://h/feed");
    RelayRecorder recorder = new RelayRecorder(feed, Optional.empty(), ID, 0, clockNs.get());
    for (int event = 0; event < 120; event++) {
      clockNs.addAndGet(50 * MS);
      assertThat(on(recorder, "{\"data\":{}}")).isFalse();
    }
    clockNs.addAndGet(4_000 * MS);
    assertThat(recorder.finish(end)).isEqualTo(outcome);
    assertThat(recording.counted("feeds_silent")).isEqualTo(silent);
  }

  @Test
  void events_with_and_without_a_time_are_counted_apart() {
    RelayLoad.Streams feed = streams(false, "sse.url", "http://h/feed", "sse.sent", "/at");
    RelayRecorder recorder = new RelayRecorder(feed, Optional.empty(), ID, 0, clockNs.get());
    for (String text : List.of("{\"at\":1764000000000}", "{}", "{\"at\":1764000000000}")) {
      byte[] data = text.getBytes(UTF_8);
      assertThat(recorder.onEvent("", -1, data, data.length)).isFalse();
    }
    assertThat(recording.counted("tokens_received")).isEqualTo(2);
    assertThat(recording.counted("tokens_untimed")).isOne();
    assertThat(RelayLoad.unchecked(recording)).isEmpty();
  }

  @Test
  void a_stream_without_any_token_is_no_failure_of_its_reader() {
    RelayRecorder recorder = joined("core");
    assertThat(on(recorder, "{\"event\":\"error\",\"data\":{\"error\":\"no token came\"}}"))
        .isFalse();
    assertThat(recorder.finish(Outcome.CLOSED_EARLY)).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(recorder.error).isEqualTo("no token came");
    assertThat(recording.tally().started()).isZero();
  }

  /** Of a conversation that begins now, and whose tokens Redis has all taken. */
  private RelayRecorder recorder(int leavesAfter) {
    conversation.begin(clockNs.get());
    for (int i = 0; i < TOKENS; i++) {
      conversation.settle(true);
    }
    return new RelayRecorder(
        streams("durable"), Optional.of(conversation), ID, leavesAfter, clockNs.get());
  }

  /** Of a conversation that another process publishes. */
  private RelayRecorder joined(String delivery) {
    return new RelayRecorder(streams(delivery), Optional.empty(), ID, 0, 0);
  }

  private RelayLoad.Streams streams(String delivery) {
    return streams(delivery, false);
  }

  private RelayLoad.Streams streams(String delivery, boolean oneHost) {
    return streams(oneHost, "delivery", delivery, "slos", "delivery_lag.max < 250 ms");
  }

  private RelayLoad.Streams streams(boolean oneHost, String... options) {
    return new RelayLoad.Streams(
        recording,
        RelaySettings.read(Options.config("token-relay", options)),
        new Clock(
            clockNs::get,
            () -> Instant.EPOCH.plusNanos(UNIX_NS + clockNs.get()),
            "host",
            Clock.Offset.NOT_MEASURED),
        new Clock.Agreement(),
        dueNs -> oneHost && dueNs >= hopsFromNs,
        atNs -> Math.max(steadyNs, atNs));
  }

  private static void receive(RelayRecorder recorder, String sequences) {
    for (String each : sequences.split(" ", -1)) {
      String token = token(each.charAt(0) - '0');
      on(
          recorder,
          each.endsWith("x")
              ? token.replace(Conversation.text(ID, 5), Conversation.text("c-1", 5))
              : token);
    }
  }

  /** Receives an event, written as an object with its name and its data. */
  private static boolean on(RelayRecorder recorder, String json) {
    JsonNode event = RelayTest.json(json);
    byte[] data = event.path("data").toString().getBytes(UTF_8);
    return recorder.onEvent(
        event.path("event").asText(), event.path("id").asLong(-1), data, data.length);
  }

  private static String token(int sequence) {
    return "{\"event\":\"token\",\"data\":{\"conversation_id\":\"%s\",\"token\":\"%s\","
            .formatted(ID, Conversation.text(ID, sequence))
        + "\"sequence\":%s,\"done\":%b,\"timestamp\":1}}".formatted(sequence, sequence == TOKENS);
  }

  private long count(Kpi kpi) {
    recording.of(kpi).rotate();
    return recording.of(kpi).total().getTotalCount();
  }
}
