package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import targets.relay.Servers;
import targets.relay.Servers.Running;
import targets.relay.Sse;
import targets.relay.message.Guarantee;

/** Each planted defect can be seen by a client, in both kinds of delivery. */
@Timeout(90)
@SuppressWarnings("try") // A bridge is not used by its name.
class RelayDefectsIT {
  private static final int TOKENS = 25;

  @RegisterExtension static final Servers servers = new Servers();

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void tokens_change_places(Guarantee delivery) throws IOException {
    List<Long> sequences = live(delivery, "reorder", 0, 1);
    assertThat(sequences).hasSize(TOKENS).isNotEqualTo(Sse.range(1, TOKENS));
    assertThat(sequences).containsExactlyInAnyOrderElementsOf(Sse.range(1, TOKENS));
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void a_resume_is_one_token_late(Guarantee delivery) throws IOException {
    assertThat(live(delivery, "off-by-one-resume", 5, 6)).doesNotContain(6L).contains(7L);
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void a_resume_repeats_a_token(Guarantee delivery) throws IOException {
    int first = delivery == Guarantee.CORE ? 6 : 1;
    List<Long> sequences = live(delivery, "duplicate-on-reconnect", 5, first);
    assertThat(sequences).hasSize(TOKENS - 4).startsWith(6L, 6L, 7L).endsWith((long) TOKENS);
  }

  @Test
  void the_end_is_lost_and_the_stream_stays_open() throws IOException {
    try (Running bridge = bridge(Guarantee.CORE, "lost-done");
        Running adapter = adapter(Guarantee.CORE, "");
        Sse sse = Sse.live(adapter.url(), "end")) {
      servers.producer(Guarantee.CORE).publishAll("end", 1, 3, 3, 0);
      sse.next();
      assertThat(sse.next().sequence()).isEqualTo(2);
      Servers.await(bridge.url(), "messages_received", 3);
      Servers.await(adapter.url(), "active_connections", 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void tokens_right_after_the_greeting_are_lost(Guarantee delivery) throws IOException {
    try (Running bridge = bridge(delivery, "");
        Running adapter = adapter(delivery, "subscribe-race");
        Sse sse = Sse.live(adapter.url(), "race-" + delivery)) {
      servers.producer(delivery).publishAll("race-" + delivery, 1, 60, 60, 20_000_000);
      assertThat(sse.next().sequence()).isGreaterThan(1);
    }
  }

  @Test
  void tokens_that_a_slow_client_does_not_read_are_dropped() throws IOException {
    try (Running bridge = bridge(Guarantee.CORE, "");
        Running adapter = adapter(Guarantee.CORE, "drop-when-full=20");
        Sse slow = Sse.slow(adapter.url(), "drops");
        Sse quick = Sse.live(adapter.url(), "drops")) {
      servers.producer(Guarantee.CORE).publishLarge("drops", 1, 1500, 1500);
      quick.rest();
      List<Sse.Event> received = slow.rest();
      assertThat(received).extracting(Sse.Event::name).containsOnly("token");
      assertThat(received).extracting(Sse.Event::sequence).isSorted().hasSizeLessThan(1500);
      Servers.await(adapter.url(), "tokens_missing", 0);
    }
  }

  @Test
  void while_nats_is_away_both_are_ready_and_count_no_loss() throws IOException {
    try (Running bridge = bridge(Guarantee.CORE, "silent-nats-down");
        Running adapter = adapter(Guarantee.CORE, "silent-nats-down");
        Sse sse = Sse.live(adapter.url(), "away")) {
      // A token that arrives shows that both are connected, which their readiness does not.
      servers.producer(Guarantee.CORE).publishAll("away", 1, 3, 3, 0);
      assertThat(sse.restOfSequences()).containsExactly(1L, 2L, 3L);
      servers.nats().kill();
      Servers.await(adapter.url(), "nats_losses", 1);
      Servers.await(bridge.url(), "nats_losses", 1);
      Servers.awaitReady(adapter.url());
      Servers.awaitReady(bridge.url());
      servers.nats().restart();
    }
  }

  private static Running bridge(Guarantee delivery, String defect) {
    return servers.start(RelayDefects.BRIDGE, delivery, "defect", defect);
  }

  private static Running adapter(Guarantee delivery, String defect) {
    return servers.start(RelayDefects.ADAPTER, delivery, "defect", defect);
  }

  /** The tokens of a client that is connected before they are published. */
  private static List<Long> live(Guarantee delivery, String defect, long lastEvent, int first)
      throws IOException {
    String id = defect + "-" + delivery;
    try (Running bridge = bridge(delivery, "");
        Running adapter = adapter(delivery, defect);
        Sse sse = Sse.live(adapter.url(), id, lastEvent)) {
      servers.producer(delivery).publishAll(id, first, TOKENS, TOKENS, 0);
      return sse.restOfSequences();
    }
  }
}
