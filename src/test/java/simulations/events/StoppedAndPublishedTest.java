package simulations.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.MetricsSource;
import kpi.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;
import simulations.run.Recording;
import simulations.run.SseDecoder;

/** Streams that the server ends, streams of events that the run publishes, and their watcher. */
class StoppedAndPublishedTest {
  private final AtomicLong clockNs = new AtomicLong(10_000);
  private final Recording recording = Recording.ofStage(clockNs::get);
  private Streams streams;

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
    assertThat(feed(recorder, events)).as("the client wants more").isFalse();
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
    feed(recorder, published(idsAndNumbers));
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
    streams.published(number -> number != 3);
    feed(recorder, published("7 1,8 2"));
    assertThat(recorder.resume()).isEqualTo(8);
    assertThat(feed(recorder, "event: replay-gap|data: {}||" + published("1 4,2 5"))).isTrue();
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recording.counted("streams_good")).as("within SLOs").isOne();
    assertThat(recording.counted("events_lost") + recording.counted("events_wrong")).isZero();
  }

  /** Of one that was on its way when connections were reset it is not known: it may come. */
  @Test
  void events_that_were_refused_between_others_shift_the_numbers_of_the_server() {
    EventsRecorder recorder = recorder(Streams.Feed.BROADCAST, 6, true);
    streams.published(number -> number < 3 || number > 4);
    feed(recorder, published("7 1,8 2"));
    recorder.resume();
    assertThat(feed(recorder, published("9 3,10 5,11 6"))).isTrue();
    assertThat(recorder.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recording.counted("events_lost") + recording.counted("events_wrong")).isZero();
  }

  private static String published(String idsAndNumbers) {
    return Stream.of(idsAndNumbers.split(",", -1))
        .map(pair -> pair.split(" ", -1))
        .map(parts -> "id: %s|data: event-%s 4000||".formatted(parts[0], parts[1]))
        .collect(Collectors.joining());
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

  private EventsRecorder recorder(Streams.Feed feed, int count, boolean numbered) {
    Streams.Plan plan =
        Streams.Plan.endless(
                numbered,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                EventsSettings.of(WatcherSettings.class)
                    .apply(Options.config("watcher-scale"))
                    .common()
                    .slos())
            .of(count);
    streams = new Streams("x", "/x", plan, recording, () -> true, feed);
    return new EventsRecorder(streams, clockNs.get());
  }

  private static boolean feed(EventsRecorder recorder, String lines) {
    SseDecoder decoder = recorder.connected();
    return decoder.feed(Unpooled.copiedBuffer(lines.replace('|', '\n'), StandardCharsets.US_ASCII));
  }
}
