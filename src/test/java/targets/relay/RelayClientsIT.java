package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import stack.TargetProcess;
import targets.relay.Servers.Running;

/** Clients that are slow, silent conversations, and browsers. */
@Timeout(90)
class RelayClientsIT {
  private static final int LARGE = 8192;

  @TempDir static Path folder;

  private static Servers servers;
  private static Running coreBridge;
  private static Running durableBridge;

  @BeforeAll
  static void start() {
    servers = new Servers(folder);
    coreBridge = servers.bridge(Delivery.CORE);
    durableBridge = servers.bridge(Delivery.DURABLE);
  }

  @AfterAll
  static void stop() {
    coreBridge.close();
    durableBridge.close();
    servers.close();
  }

  @Test
  void core_closes_a_client_that_reads_nothing_and_the_others_get_everything() throws IOException {
    try (Running adapter =
            servers.adapter(Delivery.CORE, "outbox", "256KiB", "client-stall", "20s");
        SlowClient slow = new SlowClient(adapter.url(), "slow");
        Sse quick = Sse.open(adapter.url(), "slow", 0)) {
      quick.next();
      List<Long> got = new ArrayList<>();
      for (int first = 1; first <= 2000; first += 10) {
        say(Delivery.CORE, "slow", first, first + 9, 2000);
        while (got.size() < first + 9) {
          got.add(quick.next().sequence());
        }
      }
      assertThat(got).isEqualTo(upTo(2000));
      JsonNode metrics = ended(adapter, "slow");
      assertThat(metrics.get("clients_slowed").asInt()).isPositive();
      assertThat(metrics.get("ended").get("done").asInt()).isOne();
      SlowClient.Heard heard = slow.readOn();
      assertThat(heard.tokens()).isEqualTo(upTo(heard.tokens().size())).hasSizeLessThan(2000);
      assertThat(heard.errors()).hasSize(1).first().asString().contains("more than 262144 bytes");
    }
  }

  @Test
  void a_token_larger_than_the_outbox_is_no_reason_to_close_a_client_that_reads()
      throws IOException {
    for (Delivery delivery : Delivery.values()) {
      try (Running adapter = servers.adapter(delivery, "outbox", "64KiB");
          Sse quick = Sse.open(adapter.url(), "large", 0)) {
        quick.next();
        Producer producer = servers.producer(delivery);
        String large = "x".repeat(1_000_000);
        producer.said("large", Producer.json("large", 1, false).replace("t1 ", large));
        assertThat(quick.next().json().get("token").asText()).isEqualTo(large);
        producer.say("large", 2, 2, 2, 0);
        assertThat(sequences(quick.rest())).containsExactly(2L);
      }
    }
  }

  @Test
  void durable_waits_for_a_client_that_stalls_and_it_gets_everything_once() throws IOException {
    int tokens = 6000;
    // The conversation's 49 MB would not fit into what the adapter has.
    TargetProcess adapter = servers.adapterProcess(Delivery.DURABLE).awaitReady();
    try (SlowClient slow = new SlowClient(adapter.url(), "stalls")) {
      say(Delivery.DURABLE, "stalls", 1, tokens, tokens);
      Chain.awaitMetrics(adapter.url(), now -> now.get("clients_slowed").asInt() > 0);
      Chain.awaitMetrics(
          durableBridge.url(), now -> now.get("messages_published").asInt() >= tokens);
      SlowClient.Heard heard = slow.readOn();
      assertThat(heard.tokens()).isEqualTo(upTo(tokens));
      assertThat(heard.errors()).isEmpty();
      assertThat(Chain.metrics(adapter.url()).get("ended").get("done").asInt()).isOne();
    } finally {
      adapter.close();
    }
  }

  @Test
  void durable_closes_a_client_that_stalls_too_long_and_it_resumes_where_it_was()
      throws IOException {
    try (Running adapter = servers.adapter(Delivery.DURABLE, "client-stall", "400ms");
        SlowClient slow = new SlowClient(adapter.url(), "gone")) {
      say(Delivery.DURABLE, "gone", 1, 1000, 1000);
      ended(adapter, "slow");
      SlowClient.Heard heard = slow.readOn();
      int got = heard.tokens().size();
      assertThat(heard.tokens()).isEqualTo(upTo(got)).hasSizeLessThan(1000);
      assertThat(heard.errors()).allMatch(error -> error.contains("takes nothing for 400 ms"));
      try (Sse again = Sse.open(adapter.url(), "gone", got)) {
        assertThat(sequences(again.rest()))
            .isEqualTo(LongStream.rangeClosed(got + 1L, 1000).boxed().toList());
      }
    }
  }

  @Test
  void the_originals_mistake_drops_what_a_slow_client_has_no_room_for() throws IOException {
    try (Running adapter = servers.adapter(Delivery.CORE, "defect", "drop-when-full=20");
        SlowClient slow = new SlowClient(adapter.url(), "drops");
        Sse quick = Sse.open(adapter.url(), "drops", 0)) {
      quick.next();
      say(Delivery.CORE, "drops", 1, 1500, 1500);
      Chain.awaitMetrics(adapter.url(), now -> now.get("total_connections").asInt() == 2);
      quick.rest();
      SlowClient.Heard heard = slow.readOn();
      assertThat(heard.tokens()).isSorted().hasSizeLessThan(1500);
      assertThat(heard.errors()).isEmpty();
      assertThat(Chain.metrics(adapter.url()).get("tokens_missing").asInt()).isZero();
    }
  }

  @Test
  void a_stream_without_a_token_is_kept_alive_and_then_ended_with_an_error() throws IOException {
    for (Delivery delivery : Delivery.values()) {
      try (Running adapter =
              servers.adapter(delivery, "first-token", "450ms", "keep-alive", "100ms");
          Sse sse = Sse.open(adapter.url(), "silent", 0)) {
        List<Sse.Event> events = sse.rest();
        assertThat(events.get(0).data()).isEqualTo("connected to silent");
        Sse.Event last = events.get(events.size() - 1);
        assertThat(last.name()).isEqualTo("error");
        assertThat(last.json().get("error").asText()).isEqualTo("no token came within 450 ms");
        assertThat(events.subList(1, events.size() - 1))
            .hasSizeBetween(1, 4)
            .containsOnly(new Sse.Event(":", "", "keep-alive"));
        ended(adapter, "timed_out");
      }
    }
  }

  @Test
  void a_stream_that_got_a_token_is_kept_alive_for_as_long_as_its_client_wants()
      throws IOException {
    try (Running adapter =
            servers.adapter(Delivery.CORE, "first-token", "300ms", "keep-alive", "150ms");
        Sse sse = Sse.open(adapter.url(), "thinks", 0)) {
      sse.next();
      servers.producer(Delivery.CORE).say("thinks", 1, 1, 2, 0);
      long startNs = System.nanoTime();
      List<Sse.Event> events = new ArrayList<>();
      while (events.size() < 6) {
        events.add(sse.next());
      }
      // The token, perhaps behind a comment, and then a comment each 150 ms.
      assertThat(events).extracting(Sse.Event::name).containsOnlyOnce("token").contains(":");
      assertThat(System.nanoTime() - startNs).isBetween(500_000_000L, 5_000_000_000L);
    }
  }

  private static JsonNode ended(Running adapter, String how) {
    return Chain.awaitMetrics(adapter.url(), now -> now.get("ended").get(how).asInt() == 1);
  }

  /** Says large tokens as fast as Redis takes them. */
  private static void say(Delivery delivery, String id, int first, int last, int end) {
    String text = "x".repeat(LARGE);
    try (Jedis jedis = new Jedis(servers.redis().url());
        Pipeline pipeline = jedis.pipelined()) {
      for (int i = first; i <= last; i++) {
        String json = Producer.json(id, i, i == end).replace("t" + i + " ", text);
        if (delivery == Delivery.CORE) {
          pipeline.publish("llm:tokens:" + id, json);
        } else {
          String log = Names.log(Names.shard(id, 8));
          pipeline.xadd(log, StreamEntryID.NEW_ENTRY, Map.of("message", json));
        }
      }
    }
  }

  private static List<Long> sequences(List<Sse.Event> events) {
    return events.stream()
        .filter(event -> event.name().equals("token"))
        .map(Sse.Event::sequence)
        .toList();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }
}
