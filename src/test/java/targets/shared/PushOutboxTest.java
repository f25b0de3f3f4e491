package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import targets.shared.Delivery.Result;

class PushOutboxTest {
  private static final String PRICE = "T1.price";
  private static final String OTHER_PRICE = "T2.price";
  private static final String TRADES = "";
  private static final int FRAME_BYTES = 2 + 12;

  private final List<ByteBuf> frames = new ArrayList<>();
  private final PushOutbox outbox = new PushOutbox(10 * FRAME_BYTES);

  @AfterEach
  void every_frame_is_released() {
    outbox.clear();
    assertThat(frames).allSatisfy(frame -> assertThat(frame.refCnt()).isZero());
  }

  @Test
  void the_newest_message_of_a_feed_waits_in_the_place_of_the_oldest() {
    assertThat(add(PRICE, 1)).isEqualTo(Result.WAITING);
    assertThat(add(TRADES, 1)).isEqualTo(Result.WAITING);
    assertThat(add(OTHER_PRICE, 1)).isEqualTo(Result.WAITING);
    assertThat(add(PRICE, 2)).isEqualTo(Result.CONFLATED);
    assertThat(add(PRICE, 3)).isEqualTo(Result.CONFLATED);
    List<String> taken = new ArrayList<>();
    Map<String, Integer> skipped = drain(taken, 10);
    assertThat(taken).containsExactly("T1.price 3", "1", "T2.price 1");
    assertThat(skipped).containsExactly(Map.entry(PRICE, 2));
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void at_the_limit_a_message_is_refused_unless_it_replaces_one_of_its_feed() {
    add(PRICE, 1);
    for (int number = 1; number <= 9; number++) {
      assertThat(add(TRADES, number)).isEqualTo(Result.WAITING);
    }
    assertThat(add(TRADES, 10)).isEqualTo(Result.REFUSED);
    assertThat(add(OTHER_PRICE, 1)).isEqualTo(Result.REFUSED);
    assertThat(add(PRICE, 2)).isEqualTo(Result.CONFLATED);
    assertThat(outbox.clear()).isEqualTo(10);
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void a_refused_message_stays_and_skipped_ones_are_reported_once() {
    add(PRICE, 1);
    add(PRICE, 2);
    add(TRADES, 1);
    List<String> taken = new ArrayList<>();
    assertThat(drain(taken, 1)).containsOnlyKeys(PRICE);
    assertThat(drain(taken, 1)).isEmpty();
    assertThat(taken).containsExactly("T1.price 2", "1");
  }

  private Map<String, Integer> drain(List<String> taken, int most) {
    int enough = taken.size() + most;
    return outbox.drain(
        message -> {
          if (taken.size() == enough) {
            return false;
          }
          ByteBuf frame = message.frame(false);
          taken.add(frame.skipBytes(2).toString(StandardCharsets.UTF_8).strip());
          frame.release();
          return true;
        });
  }

  private Result add(String feed, int number) {
    byte[] text = "%-12s".formatted((feed + " " + number).strip()).getBytes(StandardCharsets.UTF_8);
    ByteBuf frame = WebSocketFrames.text(UnpooledByteBufAllocator.DEFAULT, text);
    frames.add(frame);
    PushMessage message =
        new PushMessage(Optional.of(feed).filter(name -> !name.isEmpty()), frame, Optional.empty());
    Result result = outbox.add(message);
    message.release();
    return result;
  }

  @ParameterizedTest
  @CsvSource({"0,2", "125,2", "126,4", "65535,4", "65536,10"})
  void a_frame_has_the_shortest_length_field(int length, int head) {
    ByteBuf frame = WebSocketFrames.text(UnpooledByteBufAllocator.DEFAULT, new byte[length]);
    assertThat(frame.readableBytes()).isEqualTo(head + length);
    assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x81);
    int first = frame.readUnsignedByte();
    long written =
        switch (first) {
          case 126 -> frame.readUnsignedShort();
          case 127 -> frame.readLong();
          default -> first;
        };
    assertThat(written).isEqualTo(length);
    frame.release();
  }
}
