package simulations.ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Seconds;
import kpi.SocketLoss;
import kpi.Tally;
import kpi.Timeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Clock;
import simulations.run.Recording;
import simulations.run.Slos;
import simulations.run.WsEnd;
import simulations.ticker.TickerLoad.Sockets;
import verdict.Threshold;

/** One socket, by clocks that the test moves. */
class TickerRecorderTest {
  private static final long MS = 1_000_000;
  private static final long UNIX_MS = 1_700_000_000_000L;

  private static final Messages TICKERS = new Messages(MessagesTest.form("", "", "", "", ""));

  private final AtomicLong clockNs = new AtomicLong();
  private final InstantSource wall = () -> Instant.ofEpochMilli(UNIX_MS).plusNanos(clockNs.get());
  private final Seconds seconds =
      new Seconds(new Timeline(clockNs::get, "start"), kpi -> 500 * MS, 1);
  private final Recording recording =
      new Recording(Phase.MEASURE, new Recorders(seconds), new Tally(), clockNs::get);
  private final FeedEnds ends = new FeedEnds();
  private final Clock.Agreement agreement = new Clock.Agreement();
  private final AtomicReference<String> otherFrame = new AtomicReference<>("");
  private final TickerRecorder socket = socket(TICKERS);
  private long steadyNs;

  @Test
  void a_round_trip_is_timed_from_when_the_ping_was_due_and_from_when_it_was_sent() {
    clockNs.set(12 * MS);
    socket.onConnected();
    clockNs.set(30 * MS);
    String timestamp = stamp(socket.ping(20 * MS));
    assertThat(timestamp).isEqualTo("1700000000030.000000");
    assertThat(socket.isComplete()).isFalse();
    clockNs.set(37 * MS);
    socket.onFrame(pong(timestamp, "3.5"));
    assertThat(socket.isComplete()).isTrue();
    assertThat(socket.finish(null)).isEqualTo(Outcome.OK);
    assertAnswer(recording, Kpi.CONNECT, 12.0);
    assertAnswer(recording, Kpi.RTT, 17.0);
    assertAnswer(recording, Kpi.RTT_SENT, 7.0);
    socket.onFrame(broadcast(1, 1));
    assertAnswer(recording, Kpi.DELIVERY_LAG, 37.0);
    assertThat(recording.tally().counters())
        .containsEntry("pings_sent", 1L)
        .containsEntry("pongs_received", 1L)
        .containsEntry("sockets_connected", 1L)
        .containsEntry("sockets_survived", 1L)
        .containsEntry("streams_good", 1L)
        .doesNotContainKey("latencies_false");
  }

  /** Of a publisher whose clock is ahead, and of one that states no time. */
  @Test
  void a_lag_below_zero_or_of_an_unknown_time_is_no_lag() {
    clockNs.set(-100 * MS);
    socket.onFrame(broadcast(1, 1));
    assertThat(recording.of(Kpi.DELIVERY_LAG).outside()).isOne();
    assertThat(agreement.isPossible()).isFalse();
    socket.onFrame("{\"type\":\"price:update\",\"feed\":\"T1.price\",\"seq\":2,\"epoch\":1}");
    assertThat(socket.finish(null)).isEqualTo(Outcome.OK);
    assertThat(recording.of(Kpi.DELIVERY_LAG).outside()).isOne();
    assertThat(recording.of(Kpi.DELIVERY_LAG).rotate().getTotalCount()).isZero();
    assertThat(recording.tally().counters())
        .containsEntry("broadcasts_received", 1L)
        .containsEntry("broadcasts_untimed", 1L);
  }

  @ParameterizedTest
  @CsvSource({"1.7e12, 1", "-6, 1", "13, 1", "11.9, 0", "null, 0"})
  void a_server_s_latency_cannot_be_longer_than_the_round_trip(String latency, long wrong) {
    String timestamp = stamp(socket.ping(0));
    clockNs.addAndGet(7 * MS);
    socket.onFrame(pong(timestamp, latency));
    socket.finish(null);
    assertThat(recording.counted("latencies_false")).isEqualTo(wrong);
    assertThat(recording.counted("latencies_stated")).isEqualTo(latency.equals("null") ? 0 : 1);
  }

  @Test
  void now_and_then_a_ping_is_stamped_by_a_clock_of_its_user() {
    clockNs.set(4_500_000);
    assertThat(Stream.generate(() -> stamp(socket.ping(0))).limit(3))
        .containsExactly("1700000000004.500000", "4.500000", "1700000000004.500000");
  }

  /** The stamp of the ping is {@code 1764000000000.123456} or so. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 0"})
  void a_pong_may_echo_whole_milliseconds(double more, long pongs) {
    clockNs.set(MS / 2);
    double whole = Math.floor(Double.parseDouble(stamp(socket.ping(0)))) + more;
    socket.onFrame(pong(new BigDecimal(whole).toPlainString(), "0"));
    socket.finish(null);
    assertThat(recording.counted("pongs_received")).isEqualTo(pongs);
    assertThat(recording.counted("pongs_stray")).isEqualTo(1 - pongs);
  }

  /** Feeds without epochs, such as those of other services, have been there for longer. */
  @Test
  void a_feed_begins_for_a_socket_with_the_first_broadcast_that_it_receives() {
    TickerRecorder other = socket(new Messages(MessagesTest.form("#{id}", "/id", "/n", "", "")));
    other.onFrame("{\"n\":41}");
    other.onFrame("{\"n\":43}");
    other.finish(null);
    assertThat(recording.counted("broadcasts_lost")).isOne();
  }

  @Test
  void a_pong_that_echoes_nothing_answers_the_oldest_ping() {
    TickerRecorder plain = socket(new Messages(MessagesTest.form("ping", "text=pong", "", "", "")));
    plain.ping(0);
    plain.ping(5 * MS);
    clockNs.set(12 * MS);
    plain.onFrame("pong");
    plain.onFrame("pong");
    plain.onFrame("pong\n"); // Nothing waits for it.
    assertThat(plain.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(recording.tally().counters())
        .containsEntry("pongs_received", 2L)
        .containsEntry("pongs_stray", 1L)
        .doesNotContainKey("pings_unanswered");
    assertThat(plain.rttMaxNs / 1e6).isEqualTo(12.0);
    assertThat(otherFrame).hasValue("pong ");
  }

  @Test
  void a_socket_that_was_closed_after_it_was_opened_did_not_survive() {
    socket.onConnected();
    WsEnd.Lost lost = new WsEnd.Lost(Outcome.CLOSED_EARLY, SocketLoss.closedBy(1008));
    assertThat(socket.finish(lost)).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(recording.tally().counters())
        .containsEntry("closed_1008", 1L)
        .containsEntry("sockets_connected", 1L)
        .doesNotContainKeys("sockets_survived", "pings_unanswered");
  }

  /** Broadcasts by number; e2:1 is of the second epoch, and +2 announces two left out. */
  @ParameterizedTest
  @CsvSource({
    "7 8 9,          0, 0, 0, 0",
    "7 9,            1, 0, 0, 0",
    "7 8 8 9,        0, 1, 0, 0",
    "7 9 8 10,       1, 0, 1, 0",
    "1 5,            3, 0, 0, 0",
    "1 +2 4 6,       1, 0, 0, 2",
    "41 e2:1 e2:2,   0, 0, 0, 0",
  })
  void damage_to_a_feed_is_counted_and_announced_conflation_or_a_new_epoch_is_none(
      String frames, long lost, long duplicated, long swapped, long conflated) {
    receive(frames);
    boolean sound = lost + duplicated + swapped == 0;
    assertThat(socket.finish(null)).isEqualTo(sound ? Outcome.OK : Outcome.INVALID);
    assertThat(
            Stream.of("lost", "duplicated", "swapped", "conflated")
                .map(kind -> recording.counted("broadcasts_" + kind)))
        .containsExactly(lost, duplicated, swapped, conflated);
  }

  /** The publisher counts two feeds; the socket received some of the first, and of T2 nothing. */
  @ParameterizedTest
  @CsvSource({"3, 1, 0", "2, 1, 1"})
  void a_feed_that_ends_while_its_way_was_cut_was_not_stopped(
      long excusedUntilNs, long lost, long stopped) {
    clockNs.set(2);
    socket.onConnected();
    ends.onPublished(counted(6, 5), 2);
    ends.excuseUntil(excusedUntilNs);
    receive("7 8");
    ends.onPublished(counted(9, 5), 4);
    socket.onLeave();
    assertThat(socket.isComplete()).isEqualTo(stopped == 0);
    socket.finish(null);
    assertThat(recording.counted("broadcasts_lost")).isEqualTo(lost);
    assertThat(recording.counted("feeds_stopped")).isEqualTo(stopped);
  }

  @ParameterizedTest
  @CsvSource({
    "7 8 9,       9, 5, 0, 0", // T2 had published nothing since the socket connected.
    "7 8,         9, 5, 1, 1",
    "7 8 9,      12, 8, 6, 2",
    "7 8 +1,      9, 5, 0, 0", // One is announced as left out.
    "e2:1,        9, 5, 0, 0", // Of a later publisher than the count.
  })
  void a_feed_that_stops_has_lost_what_its_publisher_counted(
      String frames, long first, long second, long lost, long stopped) {
    clockNs.set(2);
    socket.onConnected();
    ends.onPublished(counted(6, 4), 1); // Requested before.
    socket.ping(0);
    ends.onPublished(counted(6, 5), 3);
    socket.onFrame(pong(stamp(socket.ping(0)), "0"));
    receive(frames);
    ends.onPublished(counted(first, second), 4);
    socket.onLeave();
    socket.finish(null);
    assertThat(recording.counted("broadcasts_lost")).isEqualTo(lost);
    assertThat(recording.counted("feeds_stopped")).isEqualTo(stopped);
  }

  @Test
  void without_a_count_the_end_of_a_feed_is_what_another_socket_received() {
    ends.of("T1.price").set(new FeedEnds.Position(1, 9));
    receive("7 8");
    socket.onLeave();
    assertThat(socket.isComplete()).isFalse();
    receive("9");
    assertThat(socket.isComplete()).isTrue();
    assertThat(socket.finish(null)).isEqualTo(Outcome.OK);
  }

  @Test
  void a_feed_that_ends_before_its_socket_and_a_pong_that_never_comes_are_bad_seconds() {
    clockNs.set(100 * MS);
    socket.onFrame(broadcast(1, 1));
    clockNs.set(200 * MS);
    socket.onFrame(broadcast(2, 1));
    socket.ping(1_200 * MS);
    clockNs.set(3_200 * MS);
    assertThat(socket.finish(null)).isEqualTo(Outcome.INVALID);
    List<Seconds.Bad> bad = seconds.judge(0, 5).bad();
    assertThat(bad).extracting(Seconds.Bad::t).containsExactlyInAnyOrder(0.0, 1.0, 2.0, 3.0);
    assertThat(bad).filteredOn(one -> one.what().contains("delivery_lag: 1 of 1")).hasSize(4);
    assertThat(bad).filteredOn(one -> one.what().contains("rtt: 1 of 1")).hasSize(3);
  }

  @Test
  void a_frame_that_is_no_message_is_only_counted() {
    List.of("no json", "[1]", "{\"type\":\"heartbeat\"}").forEach(socket::onFrame);
    assertThat(recording.tally().events()).isEqualTo(3);
    assertThat(socket.finish(null)).isEqualTo(Outcome.OK);
  }

  /** Arrivals, answers and heartbeats are no feed that goes on. */
  @ParameterizedTest(name = "{0}, begun at {1}, counted: {2}, all there after {3} ms")
  @CsvSource({
    "price,   0,   false, 0,     INVALID",
    "price,   0,   true,  0,     OK",
    "join,    0,   false, 99000, OK",
    "welcome, 119, false, 0,     OK",
    "2\0!,    0,   false, 0,     OK",
  })
  void a_feed_without_a_count_that_stops_while_it_stays_open_is_a_fault(
      String text, int begunAt, boolean isCounted, long steadyMs, Outcome outcome) {
    steadyNs = steadyMs * MS;
    if (isCounted) {
      ends.onPublished(counted(0, 0), 0);
    }
    for (int frame = 0; frame < 120; frame++) {
      if (frame == begunAt) {
        socket.onBegun();
      }
      clockNs.addAndGet(50 * MS);
      socket.onFrame(text);
    }
    clockNs.addAndGet(4_000 * MS);
    socket.onLeave();
    assertThat(socket.finish(null)).isEqualTo(outcome);
    assertThat(recording.counted("feeds_silent")).isEqualTo(outcome == Outcome.OK ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"true, hellos_unanswered", "false, pings_unanswered"})
  void a_socket_without_the_answer_to_its_first_frame_or_to_a_ping_is_at_fault(
      boolean isFirst, String counter) {
    if (isFirst) {
      socket.onUnanswered();
    } else {
      socket.ping(0);
    }
    assertThat(socket.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(recording.counted(counter)).isOne();
  }

  private void receive(String frames) {
    for (String frame : frames.split(" ", -1)) {
      int epoch = frame.startsWith("e2:") ? 2 : 1;
      socket.onFrame(
          frame.startsWith("+")
              ? "{\"type\":\"feed:conflated\",\"skipped\":{\"T1.price\":" + frame.charAt(1) + "}}"
              : broadcast(Long.parseLong(frame.replace("e2:", "")), epoch));
    }
  }

  private static JsonNode counted(long first, long second) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("epoch", 1)
        .set(
            "feeds", new ObjectMapper().valueToTree(Map.of("T1.price", first, "T2.price", second)));
  }

  private static String stamp(String ping) {
    return ping.replaceAll(".*\"timestamp\":([0-9.]+),.*", "$1");
  }

  private static String pong(String timestamp, String latency) {
    return "{\"type\":\"pong\",\"timestamp\":1,\"originalTimestamp\":%s,\"latency\":%s}"
        .formatted(timestamp, latency);
  }

  private static String broadcast(long seq, long epoch) {
    String feed = "{\"type\":\"price:update\",\"feed\":\"T1.price\",";
    return feed + "\"seq\":%s,\"epoch\":%s,\"published\":%s}".formatted(seq, epoch, UNIX_MS * MS);
  }

  private TickerRecorder socket(Messages messages) {
    return new TickerRecorder(
        new Sockets(
            List.of(recording),
            messages,
            new Slos(
                List.of(
                    Threshold.parse("rtt.max <= 100 ms", Map.of()),
                    Threshold.parse("delivery_lag.max <= 100 ms", Map.of()))),
            new Clock(clockNs::get, wall, "", Clock.Offset.NOT_MEASURED),
            agreement,
            ends,
            otherFrame,
            nowNs -> Math.max(steadyNs, nowNs)));
  }
}
