package simulations.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import simulations.relay.RedisTokens.Message;
import simulations.relay.RelaySettings.Delivery;

class RedisTokensTest {
  private static final List<Message> MESSAGES =
      List.of(new Message("a", "{\"sequence\":1}"), new Message("a", "{\"sequence\":2}"));

  /** A Redis that is killed with requests unread resets, and the next write fails. */
  @Test
  void a_reset_connection_takes_nothing_and_the_next_one_takes_all() throws Exception {
    try (ServerSocket redis = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RedisTokens tokens =
            new RedisTokens(
                URI.create("redis://127.0.0.1:" + redis.getLocalPort()), Delivery.DURABLE)) {
      Socket first = published(redis, tokens);
      first.setSoLinger(true, 0);
      first.close();
      assertThat(tokens.publish(MESSAGES)).containsExactly(false, false);
      published(redis, tokens).close();
    }
  }

  /** Publishes on a new connection, and returns the server's end of it. */
  private static Socket published(ServerSocket redis, RedisTokens tokens) throws Exception {
    FutureTask<Socket> served = new FutureTask<>(() -> serve(redis.accept()));
    new Thread(served).start();
    assertThat(tokens.publish(MESSAGES)).containsExactly(true, true);
    return served.get();
  }

  /** Answers the client's greetings, and each message with an identifier. */
  private static Socket serve(Socket socket) throws IOException {
    byte[] bytes = new byte[4096];
    String sent = "";
    int greetings = 0;
    while (count(sent, "sequence") < MESSAGES.size()) {
      sent += new String(bytes, 0, socket.getInputStream().read(bytes), US_ASCII);
      for (; greetings < count(sent, "SETINFO"); greetings++) {
        socket.getOutputStream().write("+OK\r\n".getBytes(US_ASCII));
      }
    }
    socket.getOutputStream().write("$3\r\n1-1\r\n$3\r\n1-2\r\n".getBytes(US_ASCII));
    return socket;
  }

  private static int count(String text, String word) {
    return text.split(word, -1).length - 1;
  }
}
