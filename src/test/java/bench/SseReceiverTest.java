package bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.llm.LlmServer;
import targets.shared.Target;

@Timeout(60)
class SseReceiverTest {
  private static final StreamLoad LOAD =
      new StreamLoad(20, 30, Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ofMillis(100));
  private static final double US_PER_S = 1e6;

  private final List<String> plateau = new ArrayList<>();

  @Test
  void every_event_of_every_stream_is_counted_once() {
    Received received = receive(LOAD);
    assertThat(received.expected()).isEqualTo(20 * 32);
    assertThat(received.events()).isEqualTo(20 * 32);
    assertThat(received.lost()).isZero();
    assertThat(received.whole()).isEqualTo(20);
  }

  @Test
  void stamps_are_measured_from_the_request_and_from_each_due_time() {
    Received received = receive(LOAD);
    // The first token is due 50 ms after the request: never earlier, so TTFT cannot be below.
    assertThat(received.ttft().p50()).isGreaterThanOrEqualTo(49_900).isLessThan(US_PER_S);
    // Were lateness taken from the request, its median would be half the stream: 500 ms.
    assertThat(received.lateness().p50()).isPositive().isLessThan(300_000);
    assertThat(received.lateness().p99()).isGreaterThanOrEqualTo(received.lateness().p50());
  }

  @Test
  void the_plateau_begins_when_all_are_open_and_ends_before_the_first_stream_does() {
    Received received = receive(LOAD);
    assertThat(plateau).containsExactly("begins", "ends");
    assertThat(received.plateauS()).isPositive().isLessThan(1.0);
    assertThat(received.plateauEvents()).isPositive().isLessThan(20 * 30);
  }

  @Test
  void without_a_moment_with_all_streams_open_there_is_no_plateau_but_nothing_is_lost() {
    StreamLoad slow =
        new StreamLoad(4, 3, Duration.ofMillis(250), Duration.ZERO, Duration.ofMillis(400));
    Received received = receive(slow);
    assertThat(received.hasPlateau()).isFalse();
    assertThat(plateau).isEmpty();
    assertThat(received.lost()).isZero();
  }

  @Test
  void a_stream_that_breaks_is_not_whole_and_its_missing_events_are_lost() throws IOException {
    String response =
        String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "content-type: text/event-stream",
            "transfer-encoding: chunked",
            "",
            "4",
            "a\n\nb",
            "2",
            "\n\n",
            "");
    try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answerAndBreak(server, response));
      answering.start();
      StreamLoad one =
          new StreamLoad(1, 3, Duration.ofMillis(500), Duration.ZERO, Duration.ofMillis(1));
      Received received = receive(one, server.getLocalPort());
      assertThat(received.events()).isEqualTo(2);
      assertThat(received.lost()).isEqualTo(3);
      assertThat(received.whole()).isZero();
    }
  }

  private static void answerAndBreak(ServerSocket server, String response) {
    try (Socket socket = server.accept()) {
      assertThat(socket.getInputStream().read()).isEqualTo('P');
      socket.getOutputStream().write(response.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Received receive(StreamLoad load) {
    try (Target llm = LlmServer.SPEC.start(Map.of("port", "0"))) {
      return receive(load, llm.port());
    }
  }

  private Received receive(StreamLoad load, int port) {
    plateau.clear();
    try (SseReceiver receiver = new SseReceiver(System::nanoTime)) {
      return receiver.receive(
          load,
          URI.create("http://127.0.0.1:" + port),
          new SseReceiver.Plateau() {
            @Override
            public void begins() {
              plateau.add("begins");
            }

            @Override
            public void ends() {
              plateau.add("ends");
            }
          });
    }
  }
}
