package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.run.Answers.assertAnswer;
import static simulations.sse.Ask.Leaving.NEVER;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.RequestLog.Row;
import kpi.Seconds;
import kpi.Tally;
import kpi.Timeline;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import settings.SeededText;
import simulations.run.Options;
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
      "{\"choices\":[{\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}]}";
  private static final String FINISH = "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String DONE = "[DONE]";
  private static final String ERROR = "{\"error\":{\"message\":\"broke\"}}";
  private static final Map<String, String> OTHERS =
      Map.of("first", FIRST, "finish", FINISH, "done", DONE, "error", ERROR);
  private static final String LIMITS =
      "ttft.max <= 200 ms, gap.p99 <= 150 ms, gap.max <= 300 ms, e2e.max <= 1 s";

  private final AtomicLong clockNs = new AtomicLong(1_000 * MS);
  private final Seconds seconds =
      new Seconds(new Timeline(clockNs::get, "start"), kpi -> 300 * MS, 1);
  private final Recorders recorders = new Recorders(seconds);
  private final Tally tally = new Tally();
  private final SeededText text = new SeededText(SEED);
  private final Recording recording = new Recording(Phase.MEASURE, recorders, tally, clockNs::get);
  private final List<Row> rows = new ArrayList<>();
  private final Streams streams = streams(true);

  @Test
  void a_stream_that_falls_silent_is_bad_in_each_second_until_it_is_given_up() {
    SseRecorder stream = begin();
    assertThat(on(stream, token(0))).isFalse();
    pass(2_500);
    assertThat(stream.finish(Outcome.TIMEOUT, "")).isEqualTo(Outcome.TIMEOUT);
    assertThat(seconds.judge(0, 3).bad())
        .extracting(Seconds.Bad::t)
        .containsExactlyInAnyOrder(0.0, 1.0, 2.0);
  }

  @Test
  void a_whole_stream_is_timed_from_its_intended_start() {
    // Meant to start 30 ms before it was asked for: the user has waited that long already.
    SseRecorder stream = begin(asking(NEVER), 30);
    pass(20);
    stream.onConnected();
    assertThat(on(stream, FIRST)).isFalse();
    pass(50);
    for (int index = 0; index < TOKENS; index++) {
      assertThat(on(stream, token(index))).isFalse();
      pass(100);
    }
    assertThat(on(stream, FINISH)).isFalse();
    assertThat(on(stream, DONE)).isTrue();
    pass(70); // What comes after the last event is not the stream's.

    assertThat(stream.finish(null, "")).isEqualTo(Outcome.OK);

    assertThat(stream.ttftMs()).isEqualTo(100);
    assertThat(stream.e2eMs()).isEqualTo(500);
    assertAnswer(recording, Kpi.CONNECT, 20.0);
    assertAnswer(recording, Kpi.TTFT, 100.0);
    assertAnswer(recording, Kpi.E2E, 500.0);
    assertAnswer(recording, Kpi.ITL, (500 - 100) / 3.0);
    assertAnswer(recording, Kpi.GAP, 100.0, 100.0, 100.0);
    assertThat(values(Kpi.TTFO).getTotalCount()).isZero();
    assertThat(streams.driftPct()).isZero();
    assertThat(tally.timeInSystemNs(0)).isEqualTo(540 * MS);
    assertThat(tally.counters())
        .containsAllEntriesOf(
            Map.of(
                "streams_started", 1L,
                "outcome_ok", 1L,
                "streams_good", 1L,
                "streams_done", 1L,
                "tokens_received", 4L,
                "events_received", 7L,
                "events_in_done_streams", 7L))
        .doesNotContainKeys("streams_unterminated", "tokens_lost");
    assertThat(recorders.of(Phase.WARM_UP)).isEmpty(); // Nothing enters the other phase.
  }

  /** Events in their order: tokens by number, 100 ms each, and further ms by a plus. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "first finish done              |              | INVALID      | tokens_lost=4",
        "0 1 3 finish done              |              | INVALID      | tokens_lost=1",
        "0 1 1 2 3 finish done          |              | INVALID      | tokens_duplicated=1",
        "0 2 1 3 finish done            |              | INVALID      | tokens_swapped=1",
        "0 1 8 3 finish done            |              | INVALID      | tokens_wrong=1",
        "0 1 2 3 error finish done      |              | INVALID      | streams_done=1",
        "0 1 2 3 done                   |              | INVALID      | streams_unterminated=1",
        "0 1 2 3 finish                 | CLOSED_EARLY | CLOSED_EARLY | streams_unterminated=1",
        "0 1 2 3 finish                 | TIMEOUT      | TIMEOUT      | streams_unterminated=1",
        "first 0                        | RESET        | RESET        | tokens_lost=0",
        "0 1 2 3 finish done            |              | OK           | streams_good=1",
        "+200 0 +50 1 +50 2 3 finish +300 done |       | OK           | streams_good=1",
        "+201 0 1 2 3 finish done       |              | OK           | streams_good=0",
        "0 1 +51 2 3 finish done        |              | OK           | streams_good=0",
        "0 1 2 3 +601 finish done       |              | OK           | streams_good=0",
      })
  void each_fault_of_a_stream_is_counted_and_decides_its_outcome(
      String events, Outcome failure, Outcome outcome, String counter) {
    SseRecorder stream = begin();
    play(stream, events);

    assertThat(stream.finish(failure, "")).isEqualTo(outcome);

    String[] expected = counter.split("=", -1);
    assertThat(counted(expected[0])).isEqualTo(Long.parseLong(expected[1]));
    assertThat(counted("streams_good")).isEqualTo(counter.equals("streams_good=1") ? 1 : 0);
    assertThat(counted("streams_done")).isEqualTo(events.contains("done") ? 1 : 0);
    assertThat(stream.e2eMs()).isEqualTo(clockNs.get() / 1e6 - 1_000);
    assertThat(tally.ended(outcome)).isEqualTo(tally.ended()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"OK", "INVALID", "CANCELLED"},
      mode = EnumSource.Mode.EXCLUDE)
  void a_stream_that_gatling_saw_fail_ends_so(Outcome failure) {
    SseRecorder stream = begin();
    play(stream, "first 0");

    assertThat(stream.finish(failure, "")).isEqualTo(failure);
    assertThat(on(stream, token(1))).as("while its connection closes").isTrue();
    assertThat(values(Kpi.GAP).getTotalCount()).isZero();
    assertThat(stream.e2eMs()).isEqualTo(100);
    assertThat(tally.ended(failure)).isEqualTo(1);
    assertThat(tally.open()).isZero();
    assertThat(tally.timeInSystemNs(0)).isEqualTo(100 * MS);
    assertThat(values(Kpi.E2E).getTotalCount()).isZero();
    assertThat(values(Kpi.TTFT).getTotalCount()).isEqualTo(1);
    // What did not come because the stream broke is not lost in silence: the stream failed.
    long lost = failure == Outcome.TIMEOUT ? 3 : 0;
    assertThat(counted("tokens_lost")).isEqualTo(lost);
    SseRecorder held = new SseRecorder(streams(false), asking(NEVER), true, clockNs.get());
    play(held, "first 0");
    held.finish(failure, "");
    assertThat(counted("tokens_lost")).as("where faults hold streams up").isEqualTo(lost);
    assertThat(tally.counters()).doesNotContainKeys("streams_good", "streams_unterminated");
  }

  @Test
  void a_role_is_no_token_and_may_come_again() {
    SseRecorder stream = begin();
    assertThat(on(stream, FIRST)).isFalse();
    assertThat(stream.ttftMs()).isEqualTo(-1);
    assertThat(values(Kpi.TTFT).getTotalCount()).isZero();
    play(stream, "0 first 1 2 3 finish done");
    assertThat(stream.finish(null, "")).isEqualTo(Outcome.OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 error done | 0 |              |      | held an error, the first: {\"error\"",
        "finish done  | 0 |              |      | held no token",
        "message_stop | 0 |              |      | held an error, the first: message_stop before",
        "message_start error | 9 | CLOSED_EARLY | '' | ended before their last event, the first: {",
        "response.created response.failed | 0 || | held an error, the first: {\"type\":\"resp",
        "0 1 2 3 done | 0 |              |      | had no reason of their end",
        "0 1 finish done|0|              |      | had another text than planned",
        "0            | 9 | RESET        | gone | broke: gone",
        "0            | 9 | TIMEOUT      | ''   | had not ended when their time was up",
        "0            | 9 | CLOSED_EARLY | ''   | ended before their last event",
        "''           | 0 | INVALID      | code 401 | were not opened: code 401",
      })
  void what_is_wrong_with_a_stream_is_said_in_words(
      String events, long connectMs, Outcome failure, String why, String words) {
    for (int count = 0; count < 2; count++) {
      SseRecorder stream = begin();
      pass(connectMs);
      if (connectMs > 0) {
        stream.onConnected();
      }
      play(stream, events);
      stream.finish(failure, why);
    }
    assertThat(streams.faults.words()).startsWith("2 streams " + words);
  }

  @Test
  void a_text_that_is_not_known_is_not_checked() {
    SseRecorder stream = begin(new Ask("c", 1, 0, false, TOKENS, null, NEVER), 0);
    play(stream, "3 0 finish done");
    assertThat(stream.finish(null, "")).isEqualTo(Outcome.OK);
    assertThat(tally.counters()).doesNotContainKeys("tokens_lost", "tokens_wrong");
    assertThat(streams.driftPct()).isEqualTo(100); // Only the planned number of tokens has a pace.
  }

  @Test
  void reasoning_comes_before_output_and_tokens_are_those_of_the_service() {
    SseRecorder stream = begin(new Ask("c", 1, 0, false, TOKENS, null, NEVER), 0);
    pass(50);
    on(stream, "{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}");
    pass(100);
    on(stream, "{\"choices\":[{\"delta\":{\"content\":\"three words here\"}}]}");
    on(stream, FINISH);
    String usage = "\"prompt_tokens\":5,\"completion_tokens\":11";
    String cached = "\"prompt_tokens_details\":{\"cached_tokens\":2}";
    on(stream, "{\"choices\":[],\"usage\":{" + usage + "," + cached + "}}");
    on(stream, DONE);

    assertThat(stream.finish(null, "")).isEqualTo(Outcome.OK);
    assertAnswer(recording, Kpi.TTFT, 50.0);
    assertAnswer(recording, Kpi.TTFO, 150.0);
    assertAnswer(recording, Kpi.GAP, 100.0);
    assertAnswer(recording, Kpi.ITL, 10.0);
    assertThat(stream.answer()).isEqualTo("three words here");
    assertThat(tally.counters())
        .containsEntry("tokens_received", 2L)
        .containsEntry("tokens_in", 5L)
        .containsEntry("tokens_in_cached", 2L)
        .containsEntry("tokens_out", 11L);
  }

  @Test
  void a_stream_that_its_user_leaves_is_neither_good_nor_bad() {
    SseRecorder stream = begin(asking(new Ask.Leaving(2, Duration.ZERO)), 0);
    assertThat(on(stream, token(0))).isFalse();
    assertThat(on(stream, token(1))).isTrue();
    assertThat(stream.finish(null, "")).isEqualTo(Outcome.CANCELLED);
    SseRecorder timed = begin();
    play(timed, "0 1 2 3 finish done");
    assertThat(timed.cancel()).isFalse();
    assertThat(timed.finish(null, "")).isEqualTo(Outcome.OK);

    assertThat(tally.failed()).isZero();
    assertThat(recording.goodput().get("goodput").value()).isEqualTo(100);
    assertThat(tally.counters())
        .containsEntry("outcome_cancelled", 1L)
        .doesNotContainKeys("streams_unterminated", "tokens_lost");
  }

  @Test
  void a_row_holds_each_request() {
    SseRecorder whole = begin(asking(NEVER), 500);
    play(whole, "+100 0 1 2 3 finish done");
    whole.finish(null, "");
    begin().finish(Outcome.INVALID, "code 422 for key-1234\nmore");

    assertThat(rows.stream().map(row -> Options.values(row).replace(", null", "")))
        .containsExactly(
            "c, 1, measure, 0.5, 1.0, 600.0, 600.0, 1000.0, 4, ok",
            "c, 1, measure, 1.5, 1.5, 0.0, 0, invalid, 422, code 422 for ***");
  }

  @Test
  void a_pace_that_drifts_is_recorded_in_per_cent() {
    SseRecorder stream = begin();
    play(stream, "0 1 2 +30 3 finish done"); // 330 ms instead of 300.
    stream.finish(null, "");
    assertThat(streams.driftPct()).isCloseTo(10, within(0.1));
  }

  private static boolean on(SseRecorder stream, String data) {
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    return stream.onEvent("", bytes, bytes.length);
  }

  private Streams streams(boolean losesByTime) {
    return new Streams(
        recording,
        new StreamPlan(TOKENS, Duration.ofMillis(400), Duration.ZERO, Duration.ZERO),
        new Slos(
            Stream.of(LIMITS.split(", ", 0))
                .map(limit -> Threshold.parse(limit, Map.of()))
                .toList()),
        new Streams.Rows(ns -> ns / 1e9, rows::add, text -> text.replace("key-1234", "***")),
        losesByTime);
  }

  private SseRecorder begin() {
    return begin(asking(NEVER), 0);
  }

  private SseRecorder begin(Ask ask, long lateMs) {
    return new SseRecorder(streams, ask, true, clockNs.get() - lateMs * MS);
  }

  private static Ask asking(Ask.Leaving leaving) {
    return new Ask("c", 1, SEED, true, TOKENS, null, leaving);
  }

  private void play(SseRecorder stream, String events) {
    for (String event : events.split(" ", 0)) {
      if (event.startsWith("+")) {
        pass(Long.parseLong(event));
      } else if (!event.isEmpty() && Character.isDigit(event.charAt(0))) {
        on(stream, token(Integer.parseInt(event)));
        pass(100);
      } else if (!event.isEmpty()) {
        on(stream, OTHERS.getOrDefault(event, "{\"type\":\"" + event + "\"}"));
      }
    }
  }

  private String token(int index) {
    return "{\"choices\":[{\"delta\":{\"content\":\""
        + (index < TOKENS ? text.token(index) : " nowhere")
        + "\"},\"finish_reason\":null}]}";
  }

  private void pass(long ms) {
    clockNs.addAndGet(ms * MS);
  }

  private long counted(String counter) {
    return tally.counters().getOrDefault(counter, 0L);
  }

  private Histogram values(Kpi kpi) {
    recorders.of(Phase.MEASURE, kpi).rotate();
    return recorders.of(Phase.MEASURE, kpi).total();
  }
}
