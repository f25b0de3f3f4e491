package simulations.events;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import kpi.Kpi;
import kpi.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;
import simulations.run.Recording;
import simulations.run.Slos;

/** Streams that are left and resumed, and the times of their events. */
class EventsRecorderTest {
  private static final long MS = 1_000_000;

  private final AtomicLong clockNs = new AtomicLong(10 * MS);
  private final Recording recording = Recording.ofStage(clockNs::get);

  @ParameterizedTest(name = "{0} after 2 of 4")
  @CsvSource({
    "'3 4', OK, 0, 0",
    "'4', CLOSED_EARLY, 1, 1", // The last one came, so nothing more was expected.
    "'1 2 3 4', INVALID, 1, 0",
    "'4 3', INVALID, 1, 1",
    "'3', CLOSED_EARLY, 1, 0",
  })
  void a_resumed_stream_brings_every_number_once(
      String rest, Outcome outcome, long inexact, long lost) {
    EventsRecorder recorder = recorder(plan(true).of(4).resumed(100));
    assertThat(feed(recorder, "1 2")).as("the client leaves").isTrue();
    assertThat(recorder.hasLeft()).isTrue();
    assertThat(recorder.resume()).isEqualTo(2);
    boolean whole = feed(recorder, rest);
    boolean ended = outcome == Outcome.CLOSED_EARLY;

    Outcome found = recorder.finish(ended && !whole ? Outcome.CLOSED_EARLY : null);
    assertThat(found).isEqualTo(ended && whole ? Outcome.INVALID : outcome);
    assertThat(recording.counted("resumes")).isOne();
    assertThat(recording.counted("resumes_inexact")).isEqualTo(inexact);
    assertThat(recording.counted("events_lost")).isEqualTo(lost);
  }

  @ParameterizedTest(name = "{0}: numbered {1}, {2} events")
  @CsvSource({
    "TIMEOUT, false, 2, OK, 0",
    "CLOSED_EARLY, false, 2, OK, 0",
    "TIMEOUT, false, 0, TIMEOUT, 0",
    "RESET, false, 2, RESET, 0",
    "TIMEOUT, true, 2, TIMEOUT, 3",
    "CLOSED_EARLY, true, 2, CLOSED_EARLY, 0",
  })
  void an_end_or_a_silence_is_a_fault_of_a_stream_with_a_plan_alone(
      Outcome failure, boolean numbered, int events, Outcome outcome, long lost) {
    EventsRecorder recorder = recorder(plan(numbered).of(5));
    IntStream.rangeClosed(1, events).forEach(number -> feed(recorder, "" + number));

    assertThat(recorder.finish(failure)).isEqualTo(outcome);
    assertThat(recording.counted("events_lost")).isEqualTo(lost);
  }

  @Test
  void a_feed_without_a_plan_that_stops_at_its_pace_is_a_fault() {
    EventsRecorder recorder = recorder(plan(false).of(150));
    for (int event = 0; event < 120; event++) {
      clockNs.addAndGet(50 * MS);
      feed(recorder, "1");
    }
    clockNs.addAndGet(4_000 * MS);

    assertThat(recorder.finish(Outcome.TIMEOUT)).isEqualTo(Outcome.TIMEOUT);
    assertThat(recording.counted("feeds_silent")).isOne();
  }

  @Test
  void first_events_gaps_and_overdue_time_are_recorded_and_the_absence_of_a_client_is_not() {
    Streams streams = streams(plan(true).of(4).timed(Duration.ofMillis(10)).resumed(100));
    EventsRecorder recorder = new EventsRecorder(streams, 5 * MS);
    feed(recorder, "1");
    clockNs.addAndGet(40 * MS);
    feed(recorder, "2");
    clockNs.addAndGet(100 * MS);
    recorder.resume();
    clockNs.addAndGet(3 * MS);
    feed(recorder, "3");
    clockNs.addAndGet(10 * MS);
    feed(recorder, "4");

    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recorder.firstMs()).isEqualTo(5);
    assertThat(recording.counted("events_timed")).isEqualTo(count(Kpi.TTFT) + count(Kpi.GAP));
    assertThat(count(Kpi.GAP)).isEqualTo(2);
    assertThat(count(Kpi.RECONNECT)).isOne();
    assertThat(streams.onTime()).as("20 of 50 ms").isEqualTo(0.4);
    Streams.Plan plan = plan(true).timed(Duration.ofMillis(10));
    Streams alone = streams(plan);
    alone.waited(10 * MS);
    alone.waited(10 * MS);
    alone.waited(15 * MS);
    alone.waited(15 * MS);
    double share = BackpressureLoad.unaffectedPct(streams, alone).orElseThrow();
    assertAnswer(share, Kpi.FAST_UNAFFECTED, 50); // 40 of 50 ms without the others.
    assertThat(BackpressureLoad.unaffectedPct(streams, streams(plan))).isEmpty();
  }

  @Test
  void what_a_stream_leaves_behind_needs_many_streams_and_a_stop_is_that_of_the_slowest_server() {
    double kb = MemoryLoad.heapPerStreamKb(OptionalLong.of(1_500_000), 500).orElseThrow();
    assertAnswer(kb, Kpi.HEAP_PER_STREAM, 3);
    assertThat(MemoryLoad.heapPerStreamKb(OptionalLong.of(1_500_000), 499)).isEmpty();
    List<Stop.Seen> servers =
        List.of(new Stop.Seen(210, true, true), new Stop.Seen(340, true, true));
    assertAnswer(Stop.slowestMs(servers).orElseThrow(), Kpi.STOP_TIME, 340);
    assertThat(Stop.slowestMs(List.of(new Stop.Seen(-1, false, true)))).isEmpty();
  }

  @Test
  void a_stream_that_brings_what_was_published_too_late_is_not_good() {
    Slos slos =
        EventsSettings.of(WatcherSettings.class)
            .apply(Options.config("watcher-scale"))
            .common()
            .slos();
    Streams.Plan plan = Streams.Plan.endless(true, Duration.ZERO, Duration.ZERO, slos).of(1);
    for (long lagMs : List.of(900, 1_100)) {
      Streams streams =
          new Streams("x", "/broadcast", plan, recording, () -> true, Streams.Feed.BROADCAST);
      EventsRecorder recorder = new EventsRecorder(streams, clockNs.get());
      long dueNs = clockNs.getAndAdd(lagMs * MS);
      feedText(recorder, "id: 7\ndata: event-1 " + dueNs + "\n\n");
      assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    }

    assertThat(recording.counted(Recording.GOOD)).isOne();
    assertThat(count(Kpi.DELIVERY_LAG)).isEqualTo(2);
  }

  private long count(Kpi kpi) {
    recording.of(kpi).rotate();
    return recording.of(kpi).total().getTotalCount();
  }

  private static Streams.Plan plan(boolean numbered) {
    Duration second = Duration.ofSeconds(1);
    var slos =
        EventsSettings.of(ThroughputLoad.Plan.class)
            .apply(Options.config("throughput"))
            .common()
            .slos();
    return Streams.Plan.endless(numbered, second, second, slos);
  }

  private Streams streams(Streams.Plan plan) {
    return new Streams("x", "/x", plan, recording, () -> true);
  }

  private EventsRecorder recorder(Streams.Plan plan) {
    return new EventsRecorder(streams(plan), clockNs.get());
  }

  private static boolean feed(EventsRecorder recorder, String numbers) {
    return feedText(recorder, numbers.replaceAll("(\\d+) ?", "id: $1\ndata: event-$1\n\n"));
  }

  private static boolean feedText(EventsRecorder recorder, String events) {
    return recorder.connected().feed(Unpooled.copiedBuffer(events, StandardCharsets.US_ASCII));
  }
}
