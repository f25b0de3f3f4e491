package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import targets.relay.Servers;
import targets.relay.Sse;
import targets.relay.message.Guarantee;
import targets.shared.RunningTarget;

/** Each defect that changes tokens does so in both kinds of delivery. */
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

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void tokens_right_after_the_greeting_are_lost(Guarantee delivery) throws IOException {
    try (RunningTarget bridge = bridge(delivery, "");
        RunningTarget adapter = adapter(delivery, "subscribe-race");
        Sse sse = Sse.live(adapter.url(), "race-" + delivery)) {
      servers.producer(delivery).publishAll("race-" + delivery, 1, 60, 60, 20_000_000);
      assertThat(sse.next().sequence()).isGreaterThan(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void a_feed_stops_and_its_connection_is_kept_alive(Guarantee delivery) throws IOException {
    String id = "stops-" + delivery;
    try (RunningTarget bridge = bridge(delivery, "");
        RunningTarget adapter =
            servers.start(
                RelayDefects.ADAPTER, delivery, "defect=stop-feed=3", "keep-alive=200ms");
        Sse sse = Sse.live(adapter.url(), id)) {
      servers.producer(delivery).publishAll(id, 1, TOKENS, TOKENS, 0);
      List<Sse.Event> events = new ArrayList<>();
      for (long silent = 0;
          silent < 5;
          silent += events.get(events.size() - 1).id().isEmpty() ? 1 : 0) {
        events.add(sse.next());
      }
      events.removeIf(event -> event.id().isEmpty());
      assertThat(events).extracting(Sse.Event::sequence).containsExactly(1L, 2L, 3L);
    }
  }

  private static RunningTarget bridge(Guarantee delivery, String defect) {
    return servers.start(RelayDefects.BRIDGE, delivery, "defect=" + defect);
  }

  private static RunningTarget adapter(Guarantee delivery, String defect) {
    return servers.start(RelayDefects.ADAPTER, delivery, "defect=" + defect);
  }

  /** The tokens of a client that is connected before they are published. */
  private static List<Long> live(Guarantee delivery, String defect, long lastEvent, int first)
      throws IOException {
    String id = defect + "-" + delivery;
    try (RunningTarget bridge = bridge(delivery, "");
        RunningTarget adapter = adapter(delivery, defect);
        Sse sse = Sse.live(adapter.url(), id, lastEvent)) {
      servers.producer(delivery).publishAll(id, first, TOKENS, TOKENS, 0);
      return sse.restOfSequences();
    }
  }
}
