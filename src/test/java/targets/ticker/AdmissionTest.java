package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import settings.JwtPlan;
import targets.shared.JdkClient;
import targets.shared.RunningTarget;
import testing.RawWebSocket;

class AdmissionTest {
  private static final long S_NS = 1_000_000_000;

  @Test
  void a_good_token_is_accepted_in_the_query_and_in_a_header() {
    try (RunningTicker ticker = RunningTicker.with();
        JdkClient one = ticker.connect("user-1");
        JdkClient other =
            new JdkClient(
                ticker.port(), "/ws", "Authorization", "Bearer " + RunningTicker.token("user-2"))) {
      JsonNode first = one.next();
      assertThat(first.get("type").asText()).isEqualTo("connection:established");
      assertThat(first.get("rolloutPercentage").asInt()).isEqualTo(100);
      assertThat(other.next().get("clientId")).isNotEqualTo(first.get("clientId"));
    }
  }

  @Test
  void a_token_is_accepted_as_subprotocol_and_selected() throws IOException {
    try (RunningTicker ticker = RunningTicker.with();
        RawWebSocket client = RawWebSocket.open(ticker.port())) {
      String token = RunningTicker.token("user-1");
      assertThat(client.upgrade("", "Sec-WebSocket-Protocol: chat, " + token + "\r\n"))
          .startsWith("HTTP/1.1 101 ")
          .contains("sec-websocket-protocol: " + token);
    }
  }

  static Stream<Arguments> attacks() {
    JwtPlan good = JwtPlan.GOOD.with("iss", "odin").with("aud", "ticker");
    return Stream.of(
        Arguments.of("expired", good.lasting(Duration.ofHours(-1))),
        Arguments.of("signature", good.signedByAnother()),
        Arguments.of("algorithm", good.signed("RS256")),
        Arguments.of("audience", good.with("aud", "shop")));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void a_bad_token_is_refused_before_the_upgrade_counted_and_never_repeated(
      String fault, JwtPlan plan) throws IOException {
    String token = RunningTicker.token("user-1", plan);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(log);
    try (RunningTicker ticker = RunningTicker.with("issuer=odin", "audience=ticker")) {
      String answer = ticker.upgrade(token);
      assertThat(answer).startsWith("HTTP/1.1 401 ").contains("www-authenticate: Bearer");
      HttpResponse<String> page = ticker.get("/ws?token=" + token);
      for (String part : token.split("\\.", -1)) {
        if (!part.isEmpty()) {
          assertThat(answer + page.body()).doesNotContain(part);
          assertThat(log.list)
              .extracting(ILoggingEvent::getFormattedMessage)
              .noneMatch(line -> line.contains(part));
        }
      }
      assertThat(ticker.metrics().get("unauthorized").get(fault).asInt()).isOne();
      assertThat(ticker.metrics().get("total_connections").asInt()).isZero();
    } finally {
      root.detachAppender(log);
    }
  }

  @Test
  void a_token_that_expires_closes_its_connection_by_1008() {
    try (RunningTicker ticker = RunningTicker.with();
        JdkClient other = ticker.connect("u"); // Loads what the second connection needs at once.
        JdkClient client =
            ticker.connectBy(
                RunningTicker.token("u", JwtPlan.GOOD.lasting(Duration.ofSeconds(3))))) {
      other.next();
      assertThat(client.next().get("type").asText()).isEqualTo("connection:established");
      assertThat(client.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void at_the_limit_of_connections_one_must_leave_before_the_next_is_accepted() throws IOException {
    try (RunningTicker ticker = RunningTicker.with("max-connections=2");
        JdkClient first = ticker.connect("user-1");
        JdkClient second = ticker.connect("user-2")) {
      first.next();
      second.next();
      assertThat(ticker.upgrade(RunningTicker.token("user-3")))
          .startsWith("HTTP/1.1 503 ")
          .contains("retry-after: 1");
      first.leave(1000);
      ticker.await("left/1000", 1);
      try (JdkClient fourth = ticker.connect("user-4")) {
        fourth.next();
      }
      assertThat(ticker.metrics().get("refused").get("full").asInt()).isOne();
    }
  }

  @Test
  void a_flood_of_attempts_from_one_address_is_refused() throws IOException {
    try (RunningTicker ticker = RunningTicker.with("connects-per-address=1")) {
      List<String> answers = new ArrayList<>();
      while (!answers.contains("429")) {
        answers.add(ticker.upgrade("x").substring(9, 12));
      }
      assertThat(answers).startsWith("401");
      assertThat(ticker.metrics().get("refused").get("flood").asInt()).isPositive();
    }
  }

  @Test
  void other_requests_are_refused_with_a_reason() throws IOException {
    String token = RunningTicker.token("user-1");
    try (RunningTicker ticker = RunningTicker.with()) {
      assertThat(ticker.get("/ws?token=" + token).statusCode()).isEqualTo(426);
      assertThat(ticker.post("/ws?token=" + token, "").statusCode()).isEqualTo(426);
      assertThat(ticker.get("/nothing").statusCode()).isEqualTo(404);
      try (RawWebSocket old = RawWebSocket.open(ticker.port())) {
        assertThat(
                old.request(
                    "GET /ws?token=" + token + " HTTP/1.1\r\n",
                    "Connection: Upgrade\r\nUpgrade: websocket\r\n",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
                    "Sec-WebSocket-Version: 8\r\n\r\n"))
            .startsWith("HTTP/1.1 426 ")
            .contains("sec-websocket-version: 13");
      }
      try (RawWebSocket nonsense = RawWebSocket.open(ticker.port())) {
        assertThat(nonsense.request("hello\r\n\r\n")).startsWith("HTTP/1.1 400 ");
      }
      ticker.await("active_connections", 0);
    }
  }

  @Test
  void the_pages_report_readiness_and_figures() throws IOException {
    try (RunningTicker ticker = RunningTicker.with();
        JdkClient client = ticker.connect("user-1")) {
      client.next();
      assertThat(ticker.get("/health").statusCode()).isEqualTo(503);
      assertThat(ticker.get("/health").body()).contains("NATS");
      assertThat(ticker.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(ticker.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(ticker.metrics().get("active_connections").asInt()).isOne();
      assertThat(ticker.metrics().get("process").get("rss_bytes").asLong()).isPositive();
      assertThat(ticker.get("/metrics/prometheus").body())
          .contains("ticker_active_connections 1.0", "ticker_refused_full_total 0.0");
      assertThat(RunningTarget.json(ticker.get("/stats").body()).get("connections").asInt())
          .isOne();
    }
  }

  @Test
  void tokens_for_development_are_given_out_only_if_switched_on() throws IOException {
    String body = "{\"userId\":\"user-9\"}";
    try (RunningTicker ticker = RunningTicker.with()) {
      assertThat(ticker.post("/auth/token", body).statusCode()).isEqualTo(404);
    }
    try (RunningTicker ticker = RunningTicker.with("dev-tokens=true", "issuer=odin")) {
      JsonNode reply = RunningTarget.json(ticker.post("/auth/token", body).body());
      try (JdkClient client = ticker.connectBy(reply.get("token").asText())) {
        client.next();
      }
      assertThat(reply.get("expiresIn").asInt()).isEqualTo(86_400);
      assertThat(ticker.post("/auth/token", "{}").statusCode()).isEqualTo(400);
      assertThat(ticker.post("/auth/token", "x").statusCode()).isEqualTo(400);
      assertThat(ticker.get("/auth/token").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void stopping_closes_every_connection_by_1001_within_its_bound() throws IOException {
    RunningTicker ticker = RunningTicker.with("drain=10s");
    try (JdkClient client = ticker.connect("user-1");
        RawWebSocket silent = ticker.raw("user-2")) {
      client.next();
      silent.read();
      Thread stop = new Thread(ticker::close);
      stop.start();
      assertThat(client.closeCode()).isEqualTo(1001);
      assertThat(silent.closeCode()).isEqualTo(1001);
      silent.send(RawWebSocket.CLOSE, new byte[] {3, (byte) 0xE9});
      silent.awaitEnd();
    } finally {
      ticker.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5 * S_NS, -5 * S_NS, Long.MAX_VALUE, Long.MIN_VALUE + 1})
  void a_seconds_worth_may_come_at_once_and_then_no_more(long now) {
    Rate rate = Rate.perSecond(10);
    AtomicLong mark = new AtomicLong(now);
    for (int number = 0; number < 10; number++) {
      assertThat(rate.take(mark, now)).isTrue();
    }
    assertThat(rate.take(mark, now)).isFalse();
    assertThat(rate.take(mark, now + S_NS / 10)).isTrue();
  }

  @Test
  void an_even_rate_is_never_refused() {
    Rate rate = Rate.perSecond(7);
    AtomicLong mark = new AtomicLong();
    for (long number = 0; number < 1_000; number++) {
      assertThat(rate.take(mark, number * S_NS / 7)).isTrue();
    }
  }

  @Test
  void each_address_has_its_own_account_up_to_the_limit() throws UnknownHostException {
    Admission limits = admission(2, () -> 0);
    Admission.Account first = limits.account(address(1), 0);
    assertThat(first.mayConnect(0)).isTrue();
    assertThat(first.mayConnect(0)).isFalse();
    assertThat(first.maySend(0)).isTrue();
    assertThat(first.maySend(0)).isFalse();
    assertThat(limits.account(address(2), 0).mayConnect(0)).isTrue();
    assertThat(limits.account(address(3), 0))
        .isSameAs(limits.account(address(4), 0))
        .isNotSameAs(first);
    assertThat(limits.addresses()).isEqualTo(2);
  }

  @Test
  void an_address_is_forgotten_once_it_is_idle() throws UnknownHostException {
    AtomicLong clock = new AtomicLong();
    Admission limits = admission(9, clock::get);
    Admission.Account account = limits.account(address(1), 0);
    assertThat(account.mayConnect(0)).isTrue();
    clock.set(S_NS - 1);
    limits.sweep();
    assertThat(limits.addresses()).as("its last attempt still counts").isOne();
    account.began();
    clock.set(2 * S_NS);
    limits.sweep();
    assertThat(limits.addresses()).as("it has a connection").isOne();
    account.ended();
    clock.set(2 * S_NS);
    limits.sweep();
    assertThat(limits.addresses()).isZero();
  }

  private static Admission admission(int addresses, LongSupplier nanoClock) {
    Map<String, String> options =
        Map.of(
            "max-addresses", Integer.toString(addresses),
            "connects-per-address", "1",
            "messages-per-address", "1");
    return new Admission(
        TickerServer.SPEC.reader(options).finish(TickerSettings.class).limits(),
        new TickerMetrics(),
        unused -> new JwtCheck.Bad(JwtCheck.Fault.MISSING),
        nanoClock);
  }

  private static InetAddress address(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
  }
}
