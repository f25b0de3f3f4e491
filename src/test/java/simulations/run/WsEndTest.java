package simulations.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.List;
import java.util.Optional;
import kpi.Outcome;
import kpi.SocketLoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WsEndTest {
  @ParameterizedTest
  @CsvSource({
    "'Some(j.i.Exception: Invalid handshake response getStatus: 401 Unauthorized)',INVALID,"
        + "REFUSED_401",
    "'Some(Invalid handshake response getStatus: 503 Service Unavailable)',LIMITED,REFUSED_503",
    "'Some(Invalid handshake response getStatus: 429 Too Many Requests)',LIMITED,REFUSED_429",
    "'Some(Invalid handshake response getStatus: 418 I am a teapot)',INVALID,REFUSED_OTHER",
    "'Some(Invalid handshake response upgrade: null)',INVALID,REFUSED_OTHER",
    "'Some(i.n.c.ConnectTimeoutException: connection timed out)',TIMEOUT,REFUSED_UNANSWERED",
    "'Some(j.n.ConnectException: Connection refused: /127.0.0.1:4011)',REFUSED,REFUSED_UNANSWERED",
    "'Some(Invalid challenge. Actual: a. Expected: b)',INVALID,REFUSED_OTHER",
    "'Some(j.l.IllegalArgumentException: invalid version format: HELLO)',INVALID,REFUSED_OTHER",
    "'',REFUSED,REFUSED_UNANSWERED",
  })
  void a_refused_upgrade_is_known_by_its_status(String message, Outcome outcome, SocketLoss by) {
    assertThat(WsEnd.refused(message)).isEqualTo(new WsEnd.Lost(outcome, by));
  }

  @Test
  void a_refusal_is_shown_without_the_names_of_exceptions() {
    assertThat(WsEnd.words("Some(i.n.h.c.h.w.WebSocketClientHandshakeException: status: 302 (a))"))
        .isEqualTo("status: 302 (a)");
  }

  @Test
  void a_text_in_a_binary_frame_is_a_text() {
    EmbeddedChannel channel = new EmbeddedChannel(WsEnd.closeWatch(code -> {}));
    channel.writeInbound(new BinaryWebSocketFrame(Unpooled.copiedBuffer("7", UTF_8)));
    assertText(channel.readInbound(), "7");
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void a_heartbeat_is_answered_and_still_received() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            WsEnd.answering(text -> Optional.of("3").filter(unused -> text.equals("2"))));
    for (String text : List.of("2", "20")) {
      channel.writeInbound(new TextWebSocketFrame(text));
      assertText(channel.readInbound(), text);
    }
    assertText(channel.readOutbound(), "3");
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void texts_leave_as_ping_frames_and_pong_frames_come_in_as_texts() {
    EmbeddedChannel channel = new EmbeddedChannel(WsEnd.framePings());
    channel.writeOutbound(new TextWebSocketFrame("7"));
    PingWebSocketFrame ping = channel.readOutbound();
    channel.writeInbound(new PongWebSocketFrame(ping.content()));
    assertText(channel.readInbound(), "7");
    assertThat(channel.finish()).isFalse();
  }

  private static void assertText(TextWebSocketFrame frame, String text) {
    assertThat(frame.text()).isEqualTo(text);
    frame.release();
  }
}
