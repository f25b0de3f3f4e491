package bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberFinderTest {
  private final NumberFinder finder = new NumberFinder();
  private final List<Long> found = new ArrayList<>();

  @Test
  void finds_the_number_of_an_announcement() {
    finder.in(Unpooled.wrappedBuffer(Announcement.of(4711, Instant.EPOCH)), found::add);
    assertThat(found).containsExactly(4711L);
  }

  @Test
  void finds_all_numbers_however_the_bytes_are_split() {
    String text = "";
    for (long number = 98; number < 103; number++) {
      text +=
          "MSG x 1 9\r\n"
              + new String(Announcement.of(number, Instant.EPOCH), StandardCharsets.UTF_8)
              + "\r\n";
    }
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      finder.in(Unpooled.wrappedBuffer(new byte[] {each}), found::add);
    }
    assertThat(found).containsExactly(98L, 99L, 100L, 101L, 102L);
  }

  @Test
  void does_not_take_similar_names_for_it_and_leaves_the_buffer_as_it_was() {
    ByteBuf bytes =
        Unpooled.copiedBuffer(
            "{\"seq\":1,\"sequences\":2,\"\"sequence\":3,\"x\":\"sequence\"}",
            StandardCharsets.UTF_8);
    int readable = bytes.readableBytes();
    finder.in(bytes, found::add);
    assertThat(found).containsExactly(3L);
    assertThat(bytes.readableBytes()).isEqualTo(readable);
  }
}
