package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import targets.shared.Backends;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.Await;
import testing.RawClient;

/** Every target ends the connections of slow, idle and too many clients, and counts them. */
class ClientLimitsTest {
  private static final String HEAD = "GET /healthz HTTP/1.1\r\nX: ";
  private static final String BODY =
      "POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n";
  private static final long PACE_NS = 20_000_000;

  /** Above the limit of any target with {@code max-connections=4}, and its spare ones. */
  private static final int FLOOD = 600;

  /** Requests whose bytes, and those of their replies, no socket can hold: 60 MB at least. */
  private static final int UNREAD = 30_000;

  static List<TargetSpec> targets() {
    return Targets.ALL;
  }

  @ParameterizedTest
  @MethodSource("targets")
  void a_connection_over_a_limit_is_closed_and_counted(TargetSpec spec) throws IOException {
    try (RunningTarget target = start(spec)) {
      try (RawClient idle = new RawClient(target.port())) {
        for (String begin : List.of(HEAD, BODY)) {
          try (RawClient slow = new RawClient(target.port()).send(begin)) {
            trickle(slow);
            assertEnded(slow);
          }
        }
        assertEnded(idle);
      }
      flood(target);
      // There is room again when the server has seen that they left.
      Await.until(() -> !Backends.unready(target.url()).startsWith("it does not"));
      JsonNode closed = target.metrics().findValue("connections_closed");
      assertThat(List.of("slow_head", "slow_body", "idle", "full"))
          .allSatisfy(limit -> assertThat(closed.get(limit).asLong()).as(limit).isPositive());
    }
  }

  /** Unread replies would otherwise wait in the target without limit. */
  @ParameterizedTest
  @MethodSource("targets")
  void a_client_that_does_not_read_its_replies_is_not_read_from_and_closed(TargetSpec spec)
      throws IOException {
    try (RunningTarget target = start(spec);
        RawClient client = new RawClient(target.port(), 4096)) {
      assertThatIOException()
          .isThrownBy(
              () -> {
                for (int sent = 0; sent < UNREAD; sent++) {
                  client.get("/metrics?" + "x".repeat(2000));
                }
              });
    }
  }

  /** After the end, or an answer to what was refused. */
  private static void assertEnded(RawClient client) throws IOException {
    assertThat(client.rest()).doesNotContain(" 200 ");
  }

  private static RunningTarget start(TargetSpec spec) {
    return new RunningTarget(
        spec,
        "head-timeout=300ms",
        "body-timeout=300ms",
        "http-idle=1s",
        "max-connections=4",
        "drain=0s",
        "nats=nats://127.0.0.1:1",
        "redis=redis://127.0.0.1:1",
        "upstream=http://127.0.0.1:1",
        "postgres=jdbc:postgresql://127.0.0.1:1/bids");
  }

  /** Sends a byte now and then, so that the connection is never silent, until it is closed. */
  private static void trickle(RawClient client) {
    try {
      while (true) {
        client.send("x");
        LockSupport.parkNanos(PACE_NS);
      }
    } catch (IOException e) {
      // Closed, as it should be; the test's time-out bounds the wait.
    }
  }

  private static void flood(RunningTarget target) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try {
      while (clients.size() < FLOOD) {
        clients.add(new RawClient(target.port()));
      }
      assertThat(clients.get(FLOOD - 1).rest()).isIn("", "<reset>");
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }
}
