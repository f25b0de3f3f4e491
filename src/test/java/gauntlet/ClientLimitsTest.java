package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.RawClient;

/** Every target ends the connections of slow, idle and too many clients, and counts them. */
@Timeout(60)
class ClientLimitsTest {
  private static final String POST =
      "POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n";
  private static final long PACE_NS = 20_000_000;

  /** Above the limit of any target with {@code max-connections=4}, and its spare ones. */
  private static final int FLOOD = 600;

  enum Attack {
    SLOW_HEAD("head-timeout=300ms", "GET /healthz HTTP/1.1\r\nX: "),
    SLOW_BODY("body-timeout=300ms", POST),
    IDLE("http-idle=300ms", ""),
    FULL("max-connections=4", "");

    private final String limit;
    private final String begin;

    Attack(String limit, String begin) {
      this.limit = limit;
      this.begin = begin;
    }
  }

  static Stream<Arguments> attacks() {
    return Targets.ALL.stream()
        .flatMap(target -> Stream.of(Attack.values()).map(attack -> Arguments.of(target, attack)));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void a_connection_over_its_limit_is_closed_and_counted(TargetSpec spec, Attack attack)
      throws IOException {
    try (RunningTarget target = start(spec, attack.limit)) {
      if (attack == Attack.FULL) {
        flood(target);
      } else {
        try (RawClient client = new RawClient(target.port()).send(attack.begin)) {
          if (attack != Attack.IDLE) {
            trickle(client);
          }
          // After the end, or an answer to what was refused.
          assertThat(client.rest()).doesNotContain(" 200 ");
        }
      }
      String name = attack.name().toLowerCase(Locale.ROOT);
      var closed = target.metrics().findValue("connections_closed");
      assertThat(closed.get(name).asLong()).isPositive();
    }
  }

  private static RunningTarget start(TargetSpec spec, String limit) {
    return new RunningTarget(
        spec,
        limit,
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
