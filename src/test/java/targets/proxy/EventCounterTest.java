package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventCounterTest {
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void counts_the_same_for_every_line_end_and_every_split(String end) {
    String text =
        ": hello\n\ndata: a\n\nevent: x\ndata: b\n\n\n\n"
            + "id: 1\n:c\ndata\n\n: only\n:comment\n\ndata: [DONE]\n\n".replace("\n", end);
    for (int first = 0; first <= text.length(); first++) {
      for (int second = first; second <= text.length(); second++) {
        EventCounter counter = new EventCounter();
        feed(counter, text.substring(0, first));
        feed(counter, text.substring(first, second));
        feed(counter, text.substring(second));
        assertThat(counter.events()).as("split at %d and %d", first, second).isEqualTo(4);
      }
    }
  }

  @Test
  void a_block_without_its_blank_line_is_no_event() {
    EventCounter counter = new EventCounter();
    feed(counter, "data: a\n\ndata: [DONE]\n");
    assertThat(counter.events()).isEqualTo(1);
  }

  @Test
  void line_ends_may_be_mixed() {
    EventCounter counter = new EventCounter();
    feed(counter, "data: a\r\n\ndata: b\n\rdata: c\r\r\n");
    assertThat(counter.events()).isEqualTo(3);
  }

  private static void feed(EventCounter counter, String text) {
    ByteBuf bytes = Unpooled.copiedBuffer("xx" + text + "yy", StandardCharsets.ISO_8859_1);
    counter.data(bytes, 2, text.length());
  }
}
