package simulations.events;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.MetricsSource;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Seconds;
import kpi.Tally;
import kpi.Timeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;
import simulations.run.Recording;
import simulations.run.SseDecoder;

/** Streams: left and resumed, ended by their server, published; and the times of their events. */
class EventsRecorderTest {
  private static final long MS = 1_000_000;

  private final AtomicLong clockNs = new AtomicLong(10 * MS);
  private final Recording recording = Recording.ofStage(clockNs::get);
  private Streams broadcast;

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

  /** One at full speed, with the SLO gap.max < 510 ms, waits that long once. */
  @ParameterizedTest
  @CsvSource({"600, 1, 0", "2900, 0, 3"})
  void a_stream_that_is_not_timed_may_not_stand_still_beyond_its_delay_and_its_slo(
      long waitMs, long good, int badSeconds) {
    Timeline timeline = new Timeline(clockNs::get, "many");
    Seconds seconds = new Seconds(timeline, kpi -> kpi == Kpi.GAP ? 510 * MS : Long.MAX_VALUE, 1);
    Recording many =
        new Recording(Phase.MEASURE, new Recorders(seconds), new Tally(), clockNs::get);
    Streams.Plan plan = plan(true).delayed(Duration.ofMillis(100));
    Streams streams = new Streams("x", "/x", plan, many, nowNs -> true);
    EventsRecorder recorder = new EventsRecorder(streams, clockNs.get());
    feed(recorder, "1");
    clockNs.addAndGet(waitMs * MS);
    feed(recorder, "2");

    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(many.counted(Recording.GOOD)).isEqualTo(good);
    assertThat(seconds.judge(0, 3).bad()).hasSize(badSeconds);
    many.of(Kpi.GAP).rotate();
    assertThat(many.of(Kpi.GAP).total().getTotalCount()).as("no gap is recorded").isZero();
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
    for (long lagMs : List.of(900, 1_100)) {
      EventsRecorder recorder = recorder(Streams.Feed.BROADCAST, 1, true);
      long dueNs = clockNs.getAndAdd(lagMs * MS);
      feedText(recorder, "id: 7\ndata: event-1 " + dueNs + "\n\n");
      assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    }

    assertThat(recording.counted(Recording.GOOD)).isOne();
    assertThat(count(Kpi.DELIVERY_LAG)).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "announced, STOPPING, true, 'id: 1|data: event-1||event: shutdown|data: bye||', true",
    "in silence, STOPPING, true, 'id: 1|data: event-1||', false",
    "a foreign one, STOPPING, false, 'data: x||', true",
    "not expected, OWN, true, 'id: 1|data: event-1||event: shutdown|data: bye||', false",
  })
  void a_stream_that_its_server_ends_is_whole_if_that_was_announced(
      String name, Streams.Feed feed, boolean numbered, String events, boolean whole) {
    EventsRecorder recorder = recorder(feed, 0, numbered);
    assertThat(feedText(recorder, events.replace('|', '\n'))).as("the client wants more").isFalse();
    assertThat(recorder.isWhole()).isEqualTo(whole);
    assertThat(recorder.finish(whole ? null : Outcome.CLOSED_EARLY) == Outcome.OK).isEqualTo(whole);
  }

  @ParameterizedTest(name = "{0}: {2} lost, {3} duplicated, {4} swapped, {5} wrong")
  @CsvSource({
    "exact, '7 1,8 2,9 3', 0, 0, 0, 0",
    "the first one missing, '8 2,9 3', 1, 0, 0, 0",
    "one twice, '7 1,8 2,8 2,9 3', 0, 1, 0, 0",
    "two swapped, '7 1,9 3,8 2', 0, 0, 1, 0",
    "another's data, '7 1,8 3,9 3', 0, 0, 0, 1",
  })
  void published_events_come_once_in_order_with_their_own_numbers(
      String name, String idsAndNumbers, long lost, long duplicated, long swapped, long wrong) {
    EventsRecorder recorder = recorder(Streams.Feed.BROADCAST, 4, true);
    feedText(recorder, published(idsAndNumbers));
    recorder.finish(null);

    assertThat(recording.counted("events_lost")).isEqualTo(lost);
    assertThat(recording.counted("events_duplicated")).isEqualTo(duplicated);
    assertThat(recording.counted("events_swapped")).isEqualTo(swapped);
    assertThat(recording.counted("events_wrong")).isEqualTo(wrong);
    recording.of(Kpi.DELIVERY_LAG).rotate();
    assertThat(recording.of(Kpi.DELIVERY_LAG).total().getMinNonZeroValue()).isEqualTo(6_000);
  }

  @Test
  void a_server_that_was_started_again_counts_anew_and_events_it_did_not_accept_are_not_lost() {
    EventsRecorder recorder = recorder(Streams.Feed.BROADCAST, 5, true);
    broadcast.published = number -> number != 3;
    feedText(recorder, published("7 1,8 2"));
    assertThat(recorder.resume()).isEqualTo(8);
    assertThat(feedText(recorder, "event: replay-gap\ndata: {}\n\n" + published("1 4,2 5")))
        .isTrue();
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recording.counted("streams_good")).as("within SLOs").isOne();
    assertThat(recording.counted("events_lost") + recording.counted("events_wrong")).isZero();
  }

  /** Of one that was on its way when connections were reset it is not known: it may come. */
  @Test
  void events_that_were_refused_between_others_shift_the_numbers_of_the_server() {
    EventsRecorder recorder = recorder(Streams.Feed.BROADCAST, 6, true);
    broadcast.published = number -> number < 3 || number > 4;
    feedText(recorder, published("7 1,8 2"));
    recorder.resume();
    assertThat(feedText(recorder, published("9 3,10 5,11 6"))).isTrue();
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recording.counted("events_lost") + recording.counted("events_wrong")).isZero();
  }

  private static String published(String idsAndNumbers) {
    return Stream.of(idsAndNumbers.split(",", -1))
        .map(pair -> pair.split(" ", -1))
        .map(parts -> "id: %s\ndata: event-%s 9994000\n\n".formatted(parts[0], parts[1]))
        .collect(Collectors.joining());
  }

  @Test
  void a_server_of_the_users_own_needs_no_port_in_its_address() {
    URI url = URI.create("https://127.0.0.1");
    StoppableServer server = new StoppableServer(url, Optional.empty(), Optional.empty());
    assertThat(server.isGone(Duration.ofSeconds(5))).isTrue();
    assertThat(server.isPortFree()).isTrue();
  }

  @Test
  void clients_whose_streams_all_end_with_the_same_event_leave_one_by_one() {
    Streams own = streams(plan(true));
    recorder(Streams.Feed.BROADCAST, 4, true);
    assertThat(List.of(own.lingers(), own.lingers())).containsOnly(Duration.ZERO);
    assertThat(List.of(broadcast.lingers(), broadcast.lingers(), broadcast.lingers()))
        .containsExactly(Duration.ZERO, Duration.ofNanos(400_000), Duration.ofNanos(800_000));
  }

  @Test
  void the_watcher_of_each_stage_is_what_the_metrics_showed_of_it() {
    WatcherLog log = new WatcherLog(new MetricsSource("events", () -> null));
    log.take(metrics(0, 0, 4)); // The warm-up has started four.
    log.begin("10", 10);
    log.take(metrics(1, 6, 5));
    assertThat(log.has(10)).isFalse();
    log.take(metrics(1, 10, 5));
    assertThat(log.has(10)).isTrue();
    assertThat(log.isIdle()).isFalse();
    log.take(metrics(0, 0, 5));
    assertThat(log.isIdle()).isTrue();
    log.begin("20", 20);
    log.take(metrics(3, 19, 8));

    assertThat(log.stages())
        .extracting(
            seen ->
                List.of(
                    seen.readings, seen.watchersMax, seen.registeredMax, seen.started, seen.idle))
        .containsExactly(List.of(2, 1L, 10L, 1L, true), List.of(1, 3L, 19L, 3L, false));
    assertThat(log.stages())
        .extracting(seen -> seen.watchersMin)
        .containsExactly(1L, Long.MAX_VALUE);
  }

  private static ObjectNode metrics(int watchers, int registered, int started) {
    return new ObjectMapper()
        .createObjectNode()
        .put("watchers", watchers)
        .put("registered_events", registered)
        .put("watchers_started", started)
        .put("num_threads", 9);
  }

  private long count(Kpi kpi) {
    recording.of(kpi).rotate();
    return recording.of(kpi).total().getTotalCount();
  }

  private static Streams.Plan plan(boolean numbered) {
    return plan(numbered, "throughput", ThroughputLoad.Plan.class);
  }

  private static <P extends Record & EventsSettings.Plan> Streams.Plan plan(
      boolean numbered, String section, Class<P> type) {
    var settings = EventsSettings.of(type).apply(Options.config(section));
    return Streams.Plan.endless(numbered, Duration.ofSeconds(2), settings.common().slos());
  }

  private EventsRecorder recorder(Streams.Feed feed, int count, boolean numbered) {
    Streams.Plan plan = plan(numbered, "watcher-scale", WatcherLoad.Plan.class).of(count);
    broadcast = new Streams("x", "/x", plan, recording, nowNs -> true, feed);
    return new EventsRecorder(broadcast, clockNs.get());
  }

  private Streams streams(Streams.Plan plan) {
    return new Streams("x", "/x", plan, recording, nowNs -> true);
  }

  private EventsRecorder recorder(Streams.Plan plan) {
    return new EventsRecorder(streams(plan), clockNs.get());
  }

  private static boolean feed(EventsRecorder recorder, String numbers) {
    return feedText(recorder, numbers.replaceAll("(\\d+) ?", "id: $1\ndata: event-$1\n\n"));
  }

  private static boolean feedText(EventsRecorder recorder, String events) {
    recorder.onConnected();
    return new SseDecoder(recorder).feed(Unpooled.copiedBuffer(events, StandardCharsets.US_ASCII));
  }
}
