package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import targets.relay.Servers.Running;

/** Holes, bad messages, many conversations, and clients that come again after the end. */
@Timeout(90)
@SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
class RelayTroubleIT {
  @TempDir static Path folder;

  private static Servers servers;
  private static Running coreBridge;
  private static Running durableBridge;
  private static Running core;
  private static Running durable;

  @BeforeAll
  static void start() {
    servers = new Servers(folder);
    coreBridge = servers.bridge(Delivery.CORE);
    durableBridge = servers.bridge(Delivery.DURABLE);
    core = servers.adapter(Delivery.CORE, "cors", "http://page.example");
    durable = servers.adapter(Delivery.DURABLE, "hole", "300ms");
  }

  @AfterAll
  static void stop() {
    List.of(core, durable, coreBridge, durableBridge).forEach(Running::close);
    servers.close();
  }

  @Test
  void a_token_that_the_store_has_lost_is_told_and_counted() throws Exception {
    say(Delivery.DURABLE, "hole", 1, 2, 3, 4, 5, 6, 7, 8, -9);
    awaitEnd("hole");
    try (Connection nats = Nats.connect(servers.nats().url().toString())) {
      JetStreamManagement management = nats.jetStreamManagement();
      // From behind, so that those before keep their places.
      for (int lost : new int[] {7, 6, 3}) {
        management.deleteMessage(Names.STORE, position(management, "hole", lost));
      }
    }
    int before = missing();
    try (Sse sse = Sse.open(durable.url(), "hole", 0)) {
      sse.next();
      List<Sse.Event> events = sse.rest();
      assertThat(events)
          .extracting(Sse.Event::sequence)
          .containsExactly(1L, 2L, 3L, 4L, 5L, 7L, 8L, 9L);
      assertThat(events.get(2).name()).isEqualTo("error");
      assertThat(events.get(2).data()).contains("tokens 3 to 3 of hole are lost");
      assertThat(events.get(5).name()).isEqualTo("error");
      assertThat(events.get(5).data()).contains("tokens 6 to 7 of hole are lost");
    }
    assertThat(missing() - before).isEqualTo(3);
    try (Sse again = Sse.open(durable.url(), "hole", 7)) {
      again.next();
      assertThat(again.rest()).extracting(Sse.Event::sequence).containsExactly(8L, 9L);
    }
  }

  @Test
  void a_sequence_that_goes_backwards_is_passed_on_by_core_and_counted() throws IOException {
    int before = Chain.metrics(core.url()).get("tokens_late").asInt();
    try (Sse sse = Sse.open(core.url(), "back", 0)) {
      sse.next();
      say(Delivery.CORE, "back", 1, 2, 3, 2, 3, 4, -5);
      assertThat(sse.rest())
          .extracting(Sse.Event::sequence)
          .containsExactly(1L, 2L, 3L, 2L, 3L, 4L, 5L);
    }
    assertThat(Chain.metrics(core.url()).get("tokens_late").asInt() - before).isEqualTo(2);
  }

  @Test
  void a_sequence_that_goes_backwards_is_held_back_by_durable_and_counted() throws IOException {
    int before = Chain.metrics(durable.url()).get("tokens_repeated").asInt();
    try (Sse sse = Sse.open(durable.url(), "back", 0)) {
      sse.next();
      say(Delivery.DURABLE, "back", 1, 2, 3);
      for (int i = 0; i < 3; i++) {
        sse.next();
      }
      String other =
          Producer.json("back", 2, false).replace("\"timestamp\":17", "\"timestamp\":18");
      servers.producer(Delivery.DURABLE).said("back", other);
      Chain.awaitMetrics(durable.url(), now -> now.get("tokens_repeated").asInt() - before == 1);
      say(Delivery.DURABLE, "back", 4, -5);
      assertThat(sse.rest()).extracting(Sse.Event::sequence).containsExactly(4L, 5L);
    }
    try (Sse late = Sse.open(durable.url(), "back", 0)) {
      late.next();
      assertThat(late.rest()).extracting(Sse.Event::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void durable_counts_bad_messages_and_passes_the_others_on() throws IOException {
    Producer producer = servers.producer(Delivery.DURABLE);
    JsonNode before = Chain.metrics(durableBridge.url());
    producer.said("mixed", "no json");
    producer.said("mixed", "");
    producer.said("mixed", "[1]");
    producer.said("mixed", Producer.json("mixed", 1, false).replace("\"sequence\"", "\"s\""));
    producer.said("mixed", Producer.json("a.b", 1, false));
    producer.said("mixed", "{\"new\":{\"a\":[1]}," + Producer.json("mixed", 1, false).substring(1));
    producer.said("mixed", Producer.json("mixed", 2, false).replace("t2 ", "x".repeat(1 << 20)));
    say(Delivery.DURABLE, "mixed", -3);
    try (Sse sse = Sse.open(durable.url(), "mixed", 0)) {
      sse.next();
      List<Sse.Event> events = sse.rest();
      assertThat(events).extracting(Sse.Event::name).containsExactly("token", "error", "token");
      assertThat(events.get(0).json().get("new").get("a").get(0).asInt()).isOne();
      assertThat(events.get(1).json().get("error").asText()).contains("larger than");
    }
    JsonNode after = Chain.metrics(durableBridge.url());
    assertThat(trouble(after, "malformed") - trouble(before, "malformed")).isEqualTo(3);
    assertThat(trouble(after, "bad_id") - trouble(before, "bad_id")).isEqualTo(1);
    assertThat(trouble(after, "bad_sequence") - trouble(before, "bad_sequence")).isEqualTo(1);
    assertThat(trouble(after, "too_large") - trouble(before, "too_large")).isEqualTo(1);
    assertThat(Chain.awaitMetrics(durableBridge.url(), now -> underWay(now) == 0)).isNotNull();
  }

  @Test
  void ten_thousand_conversations_leave_nothing_behind() throws Exception {
    for (Delivery delivery : Delivery.values()) {
      Running adapter = delivery == Delivery.CORE ? core : durable;
      Running bridge = delivery == Delivery.CORE ? coreBridge : durableBridge;
      int before = Chain.metrics(bridge.url()).get("messages_published").asInt();
      List<Sse> open = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        open.add(Sse.open(adapter.url(), "many-" + 100 * i, 0));
        open.get(i).next();
      }
      assertThat(Chain.metrics(adapter.url()).get("conversations").asInt()).isEqualTo(100);
      sayMany(delivery, 10_000);
      for (Sse sse : open) {
        assertThat(sse.rest()).extracting(Sse.Event::sequence).containsExactly(1L);
        sse.close();
      }
      Chain.awaitMetrics(
          bridge.url(), now -> now.get("messages_published").asInt() - before == 10_000);
      Chain.awaitMetrics(adapter.url(), now -> now.get("conversations").asInt() == 0);
      assertThat(Chain.metrics(adapter.url()).get("active_connections").asInt()).isZero();
    }
    try (Jedis jedis = new Jedis(servers.redis().url())) {
      for (int shard = 0; shard < 8; shard++) {
        while (jedis.xlen(Names.log(shard)) > 0) {
          Chain.pause();
        }
      }
    }
  }

  @Test
  void streams_whose_clients_left_leave_no_subscription_in_nats() throws Exception {
    URI url = core.url();
    for (int i = 0; i < 200; i++) {
      Sse sse = Sse.open(url, "gone-" + i, 0);
      sse.next();
      sse.close();
    }
    Chain.awaitMetrics(url, now -> now.get("conversations").asInt() == 0);
    while (natsSubscriptionsOf("gone-") > 0) {
      Chain.pause();
    }
  }

  @Test
  void a_browser_that_comes_again_after_the_end_is_told_that_there_is_no_more() throws IOException {
    say(Delivery.DURABLE, "over", 1, 2, -3);
    awaitEnd("over");
    assertThat(status(durable, "over", "3")).isEqualTo(HttpURLConnection.HTTP_NO_CONTENT);
    assertThat(status(durable, "over", "4")).isEqualTo(HttpURLConnection.HTTP_NO_CONTENT);
    assertThat(status(durable, "over", "2")).isEqualTo(HttpURLConnection.HTTP_OK);
    Chain.awaitMetrics(durable.url(), now -> now.get("active_connections").asInt() == 0);
  }

  @Test
  void pages_of_the_origin_given_may_read_and_others_may_not() throws Exception {
    assertThat(allowed(core, "http://page.example")).isEqualTo("http://page.example");
    assertThat(allowed(core, "http://other.example")).isEmpty();
    assertThat(allowed(durable, "http://page.example")).isEmpty();
  }

  private static String allowed(Running adapter, String origin) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(adapter.url().resolve("/healthz")).header("Origin", origin).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .headers()
        .firstValue("Access-Control-Allow-Origin")
        .orElse("");
  }

  private static int status(Running adapter, String id, String last) throws IOException {
    HttpURLConnection get =
        (HttpURLConnection) adapter.url().resolve("/stream/" + id).toURL().openConnection();
    get.setRequestProperty("Last-Event-ID", last);
    try {
      return get.getResponseCode();
    } finally {
      get.disconnect();
    }
  }

  private static long natsSubscriptionsOf(String prefix) throws IOException {
    URI page = servers.nats().monitorUrl().resolve("/connz?subs=1");
    String text = new String(page.toURL().openStream().readAllBytes(), StandardCharsets.UTF_8);
    return text.lines().filter(line -> line.contains("chat." + prefix)).count();
  }

  private static void sayMany(Delivery delivery, int count) {
    try (Jedis jedis = new Jedis(servers.redis().url());
        Pipeline pipeline = jedis.pipelined()) {
      for (int i = 0; i < count; i++) {
        String id = "many-" + i;
        String json = Producer.json(id, 1, true);
        if (delivery == Delivery.CORE) {
          pipeline.publish("llm:tokens:" + id, json);
        } else {
          String log = Names.log(Names.shard(id, 8));
          pipeline.xadd(log, StreamEntryID.NEW_ENTRY, Map.of(Names.LOG_FIELD, json));
        }
      }
    }
  }

  /** Says tokens; one below zero ends the conversation. */
  private static void say(Delivery delivery, String id, long... sequences) {
    for (long sequence : sequences) {
      String json = Producer.json(id, Math.abs(sequence), sequence < 0);
      assertThat(servers.producer(delivery).said(id, json)).isTrue();
    }
  }

  private static void awaitEnd(String id) throws IOException {
    try (Sse sse = Sse.open(durable.url(), id, 0)) {
      sse.rest();
    }
  }

  private static long position(JetStreamManagement management, String id, long token)
      throws Exception {
    long position = management.getFirstMessage(Names.STORE, Names.storedSubject(id)).getSeq();
    for (long i = 1; i < token; i++) {
      position =
          management.getNextMessage(Names.STORE, position + 1, Names.storedSubject(id)).getSeq();
    }
    return position;
  }

  private static int missing() {
    return Chain.metrics(durable.url()).get("tokens_missing").asInt();
  }

  private static int underWay(JsonNode metrics) {
    return metrics.get("messages_under_way").asInt();
  }

  private static int trouble(JsonNode metrics, String kind) {
    return metrics.get("troubles").get(kind).asInt();
  }
}
