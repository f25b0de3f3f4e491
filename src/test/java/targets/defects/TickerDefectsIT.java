package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import settings.JwtPlan;
import stack.NatsServer;
import targets.shared.JdkClient;
import targets.ticker.RunningTicker;
import targets.ticker.Sequences;
import testing.RawWebSocket;

/** What a simulation with a defect of the ticker does not show by its red check. */
@Timeout(90)
class TickerDefectsIT {
  private static final String PING = "{\"type\":\"ping\",\"timestamp\":1234.5}";

  @AutoClose private static NatsServer nats;

  @BeforeAll
  static void start(@TempDir Path folder) {
    nats = NatsServer.start(folder);
  }

  static Stream<Arguments> accepted() {
    JwtPlan good = JwtPlan.GOOD;
    return Stream.of(
        Arguments.of("accept-any-token", ""),
        Arguments.of("accept-any-token", "garbage"),
        Arguments.of("accept-any-token", another(good.signedByAnother())),
        Arguments.of("accept-alg-none", another(good.signed("none"))),
        Arguments.of("no-expiry-check", another(good.lasting(Duration.ofHours(-1)))));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void a_bad_token_is_accepted_and_stays_so(String defect, String token) throws IOException {
    try (RunningTicker ticker = begin(defect);
        JdkClient client = ticker.connectBy(token)) {
      client.next("connection:established");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500)); // Two looks at the expiry.
      client.send(PING);
      client.next("pong");
    }
  }

  @Test
  void a_defect_of_one_check_leaves_the_others() throws IOException {
    try (RunningTicker ticker = begin("accept-alg-none,no-expiry-check")) {
      assertThat(ticker.upgrade(another(JwtPlan.GOOD.signedByAnother()))).contains(" 401 ");
    }
  }

  @ParameterizedTest
  @CsvSource({"drop-broadcast=10, 90, 90", "duplicate-broadcast=10, 108, 99"})
  void broadcasts_are_missing_or_come_twice_and_the_ticker_does_not_know(
      String defect, int received, long distinct) throws IOException {
    try (RunningTicker ticker = begin(defect);
        JdkClient client = ticker.connect("user-1")) {
      client.next("connection:established");
      RunningTicker.publish(nats.url(), "trades", 99);
      Sequences got = Sequences.read(client, received);
      assertThat(got.areComplete()).isFalse();
      assertThat(got.byFeed().values().stream().mapToLong(each -> Set.copyOf(each).size()).sum())
          .isEqualTo(distinct);
      assertThat(ticker.metrics().get("messages_delivered").asInt()).isEqualTo(99);
    }
  }

  @Test
  void one_slow_client_stalls_all() throws IOException {
    try (RunningTicker ticker = begin("blocking-broadcast");
        RawWebSocket slow = ticker.raw("user-1");
        JdkClient quick = ticker.connect("user-2")) {
      slow.read();
      quick.next("connection:established");
      RunningTicker.publish(nats.url(), "trades", 3000);
      ticker.awaitMetrics(now -> now.get("clients_slowed").asInt() > 0);
      quick.send(PING);
      Sequences before = new Sequences();
      JsonNode message = quick.next();
      while (!message.get("type").asText().equals("pong")) {
        before.add(message);
        message = quick.next();
      }
      assertThat(before.count() + quick.unread()).isLessThan(2000);
      slow.hangUp();
      while (before.count() < 3000) {
        before.add(quick.next());
      }
      assertThat(before.areComplete()).as("late, but all of it").isTrue();
    }
  }

  private static String another(JwtPlan plan) {
    return RunningTicker.token("user-1", plan);
  }

  private static RunningTicker begin(String defect) {
    return RunningTicker.on(nats.url(), TickerDefects.SPEC, "defect=" + defect);
  }
}
