package bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BlankLinesTest {
  private static final String TWO_EVENTS = "data: a\n\nid: 7\ndata: b\n\n";

  @Test
  void an_event_ends_at_its_blank_line() {
    assertThat(ends(TWO_EVENTS)).isEqualTo(2);
    assertThat(ends("data: a\n\ndata: b\n")).isEqualTo(1);
    assertThat(ends("")).isZero();
  }

  @Test
  void the_count_is_the_same_at_every_split() {
    for (int split = 0; split <= TWO_EVENTS.length(); split++) {
      assertThat(ends(TWO_EVENTS.substring(0, split), TWO_EVENTS.substring(split)))
          .as("split at %d", split)
          .isEqualTo(2);
    }
    assertThat(ends(TWO_EVENTS.split("", -1))).isEqualTo(2);
  }

  private static int ends(String... reads) {
    BlankLines lines = new BlankLines();
    int found = 0;
    for (String read : reads) {
      found += lines.in(Unpooled.copiedBuffer(read, StandardCharsets.US_ASCII));
    }
    return found;
  }
}
