package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkedBodyTest {
  private final StringBuilder content = new StringBuilder();

  @Test
  void finds_content_and_end_at_every_split() {
    String text = "5;name=x\r\nhello\r\n00B\r\n, \r\n world\n\r\n0\r\nTrailer: x\r\n\r\n";
    for (int split = 0; split <= text.length(); split++) {
      content.setLength(0);
      ChunkedBody body = new ChunkedBody();
      scan(body, text.substring(0, split));
      int end = scan(body, text.substring(split) + "NEXT");
      assertThat(content.toString()).as("split %d", split).isEqualTo("hello, \r\n world\n");
      assertThat(body.isWhole()).isTrue();
      assertThat(end).isEqualTo(text.length() - split);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\n",
        "\r\n",
        "5\nhello",
        "5\r\nhelloX",
        "5\r\nhello\n",
        "-1\r\n",
        "1234567890123456\r\n",
        "0\r\nTrailer: x\n\r\n",
        "0x5\r\nhello\r\n",
        "0\r\n\rX"
      })
  void refuses_what_another_reader_might_read_otherwise(String text) {
    assertThat(scan(new ChunkedBody(), text)).isEqualTo(BodyScanner.BAD);
  }

  private int scan(ChunkedBody body, String text) {
    ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    return body.scan(
        in,
        (bytes, from, length) ->
            content.append(bytes.toString(from, length, StandardCharsets.ISO_8859_1)));
  }
}
