package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each planted mistake can be seen by a client, in both kinds of delivery. */
@Timeout(90)
class RelayDefectsIT {
  private static final int TOKENS = 25;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void tokens_change_places(Delivery delivery) throws IOException {
    try (Chain chain = Chain.start(folder, delivery, "", "reorder")) {
      List<Long> sequences = live(chain, 0, 1, TOKENS);
      assertThat(sequences).hasSize(TOKENS).isNotEqualTo(upTo(TOKENS));
      assertThat(sequences).containsExactlyInAnyOrderElementsOf(upTo(TOKENS));
    }
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void a_resume_is_one_token_late(Delivery delivery) throws IOException {
    try (Chain chain = Chain.start(folder, delivery, "", "off-by-one-resume")) {
      assertThat(live(chain, 5, 6, TOKENS)).doesNotContain(6L).contains(7L);
    }
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void a_resume_repeats_a_token(Delivery delivery) throws IOException {
    try (Chain chain = Chain.start(folder, delivery, "", "duplicate-on-reconnect")) {
      int first = delivery == Delivery.CORE ? 6 : 1;
      List<Long> sequences = live(chain, 5, first, TOKENS);
      long repeated = delivery == Delivery.CORE ? 6 : 5;
      assertThat(sequences).hasSize(TOKENS - 4).startsWith(repeated).endsWith((long) TOKENS);
    }
  }

  @Test
  void the_end_is_lost_and_the_stream_stays_open() throws IOException {
    try (Chain chain = Chain.start(folder, Delivery.CORE, "lost-done", "");
        Sse sse = Sse.open(chain.adapter().url(), "c", 0)) {
      sse.next();
      chain.producer().say("c", 1, 3, 3, 0);
      sse.next();
      assertThat(sse.next().sequence()).isEqualTo(2);
      Chain.awaitMetrics(chain.bridge().url(), now -> now.get("messages_received").asInt() == 3);
      assertThat(Chain.metrics(chain.adapter().url()).get("active_connections").asInt()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void what_is_said_right_after_the_greeting_is_not_heard(Delivery delivery) throws IOException {
    try (Chain chain = Chain.start(folder, delivery, "", "subscribe-race")) {
      Producer producer = chain.producer();
      try (Sse sse = Sse.open(chain.adapter().url(), "c", 0)) {
        sse.next();
        producer.say("c", 1, 60, 60, 20_000_000);
        assertThat(sse.next().sequence()).isGreaterThan(1);
      }
    }
  }

  @Test
  void while_nats_is_away_the_adapter_says_that_all_is_well() throws IOException {
    String defect = "silent-nats-down";
    try (Chain chain = Chain.start(folder, Delivery.CORE, defect, defect)) {
      chain.nats().kill();
      Chain.awaitMetrics(chain.adapter().url(), now -> now.get("nats_losses").asInt() == 1);
      Chain.awaitReady(chain.adapter().url());
      Chain.awaitReady(chain.bridge().url());
    }
  }

  /** The tokens that a client gets which is connected before they are said. */
  private static List<Long> live(Chain chain, long lastEvent, int first, int last)
      throws IOException {
    try (Sse sse = Sse.open(chain.adapter().url(), "c", lastEvent)) {
      sse.next();
      chain.producer().say("c", first, last, last, 0);
      return sse.rest().stream()
          .filter(event -> event.name().equals("token"))
          .map(Sse.Event::sequence)
          .toList();
    }
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }
}
