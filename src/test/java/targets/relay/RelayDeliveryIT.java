package targets.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import targets.relay.message.Channels;
import targets.relay.message.Guarantee;
import targets.relay.message.TokenStore;
import targets.shared.RunningTarget;
import testing.Await;

/** Tokens from a producer to clients: in order, with their times, and every loss is reported. */
@Timeout(90)
@SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
class RelayDeliveryIT {
  @RegisterExtension static final Servers servers = new Servers();
  private static RunningTarget coreBridge;
  private static RunningTarget durableBridge;
  private static RunningTarget core;
  private static RunningTarget durable;

  @BeforeAll
  static void start() {
    coreBridge = servers.bridge(Guarantee.CORE);
    durableBridge = servers.bridge(Guarantee.DURABLE);
    core = servers.adapter(Guarantee.CORE);
    durable = servers.adapter(Guarantee.DURABLE, "hole=300ms");
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void tokens_arrive_in_order_with_the_time_of_each_hop(Guarantee delivery) throws IOException {
    try (Sse sse = Sse.open(adapter(delivery).url(), "plain", 0)) {
      assertThat(sse.next()).isEqualTo(new Sse.Event(":", "", "connected to plain"));
      servers.producer(delivery).publishAll("plain", 1, 50, 50, 0);
      List<Sse.Event> events = sse.rest();
      assertThat(events).extracting(Sse.Event::name).containsOnly("token");
      assertThat(Sse.sequences(events)).isEqualTo(Sse.range(1, 50));
      assertThat(events.get(49).json().get("hops").fieldNames())
          .toIterable()
          .contains("bridge", "adapter");
    }
  }

  @Test
  void a_conversation_begins_with_its_id_and_passes_the_prompt_on() throws Exception {
    try (Connection nats = Nats.connect(servers.nats().url().toString())) {
      var prompts = nats.subscribe("chat.*.messages");
      nats.flush(null);
      try (Sse sse = Sse.chat(core.url(), "{\"message\":\"Hello\"}")) {
        Sse.Event connected = sse.next();
        assertThat(connected.name()).isEqualTo("connected");
        String id = connected.json().get("conversation_id").asText();
        assertThat(new String(prompts.nextMessage(Duration.ofSeconds(10)).getData(), UTF_8))
            .contains(id, "Hello");
        servers.producer(Guarantee.CORE).publishAll(id, 1, 2, 2, 0);
        assertThat(sse.restOfSequences()).containsExactly(1L, 2L);
      }
    }
  }

  @Test
  void core_shows_a_killed_bridge_as_exactly_the_tokens_that_were_lost() throws IOException {
    try (Sse sse = Sse.live(core.url(), "gap")) {
      servers.producer(Guarantee.CORE).publishAll("gap", 1, 10, 50, 0);
      sse.next(10);
      int before = Servers.count(core.url(), "tokens_missing");
      coreBridge.close();
      servers.producer(Guarantee.CORE).publishAll("gap", 11, 27, 50, 0);
      coreBridge = servers.bridge(Guarantee.CORE);
      servers.producer(Guarantee.CORE).publishAll("gap", 28, 50, 50, 0);
      List<Sse.Event> events = sse.rest();
      assertThat(events.get(0)).isEqualTo(new Sse.Event(":", "", "missing 11 to 27"));
      assertThat(Sse.sequences(events)).isEqualTo(Sse.range(28, 50));
      Servers.await(core.url(), "tokens_missing", before + 17);
    }
  }

  @Test
  void durable_gives_a_late_client_everything_and_a_returning_one_exactly_the_rest()
      throws Exception {
    servers.producer(Guarantee.DURABLE).publishAll("late", 1, 60, 60, 0);
    assertThat(Sse.sequences(Sse.readToEnd(durable::url, "late"))).isEqualTo(Sse.range(1, 60));
    try (Sse again = Sse.open(durable.url(), "late", 57)) {
      assertThat(again.next().data()).isEqualTo("connected to late");
      List<Sse.Event> events = again.rest();
      assertThat(Sse.sequences(events)).containsExactly(58L, 59L, 60L);
      assertThat(events.get(0).json().get("hops").fieldNames())
          .toIterable()
          .containsExactly("redis", "bridge", "nats", "adapter");
    }
    for (var known : Map.of("59", 200, "60", 204, "61", 204).entrySet()) {
      assertThat(get(durable, "/stream/late", "Last-Event-ID", known.getKey()).statusCode())
          .isEqualTo(known.getValue());
    }
    Servers.await(durable.url(), "active_connections", 0);
  }

  @Test
  void durable_reports_and_counts_a_token_that_the_store_has_lost() throws Exception {
    servers.producer(Guarantee.DURABLE).publishEach("hole", 1, 2, 3, 4, 5, 6, 7, 8, -9);
    Sse.readToEnd(durable::url, "hole");
    // From behind, so that those before keep their places.
    for (int lost : new int[] {7, 6, 3}) {
      servers.jetStream(
          all ->
              all.deleteMessage(TokenStore.NAME, position(all, TokenStore.subject("hole"), lost)));
    }
    int before = Servers.count(durable.url(), "tokens_missing");
    try (Sse sse = Sse.live(durable.url(), "hole")) {
      List<Sse.Event> events = sse.rest();
      assertThat(Sse.sequences(events)).containsExactly(1L, 2L, 3L, 4L, 5L, 7L, 8L, 9L);
      assertThat(events)
          .filteredOn(event -> event.name().equals("error"))
          .extracting(event -> event.json().get("error").asText())
          .containsExactly("tokens 3 to 3 of hole are lost", "tokens 6 to 7 of hole are lost");
    }
    Servers.await(durable.url(), "tokens_missing", before + 3);
    try (Sse again = Sse.open(durable.url(), "hole", 7)) {
      assertThat(again.restOfSequences()).containsExactly(8L, 9L);
    }
  }

  @Test
  void durable_holds_a_sequence_that_goes_backwards_back_and_counts_it() throws IOException {
    int before = Servers.count(durable.url(), "tokens_repeated");
    Producer producer = servers.producer(Guarantee.DURABLE);
    try (Sse sse = Sse.live(durable.url(), "back")) {
      producer.publishEach("back", 1, 2, 3);
      sse.next(3);
      String other = Producer.json("back", 2, false);
      AtomicInteger time = new AtomicInteger();
      Await.until(
          () -> {
            // Again and again, because a repetition during a replay is not counted.
            producer.publish("back", other.replaceAll("\\d{19}", "" + time.incrementAndGet()));
            return Servers.count(durable.url(), "tokens_repeated") > before;
          });
      producer.publishEach("back", 4, -5);
      assertThat(sse.restOfSequences()).containsExactly(4L, 5L);
    }
    assertThat(Sse.sequences(Sse.readToEnd(durable::url, "back"))).isEqualTo(Sse.range(1, 5));
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void bad_messages_are_counted_by_their_kind_and_the_others_passed_on(Guarantee delivery)
      throws IOException {
    Producer producer = servers.producer(delivery);
    JsonNode before = Servers.metrics(bridge(delivery).url()).get("troubles");
    try (Sse sse = Sse.live(adapter(delivery).url(), "bad")) {
      for (String malformed : List.of("no json", "", "[1]")) {
        producer.publish("bad", malformed);
      }
      producer.publish("bad", Producer.json("bad", 1, false).replace("\"sequence\"", "\"s\""));
      producer.publish("bad", Producer.json("a.b", 1, false));
      producer.publish(
          "bad", "{\"new\":{\"a\":[1]}," + Producer.json("bad", 1, false).substring(1));
      producer.publish("bad", Producer.json("bad", 2, false).replace("t2 ", "x".repeat(1 << 20)));
      producer.publishEach("bad", -3);
      List<Sse.Event> events = sse.rest();
      assertThat(events).extracting(Sse.Event::name).containsExactly("token", "error", "token");
      assertThat(events.get(0).json().at("/new/a/0").asInt()).isOne();
      assertThat(events.get(1).id()).isEqualTo("2");
      assertThat(events.get(1).json().get("error").asText()).contains("larger than");
    }
    JsonNode after = Servers.metrics(bridge(delivery).url()).get("troubles");
    Map.of("malformed", 3, "bad_id", 1, "bad_sequence", 1, "too_large", 1)
        .forEach(
            (kind, count) ->
                assertThat(after.get(kind).asInt() - before.get(kind).asInt())
                    .as(kind)
                    .isEqualTo(count));
    Servers.await(bridge(delivery).url(), "messages_under_way", 0);
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void ten_thousand_conversations_leave_nothing_behind(Guarantee delivery) throws IOException {
    URI adapter = adapter(delivery).url();
    int before = Servers.count(bridge(delivery).url(), "messages_published");
    List<Sse> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      open.add(Sse.live(adapter, "many-" + 100 * i));
    }
    for (int i = 0; i < 200; i++) {
      Sse.live(adapter, "many-left-" + i).close();
    }
    Servers.await(adapter, "conversations", 100);
    servers
        .producer(delivery)
        .publishAtOnce(
            IntStream.range(0, 10_000)
                .mapToObj(i -> Map.entry("many-" + i, Producer.json("many-" + i, 1, true)))
                .toList());
    for (Sse sse : open) {
      assertThat(sse.restOfSequences()).containsExactly(1L);
      sse.close();
    }
    Servers.await(bridge(delivery).url(), "messages_published", before + 10_000);
    Servers.await(adapter, "conversations", 0);
    Servers.await(adapter, "active_connections", 0);
    URI subscriptions = servers.nats().monitorUrl().resolve("/connz?subs=1");
    Await.until(() -> !Servers.text(subscriptions).contains("chat.many-"));
    try (Jedis jedis = new Jedis(servers.redis().url())) {
      IntStream.range(0, Producer.SHARDS)
          .forEach(shard -> Await.until(() -> jedis.xlen(Channels.log(shard)) == 0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/stream/a.b, 400",
    "/stream/a?last_event_id=x, 400",
    "/nothing, 404",
    "/chat, 405",
    "/healthz, 200",
    "/metrics/prometheus, 200",
  })
  void a_request_is_answered_with_its_status(String path, int status) {
    assertThat(core.get(path).statusCode()).isEqualTo(status);
  }

  @Test
  void a_prompt_that_nats_does_not_take_is_refused() {
    String body = "{\"message\":\"" + "m".repeat((1 << 20) - 20) + "\"}";
    assertThat(core.post("/chat", body).statusCode()).isEqualTo(413);
    Servers.await(core.url(), "active_connections", 0);
  }

  /** Returns the head of a reply, whose body may have no end. */
  private static HttpResponse<?> get(RunningTarget adapter, String path, String... header)
      throws Exception {
    HttpRequest request = adapter.request(path).headers(header).build();
    HttpResponse<InputStream> reply =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
    reply.body().close();
    return reply;
  }

  private static RunningTarget adapter(Guarantee delivery) {
    return delivery == Guarantee.CORE ? core : durable;
  }

  private static RunningTarget bridge(Guarantee delivery) {
    return delivery == Guarantee.CORE ? coreBridge : durableBridge;
  }

  /** Returns the position of a subject's message, from 1, in the store. */
  private static long position(JetStreamManagement management, String subject, int message)
      throws IOException, JetStreamApiException {
    long position = 0;
    for (int i = 0; i < message; i++) {
      position = management.getNextMessage(TokenStore.NAME, position + 1, subject).getSeq();
    }
    return position;
  }
}
