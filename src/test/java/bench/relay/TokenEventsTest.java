package bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenEventsTest {
  private static final String STREAM =
      """
      : connected to a

      event: token
      id: 1
      data: {"token":"id: 7"}

      : keep-alive

      event: error
      id: 2
      data: {"error":"lost"}

      event: tokens
      id: 3
      data: {}

      event: token
      id: 123456789012
      data: {}

      event: token
      data: {}

      """;

  @Test
  void only_tokens_are_told_each_with_its_id() {
    assertThat(read(STREAM.length())).containsExactly(1L, 123456789012L, 0L);
  }

  @Test
  void it_does_not_matter_how_the_bytes_are_split() {
    for (int size = 1; size < 60; size++) {
      assertThat(read(size)).as("pieces of %d", size).containsExactly(1L, 123456789012L, 0L);
    }
  }

  @Test
  void the_sequence_is_found_in_the_producers_text() {
    assertThat(TokenText.sequence(TokenText.json("a", 42, false, 1))).isEqualTo(42);
    assertThat(TokenText.sequence("{\"sequence\":7}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(7);
    assertThat(TokenText.sequence("{}".getBytes(StandardCharsets.UTF_8))).isZero();
    assertThat(TokenText.sequence("\"sequence\":".getBytes(StandardCharsets.UTF_8))).isZero();
    String huge = "\"sequence\":" + "9".repeat(40);
    assertThat(TokenText.sequence(huge.getBytes(StandardCharsets.UTF_8))).isZero();
  }

  private static List<Long> read(int size) {
    List<Long> found = new ArrayList<>();
    TokenEvents events = new TokenEvents();
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += size) {
      int length = Math.min(size, bytes.length - from);
      events.in(Unpooled.wrappedBuffer(bytes, from, length), found::add);
    }
    return found;
  }
}
