package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import targets.ticker.Outbox.Taken;

/** What waits for a slow client. */
class OutboxTest {
  private static final ByteBufAllocator MEMORY = UnpooledByteBufAllocator.DEFAULT;
  private static final int FRAME_BYTES = 2 + 12;

  private final Feed price = feed(Kind.PRICE, "T1");
  private final Feed otherPrice = feed(Kind.PRICE, "T2");
  private final Feed trades = feed(Kind.TRADE, "T1");
  private final List<ByteBuf> frames = new ArrayList<>();
  private final Outbox outbox = new Outbox(10 * FRAME_BYTES);

  @AfterEach
  void every_frame_is_given_back() {
    outbox.clear();
    assertThat(frames).allSatisfy(frame -> assertThat(frame.refCnt()).isZero());
  }

  @Test
  void of_prices_the_newest_waits_in_the_place_of_the_oldest() {
    assertThat(add(price, 1)).isEqualTo(Taken.KEPT);
    assertThat(add(trades, 1)).isEqualTo(Taken.KEPT);
    assertThat(add(otherPrice, 1)).isEqualTo(Taken.KEPT);
    assertThat(add(price, 2)).isEqualTo(Taken.CONFLATED);
    assertThat(add(price, 3)).isEqualTo(Taken.CONFLATED);
    List<String> taken = new ArrayList<>();
    Map<String, Integer> skipped = drain(taken, 10);
    assertThat(taken).containsExactly("T1.price 3", "T1.trades 1", "T2.price 1");
    assertThat(skipped).containsExactly(Map.entry("T1.price", 2));
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void trades_all_wait_until_there_are_too_many() {
    for (int number = 1; number <= 10; number++) {
      assertThat(add(trades, number)).isEqualTo(Taken.KEPT);
    }
    assertThat(add(trades, 11)).isEqualTo(Taken.FULL);
    assertThat(add(price, 1)).isEqualTo(Taken.FULL);
    assertThat(outbox.size()).isEqualTo(10);
  }

  @Test
  void a_price_finds_room_where_an_older_one_waits() {
    add(price, 1);
    for (int number = 1; number <= 9; number++) {
      add(trades, number);
    }
    assertThat(add(price, 2)).isEqualTo(Taken.CONFLATED);
  }

  @Test
  void what_was_not_taken_waits_on_and_what_was_skipped_is_told_once() {
    add(price, 1);
    add(price, 2);
    add(trades, 1);
    List<String> taken = new ArrayList<>();
    assertThat(drain(taken, 1)).containsOnlyKeys("T1.price");
    assertThat(drain(taken, 1)).isEmpty();
    assertThat(taken).containsExactly("T1.price 2", "T1.trades 1");
  }

  @Test
  void what_is_forgotten_is_counted() {
    add(price, 1);
    add(price, 2);
    add(trades, 1);
    assertThat(outbox.clear()).isEqualTo(2);
    assertThat(outbox.isEmpty()).isTrue();
  }

  private Map<String, Integer> drain(List<String> taken, int most) {
    int enough = taken.size() + most;
    return outbox.drain(
        broadcast -> {
          if (taken.size() == enough) {
            return false;
          }
          ByteBuf frame = broadcast.frame(false);
          taken.add(frame.skipBytes(2).toString(StandardCharsets.UTF_8).strip());
          frame.release();
          return true;
        });
  }

  private Taken add(Feed feed, int number) {
    String text = "%-12s".formatted(feed.subject().feed() + " " + number);
    ByteBuf frame = Frames.text(MEMORY, text.getBytes(StandardCharsets.UTF_8));
    frames.add(frame);
    Broadcast broadcast = new Broadcast(feed, frame, Optional.empty());
    Taken taken = outbox.add(broadcast);
    broadcast.release();
    return taken;
  }

  private static Feed feed(Kind kind, String token) {
    return new Feed(new Subject(kind, token), 1);
  }
}
