package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stack.TargetProcess;
import targets.relay.Servers.Running;
import targets.relay.adapter.AdapterServer;
import targets.relay.bridge.BridgeServer;
import targets.relay.message.Delivery;

/** Each process of the relay is killed while tokens flow, or is away at the start. */
@Timeout(120)
class RelayFailureIT {
  private static final int TOKENS = 150;
  private static final int CONVERSATIONS = 6;
  private static final long INTERVAL_NS = 10_000_000;

  @RegisterExtension static final Servers servers = new Servers();
  private static final ExecutorService threads = Executors.newCachedThreadPool();
  private static volatile TargetProcess bridge;
  private static volatile TargetProcess adapter;

  private enum Victim {
    REDIS,
    NATS,
    BRIDGE,
    ADAPTER;

    void killAndReplace() {
      switch (this) {
        case REDIS -> {
          servers.redis().kill();
          servers.redis().restart();
        }
        case NATS -> {
          servers.nats().kill();
          servers.nats().restart();
        }
        case BRIDGE -> {
          bridge.kill();
          bridge = servers.bridgeProcess(Delivery.DURABLE).awaitReady();
        }
        case ADAPTER -> {
          adapter.kill();
          adapter = servers.adapterProcess(Delivery.DURABLE).awaitReady();
        }
      }
    }
  }

  @BeforeAll
  static void start() {
    bridge = servers.bridgeProcess(Delivery.DURABLE).awaitReady();
    adapter = servers.adapterProcess(Delivery.DURABLE).awaitReady();
  }

  @AfterAll
  static void stop() {
    threads.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource(Victim.class)
  void durable_loses_and_repeats_nothing_when_a_process_is_killed(Victim victim) {
    List<CompletableFuture<List<Sse.Event>>> readers = new ArrayList<>();
    List<CompletableFuture<Void>> producers = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      String id = victim + "-" + i;
      readers.add(
          CompletableFuture.supplyAsync(() -> Sse.readToEnd(() -> adapter.url(), id), threads));
      producers.add(
          CompletableFuture.runAsync(
              () ->
                  servers.producer(Delivery.DURABLE).publishAll(id, 1, TOKENS, TOKENS, INTERVAL_NS),
              threads));
    }
    int before = Servers.count(adapter.url(), "messages_delivered");
    Servers.await(adapter.url(), "messages_delivered", now -> now - before > CONVERSATIONS * 20);
    victim.killAndReplace();
    producers.forEach(CompletableFuture::join);
    for (CompletableFuture<List<Sse.Event>> reader : readers) {
      List<Sse.Event> tokens = reader.join();
      assertThat(Sse.sequences(tokens)).isEqualTo(Sse.range(1, TOKENS));
      assertThat(tokens).extracting(Sse.Event::name).containsOnly("token");
    }
    Servers.await(adapter.url(), "tokens_missing", 0);
  }

  @Test
  void core_is_not_ready_while_a_server_is_away_and_comes_back_by_itself() throws IOException {
    servers.nats().kill();
    servers.redis().kill();
    try (Running late = servers.startUnready(AdapterServer.SPEC, Delivery.CORE);
        Running lateBridge = servers.startUnready(BridgeServer.SPEC, Delivery.CORE)) {
      assertThat(Servers.unready(lateBridge.url())).contains("Redis", "NATS");
      assertThat(Servers.unready(late.url())).contains("NATS");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> Sse.open(late.url(), "early", 0))
          .withMessageContaining("503");
      servers.nats().restart();
      servers.redis().restart();
      Servers.awaitReady(late.url());
      Servers.awaitReady(lateBridge.url());
      servers.nats().kill();
      Servers.await(late.url(), "nats_losses", 1);
      servers.nats().restart();
      Servers.awaitReady(late.url());
    }
    Servers.awaitReady(adapter.url());
    Servers.awaitReady(bridge.url());
  }
}
