package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import stack.TargetProcess;
import targets.relay.Servers.Running;

/** What a bridge or an adapter leaves to another one, when it is stopped, killed or not alone. */
@Timeout(90)
@SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
class RelayHandoverIT {
  @TempDir static Path folder;

  private static Servers servers;

  @BeforeAll
  static void start() {
    servers = new Servers(folder);
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void a_stopped_adapter_tells_its_streams_and_another_one_goes_on_exactly_there()
      throws Exception {
    try (Running bridge = servers.bridge(Delivery.DURABLE);
        TargetProcess first =
            servers.adapterProcess(Delivery.DURABLE, "drain", "300ms").awaitReady();
        Running second = servers.adapter(Delivery.DURABLE);
        Sse sse = Sse.open(first.url(), "moves", 0)) {
      sse.next();
      servers.producer(Delivery.DURABLE).say("moves", 1, 20, 40, 0);
      Chain.awaitMetrics(first.url(), now -> now.get("messages_delivered").asInt() == 20);
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(first::close);
      List<Sse.Event> events = sse.rest();
      Sse.Event told = events.remove(events.size() - 1);
      assertThat(told.name()).isEqualTo("error");
      assertThat(told.data()).contains("the adapter is stopping; resume with Last-Event-ID");
      assertThat(sequences(events)).isEqualTo(upTo(20));
      servers.producer(Delivery.DURABLE).say("moves", 21, 40, 40, 0);
      try (Sse again = Sse.open(second.url(), "moves", 20)) {
        assertThat(sequences(again.rest()))
            .isEqualTo(LongStream.rangeClosed(21, 40).boxed().toList());
      }
      stopped.join();
      assertThat(first.diedByItself()).isNotDone();
      assertThat(bridge.url()).isNotNull();
    }
  }

  @Test
  void a_stopped_adapter_lets_running_streams_end_within_its_drain() throws Exception {
    try (Running bridge = servers.bridge(Delivery.CORE);
        Running adapter = servers.adapter(Delivery.CORE, "drain", "20s");
        Sse sse = Sse.open(adapter.url(), "drains", 0)) {
      sse.next();
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(adapter::close);
      servers.producer(Delivery.CORE).say("drains", 1, 30, 30, 5_000_000);
      assertThat(sequences(sse.rest())).isEqualTo(upTo(30));
      stopped.join();
      assertThat(bridge.url()).isNotNull();
    }
  }

  @Test
  void core_a_stopped_bridge_passes_on_everything_that_it_has_accepted() throws Exception {
    AtomicLong heard = new AtomicLong();
    TargetProcess bridge = servers.bridgeProcess(Delivery.CORE).awaitReady();
    try (Connection nats = Nats.connect(servers.nats().url().toString());
        Jedis jedis = new Jedis(servers.redis().url())) {
      nats.createDispatcher(message -> heard.incrementAndGet()).subscribe("chat.stops.tokens");
      nats.flush(null);
      CompletableFuture<Void> stopped = null;
      long accepted = 0;
      for (int batch = 1; batch <= 60; batch++) {
        accepted += publish(jedis, "stops", 500);
        if (batch == 30) {
          stopped = CompletableFuture.runAsync(bridge::close);
        }
      }
      stopped.join();
      assertThat(accepted).isBetween(15_000L, 29_999L);
      nats.flush(null);
      while (heard.get() < accepted) {
        Chain.pause();
      }
      assertThat(heard).hasValue(accepted);
    } finally {
      bridge.close();
    }
  }

  @Test
  void core_a_bridge_that_is_stopped_while_nats_is_away_waits_for_it() throws Exception {
    Running bridge = servers.bridge(Delivery.CORE, "drain", "20s");
    try (Connection nats = Nats.connect(servers.nats().url().toString())) {
      nats.jetStreamManagement()
          .addStream(
              StreamConfiguration.builder().name("HEARD").subjects("chat.waits.tokens").build());
    }
    servers.nats().kill();
    Chain.awaitMetrics(bridge.url(), now -> now.get("nats_losses").asInt() == 1);
    servers.producer(Delivery.CORE).say("waits", 1, 50, 50, 0);
    Chain.awaitMetrics(bridge.url(), now -> now.get("messages_published").asInt() == 50);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(bridge::close);
    servers.nats().restart();
    stopped.join();
    try (Connection nats = Nats.connect(servers.nats().url().toString())) {
      JetStreamManagement management = nats.jetStreamManagement();
      assertThat(management.getStreamInfo("HEARD").getStreamState().getMsgCount()).isEqualTo(50);
      management.deleteStream("HEARD");
    }
  }

  @Test
  void durable_of_two_bridges_one_is_killed_and_every_token_comes_once() throws Exception {
    TargetProcess one = servers.bridgeProcess(Delivery.DURABLE, "lease", "500ms").awaitReady();
    TargetProcess two = servers.bridgeProcess(Delivery.DURABLE, "lease", "500ms").awaitReady();
    try (Running adapter = servers.adapter(Delivery.DURABLE)) {
      List<CompletableFuture<List<Sse.Event>>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String id = "pair-" + i;
        readers.add(CompletableFuture.supplyAsync(() -> toEnd(adapter.url(), id)));
      }
      CompletableFuture<?> producers =
          CompletableFuture.allOf(
              LongStream.range(0, 4)
                  .mapToObj(i -> CompletableFuture.runAsync(() -> say("pair-" + i)))
                  .toArray(CompletableFuture<?>[]::new));
      Chain.awaitMetrics(adapter.url(), now -> now.get("messages_delivered").asInt() > 100);
      boolean firstReads = Chain.metrics(one.url()).get("shards").asInt() > 0;
      (firstReads ? one : two).kill();
      producers.join();
      for (CompletableFuture<List<Sse.Event>> reader : readers) {
        assertThat(sequences(reader.join())).isEqualTo(upTo(200));
      }
      JsonNode left = Chain.metrics((firstReads ? two : one).url());
      assertThat(left.get("shards").asInt()).isEqualTo(8);
      assertThat(Chain.metrics(adapter.url()).get("tokens_missing").asInt()).isZero();
    } finally {
      one.close();
      two.close();
    }
  }

  @Test
  void core_two_bridges_say_everything_twice_and_the_adapter_counts_it() throws Exception {
    try (Running one = servers.bridge(Delivery.CORE);
        Running two = servers.bridge(Delivery.CORE);
        Running adapter = servers.adapter(Delivery.CORE);
        Sse sse = Sse.open(adapter.url(), "twice", 0)) {
      sse.next();
      servers.producer(Delivery.CORE).say("twice", 1, 9, 10, 0);
      List<Long> sequences = new ArrayList<>();
      while (sequences.size() < 18) {
        sequences.add(sse.next().sequence());
      }
      assertThat(sequences).filteredOn(sequence -> sequence == 5).hasSize(2);
      JsonNode metrics = Chain.metrics(adapter.url());
      assertThat(metrics.get("tokens_late").asInt()).isEqualTo(9);
      assertThat(metrics.get("tokens_missing").asInt()).isZero();
      assertThat(one.url()).isNotEqualTo(two.url());
    }
  }

  /** Publishes many at once; returns how many were taken by somebody. */
  private static long publish(Jedis jedis, String id, int count) {
    List<Response<Long>> takers = new ArrayList<>();
    try (Pipeline pipeline = jedis.pipelined()) {
      for (int i = 1; i <= count; i++) {
        takers.add(pipeline.publish("llm:tokens:" + id, Producer.json(id, i, false)));
      }
    }
    return takers.stream().mapToLong(Response::get).sum();
  }

  private static void say(String id) {
    servers.producer(Delivery.DURABLE).say(id, 1, 200, 200, 5_000_000);
  }

  private static List<Sse.Event> toEnd(URI adapter, String id) {
    try (Sse sse = Sse.open(adapter, id, 0)) {
      return sse.rest();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Long> sequences(List<Sse.Event> events) {
    return events.stream().filter(event -> !event.id().isEmpty()).map(Sse.Event::sequence).toList();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }
}
