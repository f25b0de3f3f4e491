package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks, events and headers, without sockets. */
final class ProxyBytesTest {
  private final StringBuilder content = new StringBuilder();

  @Test
  void finds_content_and_end_of_chunks_at_every_split() {
    String text = "5;name=x\r\nhello\r\n00B\r\n, \r\n world\n\r\n0\r\nTrailer: x\r\n\r\n";
    for (int split = 0; split <= text.length(); split++) {
      content.setLength(0);
      BodyScanner.Chunked body = new BodyScanner.Chunked();
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
  void refuses_chunks_that_another_reader_might_read_otherwise(String text) {
    assertThat(scan(new BodyScanner.Chunked(), text)).isEqualTo(BodyScanner.BAD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void counts_the_same_events_for_every_line_end_and_every_split(String end) {
    String text =
        ": hello\n\ndata: a\n\nevent: x\ndata: b\n\n\n\n"
            + "id: 1\n:c\ndata\n\n: only\n:comment\n\ndata: [DONE]\n\n".replace("\n", end);
    for (int first = 0; first <= text.length(); first++) {
      for (int second = first; second <= text.length(); second++) {
        long events =
            events(text.substring(0, first), text.substring(first, second), text.substring(second));
        assertThat(events).as("split at %d and %d", first, second).isEqualTo(4);
      }
    }
  }

  @Test
  void an_event_ends_with_a_blank_line_of_any_line_ends() {
    assertThat(events("data: a\n\ndata: [DONE]\n")).as("without its blank line").isEqualTo(1);
    assertThat(events("data: a\r\n\ndata: b\n\rdata: c\r\r\n")).as("mixed").isEqualTo(3);
  }

  @Test
  void removes_headers_of_one_connection_and_those_that_connection_names() {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .add("Connection", "keep-alive, X-Mine")
            .add("connection", "X-Other")
            .add("X-Mine", "1")
            .add("x-other", "2")
            .add("Keep-Alive", "timeout=5")
            .add("Proxy-Authorization", "secret")
            .add("Proxy-Connection", "keep-alive")
            .add("TE", "trailers")
            .add("Trailer", "X-Sum")
            .add("Transfer-Encoding", "chunked")
            .add("Upgrade", "websocket")
            .add("X-Kept", "3")
            .add("Authorization", "Bearer key");
    HopByHop.strip(headers);
    assertThat(headers.names()).containsExactlyInAnyOrder("X-Kept", "Authorization");
  }

  @Test
  void joins_the_hops_before_it() {
    HttpHeaders headers =
        new DefaultHttpHeaders().add("Via", "1.0 first").add("X-Forwarded-For", "10.0.0.1");
    HopByHop.addVia(headers, "HTTP/1.1");
    HopByHop.addForwardedFor(headers, "10.0.0.2");
    assertThat(headers.getAll("via")).containsExactly("1.0 first, 1.1 gauntlet");
    assertThat(headers.getAll("x-forwarded-for")).containsExactly("10.0.0.1, 10.0.0.2");
  }

  private int scan(BodyScanner.Chunked body, String text) {
    ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    return body.scan(
        in,
        (bytes, from, length) ->
            content.append(bytes.toString(from, length, StandardCharsets.ISO_8859_1)));
  }

  private static long events(String... pieces) {
    EventTally tally = new EventTally.Blocks();
    for (String piece : pieces) {
      ByteBuf bytes = Unpooled.copiedBuffer("xx" + piece + "yy", StandardCharsets.ISO_8859_1);
      tally.data(bytes, 2, piece.length());
    }
    return tally.events();
  }
}
