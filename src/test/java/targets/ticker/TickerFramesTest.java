package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import targets.shared.JdkClient;
import testing.RawWebSocket;
import testing.Violation;

/** Frames of clients, right and wrong (RFC 6455). */
class TickerFramesTest {
  private static final String PING = "{\"type\":\"ping\",\"timestamp\":12.50}";

  @AutoClose private static final RunningTicker ticker = RunningTicker.with("close-wait=2s");

  @Test
  void a_ping_is_answered_with_its_timestamp_the_time_and_a_latency_if_the_clocks_agree() {
    try (JdkClient client = ticker.connect("user-1")) {
      long before = Instant.now().toEpochMilli();
      client.send(PING);
      JsonNode pong = client.next("pong");
      assertThat(pong.get("originalTimestamp").asText()).isEqualTo("12.5");
      assertThat(pong.get("timestamp").asLong()).isBetween(before, Instant.now().toEpochMilli());
      assertThat(pong.get("latency").isNull()).as("a clock of another kind").isTrue();
      assertThat(pong.get("nonce").asText()).isNotEmpty();
      client.send("{\"type\":\"ping\",\"timestamp\":" + Instant.now().toEpochMilli() + "}");
      assertThat(client.next("pong").get("latency").asDouble()).isGreaterThan(-1);
    }
  }

  @Test
  void subscriptions_are_acknowledged_and_nonsense_is_answered() {
    try (JdkClient client = ticker.connect("user-1")) {
      client.send("{\"type\":\"subscribe\",\"tokens\":[\"T2\",\"T1\"]}");
      assertThat(client.next("subscription:ack").get("tokens").toString())
          .isEqualTo("[\"T1\",\"T2\"]");
      client.send("{\"type\":\"unsubscribe\",\"tokens\":[\"T2\",\"T9\"]}");
      assertThat(client.next("subscription:ack").get("tokens").toString()).isEqualTo("[\"T1\"]");
      client.send("{\"type\":\"dance\"}");
      assertThat(client.next("error").get("reason").asText()).contains("subscribe");
    }
  }

  @Test
  void a_message_may_arrive_in_fragments_with_a_ping_between_them() throws IOException {
    try (RawWebSocket client = ticker.raw("user-1")) {
      client.send(RawWebSocket.TEXT_BEGINS, PING.substring(0, 9));
      client.send(RawWebSocket.PING, "x");
      client.send(RawWebSocket.CONTINUES, PING.substring(9, 20));
      client.send(RawWebSocket.ENDS, PING.substring(20));
      assertThat(client.read(RawWebSocket.PONG).text()).isEqualTo("x");
      assertThat(client.read(RawWebSocket.TEXT).text())
          .contains("\"type\":\"pong\"", "\"originalTimestamp\":12.50,");
    }
  }

  @Test
  void a_character_of_three_bytes_may_be_cut_into_fragments() throws IOException {
    byte[] text = "{\"type\":\"ping\",\"timestamp\":\"€\"}".getBytes(StandardCharsets.UTF_8);
    int cut = new String(text, StandardCharsets.ISO_8859_1).indexOf('\u00E2') + 1;
    try (RawWebSocket client = ticker.raw("user-1")) {
      client.read();
      client.send(RawWebSocket.TEXT_BEGINS, Arrays.copyOf(text, cut));
      client.send(RawWebSocket.ENDS, Arrays.copyOfRange(text, cut, text.length));
      assertThat(client.read().text()).contains("\"originalTimestamp\":\"€\"");
    }
  }

  static Stream<Violation> violations() {
    return Stream.concat(
        Violation.FRAMES.stream(),
        Stream.of(
            Violation.text("too long", 1009, RawWebSocket.TEXT, "x".repeat(16 * 1024 + 1)),
            Violation.bytes("a bad close reason", 1007, RawWebSocket.CLOSE, 3, 0xE8, 0xFF),
            new Violation(
                "bad UTF-8 in pieces",
                1007,
                socket -> {
                  socket.send(RawWebSocket.TEXT_BEGINS, new byte[] {(byte) 0xE2});
                  socket.send(RawWebSocket.ENDS, "x");
                })));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void a_violation_closes_the_connection_by_its_code_and_no_other_connection(Violation violation)
      throws IOException {
    try (RawWebSocket client = ticker.raw("user-1");
        JdkClient neighbour = ticker.connect("user-2")) {
      violation.act().by(client);
      assertThat(client.closeCode()).isEqualTo(violation.code());
      client.awaitEnd();
      neighbour.send(PING);
      assertThat(neighbour.next("pong").get("type").asText()).isEqualTo("pong");
    }
  }

  @Test
  void a_close_is_answered_with_its_code_and_counted_by_it() throws IOException {
    long before = left("1000");
    try (RawWebSocket client = ticker.raw("user-1")) {
      client.send(RawWebSocket.CLOSE, new byte[] {3, (byte) 0xE8});
      assertThat(client.closeCode()).isEqualTo(1000);
      client.awaitEnd();
    }
    try (RawWebSocket client = ticker.raw("user-1")) {
      client.send(RawWebSocket.CLOSE, "");
      assertThat(client.closeCode()).isEqualTo(1005);
      client.awaitEnd();
    }
    assertThat(left("1000")).isEqualTo(before + 1);
  }

  @Test
  void a_broken_connection_is_counted_and_its_state_is_forgotten() throws IOException {
    long before = left("1006");
    RawWebSocket client = ticker.raw("user-1");
    client.read();
    client.send(RawWebSocket.TEXT_BEGINS, "half a mess");
    client.close();
    ticker.await(now -> now.get("left").get("1006").asLong() > before);
    JsonNode now = ticker.await("active_connections", 0);
    assertThat(now.get("client_states").asInt()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {RawWebSocket.TEXT, RawWebSocket.PING})
  void a_flooding_client_is_closed_and_no_other_client(int frame) throws IOException {
    try (RunningTicker strict = RunningTicker.with("messages-per-connection=5");
        RawWebSocket flood = strict.raw("user-1");
        JdkClient neighbour = strict.connect("user-2")) {
      for (int number = 0; number < 10; number++) {
        flood.send(frame, PING);
      }
      assertThat(flood.closeCode()).isEqualTo(1008);
      neighbour.send(PING);
      neighbour.next("pong");
      assertThat(strict.metrics().get("closed").get("too_many").asInt()).isOne();
    }
  }

  @Test
  void messages_above_the_limit_of_an_address_are_rejected_with_an_error() throws IOException {
    try (RunningTicker strict = RunningTicker.with("messages-per-address=3");
        JdkClient client = strict.connect("user-1")) {
      for (int number = 0; number < 8; number++) {
        client.send(PING);
      }
      assertThat(client.next("error").get("reason").asText()).contains("address");
      assertThat(strict.metrics().get("limited_frames").asInt()).isPositive();
      assertThat(strict.metrics().get("active_connections").asInt()).isOne();
    }
  }

  @Test
  void a_subscription_above_the_limit_is_rejected() {
    try (RunningTicker strict = RunningTicker.with("max-subscriptions=2");
        JdkClient client = strict.connect("user-1")) {
      client.send("{\"type\":\"subscribe\",\"tokens\":[\"A\",\"B\",\"A\"]}");
      client.next("subscription:ack");
      client.send("{\"type\":\"subscribe\",\"tokens\":[\"C\"]}");
      assertThat(client.next("error").get("reason").asText()).contains("at most 2");
    }
  }

  @Test
  void a_live_client_gets_heartbeats_and_a_silent_one_is_closed() throws IOException {
    try (RunningTicker quick = RunningTicker.with("heartbeat=100ms", "idle=3s");
        RawWebSocket silent = quick.raw("user-2");
        JdkClient alive = quick.connect("user-1")) {
      assertThat(silent.closeCode()).isEqualTo(1001);
      JsonNode heartbeat = alive.next("heartbeat");
      assertThat(heartbeat.get("connectedClients").asInt()).isEqualTo(2);
      assertThat(heartbeat.get("idleTime").asInt()).isBetween(0, 3_000);
      assertThat(alive.pings()).isPositive();
      alive.send(PING);
      assertThat(alive.next("pong").get("type").asText()).isEqualTo("pong");
    }
  }

  private static long left(String code) throws IOException {
    return ticker.metrics().get("left").get(code).asLong();
  }
}
