package simulations.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.SocketLoss;
import kpi.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Recording;
import simulations.run.Slos;
import simulations.run.WsEnd;
import verdict.Threshold;

/** One socket, by clocks that the test moves. */
class TickerRecorderTest {
  private static final long MS = 1_000_000;
  private static final long UNIX_MS = 1_700_000_000_000L;

  private final AtomicLong clockNs = new AtomicLong();
  private final InstantSource wall = () -> Instant.ofEpochMilli(UNIX_MS).plusNanos(clockNs.get());
  private final Recorders recorders = new Recorders();
  private final Tally tally = new Tally();
  private final TickerRecorder socket =
      new TickerRecorder(
          new Sockets(
              List.of(new Recording(Phase.MEASURE, recorders, tally, clockNs::get)),
              new Slos(
                  List.of(
                      Threshold.parse("rtt.max <= 100 ms", Map.of()),
                      Threshold.parse("delivery_lag.max <= 100 ms", Map.of()))),
              wall),
          0);

  @Test
  void a_round_trip_is_timed_from_when_the_ping_was_due_and_from_when_it_was_sent() {
    socket.onConnected();
    clockNs.set(30 * MS);
    String timestamp = socket.ping(20 * MS);
    assertThat(timestamp).isEqualTo("1700000000030.000000");
    assertThat(socket.isAnswered()).isFalse();
    clockNs.set(37 * MS);
    socket.onFrame(pong(timestamp, "3.5"));
    assertThat(socket.isAnswered()).isTrue();
    assertThat(socket.finish(null)).isEqualTo(Outcome.OK);
    assertThat(maxNs(Kpi.RTT)).isBetween(17 * MS, 17 * MS + MS / 50);
    assertThat(maxNs(Kpi.RTT_SENT)).isBetween(7 * MS, 7 * MS + MS / 50);
    assertThat(tally.counters())
        .containsEntry("pings_sent", 1L)
        .containsEntry("pongs_received", 1L)
        .containsEntry("sockets_connected", 1L)
        .containsEntry("sockets_survived", 1L)
        .containsEntry("streams_good", 1L)
        .doesNotContainKey("latencies_false");
  }

  @ParameterizedTest
  @CsvSource({"1.7e12, 1", "-6, 1", "13, 1", "11.9, 0", "null, 0"})
  void a_server_s_latency_cannot_be_longer_than_the_round_trip(String latency, long wrong) {
    String timestamp = socket.ping(0);
    clockNs.addAndGet(7 * MS);
    socket.onFrame(pong(timestamp, latency));
    socket.finish(null);
    assertThat(tally.counters().getOrDefault("latencies_false", 0L)).isEqualTo(wrong);
  }

  @Test
  void now_and_then_a_ping_is_stamped_by_a_clock_of_its_user() {
    clockNs.set(4_500_000);
    assertThat(socket.ping(0)).isEqualTo("1700000000004.500000");
    assertThat(socket.ping(0)).isEqualTo("4.500000");
    assertThat(socket.ping(0)).startsWith("17");
  }

  @Test
  void a_ping_without_a_pong_makes_the_socket_wrong_unless_it_was_cut() {
    socket.ping(0);
    assertThat(socket.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(tally.counters()).containsEntry("pings_unanswered", 1L);
  }

  @Test
  void a_socket_that_was_closed_after_it_was_opened_did_not_survive() {
    socket.onConnected();
    socket.onClosed(1008);
    WsEnd.Lost lost = new WsEnd.Lost(Outcome.CLOSED_EARLY, SocketLoss.closedBy(socket.closedBy()));
    assertThat(socket.finish(lost)).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(tally.counters())
        .containsEntry("closed_1008", 1L)
        .containsEntry("sockets_connected", 1L)
        .doesNotContainKeys("sockets_survived", "pings_unanswered");
  }

  @ParameterizedTest
  @CsvSource({
    "7 8 9,     0, 0, 0",
    "7 9,       1, 0, 0",
    "7 8 8 9,   0, 1, 0",
    "7 9 8 10,  1, 0, 1",
    "1 5,       3, 0, 0",
  })
  void each_kind_of_damage_to_a_feed_is_counted(
      String sequences, long lost, long duplicated, long swapped) {
    for (String sequence : sequences.split(" ", -1)) {
      socket.onFrame(broadcast("T1.price", Long.parseLong(sequence), 1));
    }
    socket.finish(null);
    assertThat(tally.counters().getOrDefault("broadcasts_lost", 0L)).isEqualTo(lost);
    assertThat(tally.counters().getOrDefault("broadcasts_duplicated", 0L)).isEqualTo(duplicated);
    assertThat(tally.counters().getOrDefault("broadcasts_swapped", 0L)).isEqualTo(swapped);
  }

  @Test
  void announced_conflation_is_no_loss() {
    socket.onFrame(broadcast("T1.price", 1, 1));
    socket.onFrame("{\"type\":\"feed:conflated\",\"skipped\":{\"T1.price\":2}}");
    socket.onFrame(broadcast("T1.price", 4, 1));
    socket.onFrame(broadcast("T1.price", 6, 1));
    socket.finish(null);
    assertThat(tally.counters())
        .containsEntry("broadcasts_conflated", 2L)
        .containsEntry("broadcasts_lost", 1L);
  }

  @Test
  void a_publisher_that_is_started_again_begins_a_new_epoch_and_loses_nothing() {
    socket.onFrame(broadcast("T1.price", 41, 1));
    socket.onFrame(broadcast("T1.price", 1, 2));
    socket.onFrame(broadcast("T1.price", 2, 2));
    assertThat(socket.finish(null)).isEqualTo(Outcome.OK);
  }

  @Test
  void a_broadcast_is_timed_from_its_publishing() {
    clockNs.set(9 * MS);
    socket.onFrame(broadcast("T1.price", 1, 1));
    assertThat(maxNs(Kpi.DELIVERY_LAG)).isBetween(9 * MS, 9 * MS + MS / 50);
  }

  @Test
  void a_frame_that_is_no_message_is_only_counted() {
    socket.onFrame("no json");
    socket.onFrame("[1]");
    socket.onFrame("{\"type\":\"heartbeat\",\"connectedClients\":3}");
    assertThat(tally.events()).isEqualTo(3);
    assertThat(socket.finish(null)).isEqualTo(Outcome.OK);
  }

  private static String pong(String timestamp, String latency) {
    return "{\"type\":\"pong\",\"timestamp\":1,\"originalTimestamp\":%s,\"latency\":%s}"
        .formatted(timestamp, latency);
  }

  private static String broadcast(String feed, long seq, long epoch) {
    return "{\"type\":\"price:update\",\"feed\":\"%s\",\"seq\":%d,\"epoch\":%d,\"published\":%d}"
        .formatted(feed, seq, epoch, UNIX_MS * MS);
  }

  private long maxNs(Kpi kpi) {
    recorders.of(Phase.MEASURE, kpi).rotate();
    return recorders.of(Phase.MEASURE, kpi).total().getMaxValue();
  }
}
