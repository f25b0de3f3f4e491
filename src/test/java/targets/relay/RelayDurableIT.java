package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Durable delivery: each process is killed in the middle, and nothing is lost or said twice. */
@Timeout(120)
class RelayDurableIT {
  private static final int TOKENS = 150;
  private static final int CONVERSATIONS = 6;
  private static final long INTERVAL_NS = 10_000_000;

  @TempDir static Path folder;

  private static Chain chain;
  private static ExecutorService threads;

  @BeforeAll
  static void start() {
    threads = Executors.newCachedThreadPool();
    chain = Chain.start(folder, Delivery.DURABLE);
  }

  @AfterAll
  static void stop() {
    chain.close();
    threads.shutdownNow();
  }

  @Test
  void a_killed_redis_loses_and_repeats_nothing() {
    everyTokenArrivesOnceAndInOrder(
        "redis",
        () -> {
          chain.redis().kill();
          chain.redis().restart();
        });
  }

  @Test
  void a_killed_nats_loses_and_repeats_nothing() {
    everyTokenArrivesOnceAndInOrder(
        "nats",
        () -> {
          chain.nats().kill();
          chain.nats().restart();
        });
  }

  @Test
  void a_killed_bridge_loses_and_repeats_nothing() {
    everyTokenArrivesOnceAndInOrder(
        "bridge",
        () -> {
          chain.bridge().kill();
          chain.startBridge();
        });
  }

  @Test
  void a_killed_adapter_loses_and_repeats_nothing() {
    everyTokenArrivesOnceAndInOrder(
        "adapter",
        () -> {
          chain.adapter().kill();
          chain.startAdapter();
        });
  }

  @Test
  void a_client_that_comes_late_gets_all_and_one_that_comes_again_gets_exactly_the_rest()
      throws Exception {
    chain.producer().say("late", 1, 60, 60, 0);
    assertThat(sequences(chain.readToEnd("late"))).isEqualTo(upTo(60));
    try (Sse again = Sse.open(chain.adapter().url(), "late", 57)) {
      List<Sse.Event> events = again.rest();
      assertThat(events.get(0).data()).isEqualTo("connected to late");
      assertThat(sequences(events.subList(1, events.size()))).containsExactly(58L, 59L, 60L);
      assertThat(events.get(1).json().get("hops").fieldNames())
          .toIterable()
          .containsExactly("redis", "bridge", "nats", "adapter");
    }
  }

  /** A producer speaks, clients read, and in the middle something happens. */
  private static void everyTokenArrivesOnceAndInOrder(String name, Runnable happens) {
    List<CompletableFuture<List<Sse.Event>>> readers = new ArrayList<>();
    List<CompletableFuture<Void>> producers = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      String id = name + "-" + i;
      readers.add(CompletableFuture.supplyAsync(() -> chain.readToEnd(id), threads));
      producers.add(
          CompletableFuture.runAsync(
              () -> chain.producer().say(id, 1, TOKENS, TOKENS, INTERVAL_NS), threads));
    }
    Chain.awaitMetrics(
        chain.adapter().url(), now -> now.get("messages_delivered").asInt() > CONVERSATIONS * 20);
    happens.run();
    producers.forEach(CompletableFuture::join);
    for (CompletableFuture<List<Sse.Event>> reader : readers) {
      List<Sse.Event> tokens = reader.join();
      assertThat(sequences(tokens)).isEqualTo(upTo(TOKENS));
      assertThat(tokens).allMatch(token -> token.name().equals("token"));
    }
    assertThat(Chain.metrics(chain.adapter().url()).get("tokens_missing").asInt()).isZero();
  }

  private static List<Long> sequences(List<Sse.Event> tokens) {
    return tokens.stream().map(Sse.Event::sequence).toList();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }
}
