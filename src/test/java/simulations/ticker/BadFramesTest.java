package simulations.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import settings.TokenKey;
import settings.TokenMint;
import settings.TokenPlan;

/** Bad frames at servers that are too kind, or too rude. */
@Timeout(60)
class BadFramesTest {
  private static final byte[] CLOSE_1002 = {(byte) 0x88, 2, 3, (byte) 0xEA};

  @Test
  void what_is_closed_by_the_wrong_code_is_named_with_it() throws Exception {
    BadFrames frames = roundAt(CLOSE_1002, "HTTP/1.1 101 Switching Protocols");
    assertThat(frames.borne())
        .containsEntry("bad UTF-8", "closed by 1002")
        .containsEntry("a binary message", "closed by 1002")
        .containsEntry("broken JSON", "closed by 1002")
        .doesNotContainKeys("no mask", "a reserved bit", "a text within a text");
    assertThat(frames.refused()).isEqualTo(10);
    assertThat(frames.untried()).isEmpty();
  }

  @Test
  void what_is_cut_without_a_close_frame_got_no_answer() throws Exception {
    BadFrames frames = roundAt(new byte[0], "HTTP/1.1 101 Switching Protocols");
    assertThat(frames.borne()).containsEntry("no mask", "closed by 1006");
    assertThat(frames.refused()).isZero();
  }

  @Test
  void who_is_not_let_in_has_not_attacked() throws Exception {
    BadFrames frames = roundAt(new byte[0], "HTTP/1.1 503 Service Unavailable");
    assertThat(frames.borne()).isEmpty();
    assertThat(frames.untried()).contains("bad UTF-8", "broken JSON");
  }

  @Test
  void what_nobody_minds_was_borne() throws Exception {
    byte[] heartbeat = "\u0081\u0002{}".getBytes(StandardCharsets.ISO_8859_1);
    BadFrames frames = roundAt(heartbeat, "HTTP/1.1 101 Switching Protocols");
    assertThat(frames.borne()).containsEntry("no mask", "was borne").hasSize(17);
    assertThat(BadFrames.words(frames.borne())).contains("bad UTF-8 (was borne), ");
  }

  /** A server that gives the same answer to everything; the clock jumps, so that nobody waits. */
  private static BadFrames roundAt(byte[] answer, String status) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> serve(server, status + "\r\n\r\n", answer), "server");
      thread.setDaemon(true);
      thread.start();
      URI url = URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/ws");
      TokenMint mint =
          new TokenMint(TokenKey.ofDevelopment(), TokenPlan.GOOD, InstantSource.system());
      AtomicLong clock = new AtomicLong();
      BadFrames frames =
          new BadFrames(url, mint, Duration.ZERO, () -> clock.addAndGet(2_000_000_000));
      frames.round();
      return frames;
    }
  }

  private static void serve(ServerSocket server, String upgrade, byte[] answer) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          head.append((char) in.read());
        }
        socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
        in.read();
        socket.getOutputStream().write(answer);
        socket.getOutputStream().write(answer);
        socket.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        // The client has gone; the next one comes.
      }
    }
  }
}
