package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import targets.shared.Target;

/** Core delivery: at most once, and whatever is lost can be told by the sequence. */
@Timeout(120)
class RelayCoreIT {
  @TempDir static Path folder;

  private static Chain chain;

  @BeforeAll
  static void start() {
    chain = Chain.start(folder, Delivery.CORE);
  }

  @AfterAll
  static void stop() {
    chain.close();
  }

  @Test
  void tokens_arrive_in_order_and_the_stream_ends_at_done() throws IOException {
    try (Sse sse = Sse.open(chain.adapter().url(), "plain", 0)) {
      assertThat(sse.next()).isEqualTo(new Sse.Event(":", "", "connected to plain"));
      chain.producer().say("plain", 1, 50, 50, 0);
      List<Sse.Event> events = sse.rest();
      assertThat(events).extracting(Sse.Event::name).containsOnly("token");
      assertThat(events).extracting(Sse.Event::sequence).hasSize(50).isSorted();
      assertThat(events.get(49).json().get("hops").fieldNames())
          .toIterable()
          .containsExactly("bridge", "adapter");
    }
  }

  @Test
  void a_killed_bridge_shows_as_exactly_the_tokens_that_were_lost() throws IOException {
    try (Sse sse = Sse.open(chain.adapter().url(), "gap", 0)) {
      sse.next();
      chain.producer().say("gap", 1, 10, 50, 0);
      for (int i = 0; i < 10; i++) {
        sse.next();
      }
      int before = missing();
      chain.bridge().kill();
      chain.producer().say("gap", 11, 27, 50, 0);
      chain.startBridge();
      chain.producer().say("gap", 28, 50, 50, 0);
      List<Sse.Event> events = sse.rest();
      assertThat(events.get(0)).isEqualTo(new Sse.Event(":", "", "missing 11 to 27"));
      assertThat(events.get(1).sequence()).isEqualTo(28);
      assertThat(events).hasSize(1 + 23);
      assertThat(missing() - before).isEqualTo(17);
    }
  }

  @Test
  void a_conversation_begins_with_its_id_and_passes_the_prompt_on() throws IOException {
    try (Sse sse = Sse.chat(chain.adapter().url(), "{\"message\":\"Hello\"}")) {
      Sse.Event connected = sse.next();
      assertThat(connected.name()).isEqualTo("connected");
      String id = connected.json().get("conversation_id").asText();
      chain.producer().say(id, 1, 2, 2, 0);
      assertThat(sse.rest()).extracting(Sse.Event::sequence).containsExactly(1L, 2L);
    }
  }

  @Test
  void what_cannot_be_passed_on_is_counted_by_its_kind_and_told_where_it_can_be()
      throws IOException {
    Producer producer = chain.producer();
    try (Sse sse = Sse.open(chain.adapter().url(), "bad", 0)) {
      sse.next();
      producer.said("bad", "no json");
      producer.said("bad", Producer.json("a.b", 1, false));
      producer.said("bad", Producer.json("bad", 0, false));
      producer.said("bad", Producer.json("bad", 1, false).replace("t1 ", "x".repeat(1 << 20)));
      producer.said("bad", Producer.json("bad", 2, true));
      List<Sse.Event> events = sse.rest();
      assertThat(events).extracting(Sse.Event::name).containsExactly("error", "token");
      assertThat(events.get(0).id()).isEqualTo("1");
      assertThat(events.get(0).json().get("error").asText()).contains("larger than");
    }
    JsonNode troubles = Chain.metrics(chain.bridge().url()).get("troubles");
    for (String kind : List.of("malformed", "bad_id", "bad_sequence", "too_large")) {
      assertThat(troubles.get(kind).asInt()).as(kind).isPositive();
    }
  }

  @Test
  void a_wrong_request_is_refused_with_a_reason() throws IOException {
    assertThat(status("/stream/a.b")).isEqualTo(400);
    assertThat(status("/stream/a?last_event_id=x")).isEqualTo(400);
    assertThat(status("/nothing")).isEqualTo(404);
    assertThat(status("/chat")).isEqualTo(405);
    assertThat(status("/metrics/prometheus")).isEqualTo(200);
  }

  @Test
  void while_nats_is_away_nobody_is_ready_and_both_come_back_by_themselves() throws IOException {
    chain.nats().kill();
    awaitStatus("/readyz", 503);
    assertThat(status("/healthz")).isEqualTo(200);
    assertThat(status("/stream/early")).isEqualTo(503);
    chain.nats().restart();
    awaitStatus("/readyz", 200);
    Chain.awaitReady(chain.bridge().url());
  }

  @Test
  void servers_that_are_away_at_the_start_are_waited_for() throws IOException {
    chain.nats().kill();
    chain.redis().kill();
    String nats = chain.nats().url().toString();
    String redis = chain.redis().url().toString();
    try (Target adapter = AdapterServer.SPEC.start(Map.of("port", "0", "nats", nats));
        Target bridge =
            BridgeServer.SPEC.start(Map.of("port", "0", "nats", nats, "redis", redis))) {
      HttpURLConnection health =
          (HttpURLConnection) url(bridge).resolve("/health").toURL().openConnection();
      assertThat(health.getResponseCode()).isEqualTo(503);
      assertThat(new String(health.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("Redis", "NATS");
      chain.nats().restart();
      chain.redis().restart();
      Chain.awaitReady(url(adapter));
      Chain.awaitReady(url(bridge));
    }
    Chain.awaitReady(chain.adapter().url());
    Chain.awaitReady(chain.bridge().url());
  }

  private static URI url(Target target) {
    return URI.create("http://127.0.0.1:" + target.port());
  }

  private static void awaitStatus(String path, int wanted) throws IOException {
    int now = status(path);
    while (now != wanted) {
      Chain.pause();
      now = status(path);
    }
  }

  private static int status(String path) throws IOException {
    URI url = chain.adapter().url();
    return ((HttpURLConnection) URI.create(url + path).toURL().openConnection()).getResponseCode();
  }

  private static int missing() {
    return Chain.metrics(chain.adapter().url()).get("tokens_missing").asInt();
  }
}
