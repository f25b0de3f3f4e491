package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamState;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stack.TargetProcess;
import targets.relay.adapter.AdapterServer;
import targets.relay.bridge.BridgeServer;
import targets.relay.message.Guarantee;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.Await;
import testing.RawClient;

/**
 * Each process of the relay is stopped, killed or away, while tokens flow or before they do; and
 * what a bridge or an adapter leaves to another one.
 */
@Timeout(120)
@SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
class RelayFailureIT {
  private static final String CHAT =
      "POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\n\r\n{\"message\":\"m\"}";

  @RegisterExtension static final Servers servers = new Servers();
  private static volatile TargetProcess bridge;
  private static volatile TargetProcess adapter;

  private final CompletableFuture<Runnable> greeting = new CompletableFuture<>();

  @BeforeAll
  static void start() {
    bridge = servers.bridgeProcess(Guarantee.DURABLE, "lease=500ms").awaitReady();
    adapter = servers.adapterProcess(Guarantee.DURABLE).awaitReady();
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis", "nats", "bridge", "one-of-two-bridges", "adapter"})
  void durable_loses_and_repeats_nothing_when_a_process_is_killed(String victim) {
    servers.assertEveryTokenArrivesOnce(victim, () -> adapter.url(), () -> killAndReplace(victim));
    Servers.await(adapter.url(), "tokens_missing", 0);
  }

  private static void killAndReplace(String victim) {
    switch (victim) {
      case "redis" -> Servers.killAndRestart(servers.redis());
      case "nats" -> Servers.killAndRestart(servers.nats());
      case "bridge" -> {
        bridge.kill();
        bridge = servers.bridgeProcess(Guarantee.DURABLE, "lease=500ms").awaitReady();
      }
      case "one-of-two-bridges" -> {
        TargetProcess other = servers.bridgeProcess(Guarantee.DURABLE, "lease=500ms").awaitReady();
        Await.until(() -> shards(bridge) + shards(other) == Producer.SHARDS);
        bridge.kill();
        bridge = other;
        Servers.await(other.url(), "shards", Producer.SHARDS);
      }
      default -> {
        adapter.kill();
        adapter = servers.adapterProcess(Guarantee.DURABLE).awaitReady();
      }
    }
  }

  private static int shards(TargetProcess one) {
    return Servers.count(one.url(), "shards");
  }

  @Test
  void core_is_not_ready_while_a_server_is_away_and_comes_back_by_itself() throws IOException {
    servers.nats().kill();
    servers.redis().kill();
    try (RunningTarget late = servers.startUnready(AdapterServer.SPEC, Guarantee.CORE);
        RunningTarget lateBridge = servers.startUnready(BridgeServer.SPEC, Guarantee.CORE)) {
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

  @Test
  void a_stopped_adapter_tells_its_streams_and_another_one_goes_on_exactly_there()
      throws Exception {
    try (TargetProcess first =
            servers.adapterProcess(Guarantee.DURABLE, "drain=300ms").awaitReady();
        RunningTarget second = servers.adapter(Guarantee.DURABLE);
        Sse sse = Sse.live(first.url(), "moves")) {
      servers.producer(Guarantee.DURABLE).publishAll("moves", 1, 20, 40, 0);
      Servers.await(first.url(), "messages_delivered", 20);
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(first::close);
      List<Sse.Event> events = sse.rest();
      Sse.Event last = events.remove(events.size() - 1);
      assertThat(last.name()).isEqualTo("error");
      assertThat(last.data()).contains("the adapter is stopping; resume with Last-Event-ID");
      assertThat(Sse.sequences(events)).isEqualTo(Sse.range(1, 20));
      servers.producer(Guarantee.DURABLE).publishAll("moves", 21, 40, 40, 0);
      try (Sse again = Sse.open(second.url(), "moves", 20)) {
        assertThat(again.restOfSequences()).isEqualTo(Sse.range(21, 40));
      }
      stopped.join();
      assertThat(first.diedByItself()).isNotDone();
    }
  }

  @Test
  void a_stopped_adapter_lets_running_streams_end_within_its_drain() throws Exception {
    try (RunningTarget bridge = servers.bridge(Guarantee.CORE);
        RunningTarget adapter = servers.adapter(Guarantee.CORE, "drain=20s");
        Sse sse = Sse.live(adapter.url(), "drains")) {
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(adapter::close);
      servers.producer(Guarantee.CORE).publishAll("drains", 1, 30, 30, 5_000_000);
      assertThat(sse.restOfSequences()).isEqualTo(Sse.range(1, 30));
      stopped.join();
    }
  }

  @Test
  void core_a_stopped_bridge_passes_on_everything_that_it_has_accepted() throws Exception {
    AtomicLong received = new AtomicLong();
    List<Map.Entry<String, String>> batch =
        LongStream.rangeClosed(1, 500)
            .mapToObj(i -> Map.entry("stops", Producer.json("stops", i, false)))
            .toList();
    try (TargetProcess bridge = servers.bridgeProcess(Guarantee.CORE).awaitReady();
        Connection nats = Nats.connect(servers.nats().url().toString())) {
      nats.createDispatcher(message -> received.incrementAndGet()).subscribe("chat.stops.tokens");
      nats.flush(null);
      CompletableFuture<Void> stopped = null;
      long accepted = 0;
      long taken = batch.size();
      for (int round = 1; taken == batch.size(); round++) {
        taken = servers.producer(Guarantee.CORE).publishAtOnce(batch);
        accepted += taken;
        if (round == 30) {
          stopped = CompletableFuture.runAsync(bridge::close);
        }
      }
      stopped.join();
      assertThat(accepted).isGreaterThanOrEqualTo(30L * batch.size());
      nats.flush(null);
      long all = accepted;
      Await.until(() -> received.get() >= all);
      assertThat(received).hasValue(all);
    }
  }

  @Test
  void core_a_bridge_that_is_stopped_while_nats_is_away_waits_for_it() throws Exception {
    RunningTarget bridge = servers.bridge(Guarantee.CORE, "drain=20s");
    var stream = StreamConfiguration.builder().name("RECEIVED").subjects("chat.waits.tokens");
    servers.jetStream(management -> management.addStream(stream.build()));
    servers.nats().kill();
    Servers.await(bridge.url(), "nats_losses", 1);
    servers.producer(Guarantee.CORE).publishAll("waits", 1, 50, 50, 0);
    Servers.await(bridge.url(), "messages_published", 50);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(bridge::close);
    servers.nats().restart();
    stopped.join();
    StreamState received =
        Await.until(
            () -> servers.jetStream(all -> all.getStreamInfo("RECEIVED")).getStreamState(),
            state -> state.getMsgCount() >= 50);
    assertThat(received.getMsgCount()).isEqualTo(50);
    servers.jetStream(management -> management.deleteStream("RECEIVED"));
  }

  @Test
  void core_two_bridges_publish_everything_twice_and_the_adapter_counts_it() throws Exception {
    try (RunningTarget one = servers.bridge(Guarantee.CORE);
        RunningTarget two = servers.bridge(Guarantee.CORE);
        RunningTarget adapter = servers.adapter(Guarantee.CORE);
        Sse sse = Sse.live(adapter.url(), "twice")) {
      servers.producer(Guarantee.CORE).publishAll("twice", 1, 9, 10, 0);
      assertThat(Sse.sequences(sse.next(18))).filteredOn(sequence -> sequence == 5).hasSize(2);
      assertThat(Servers.count(adapter.url(), "tokens_late")).isEqualTo(9);
      assertThat(Servers.count(adapter.url(), "tokens_missing")).isZero();
    }
  }

  @Test
  void a_chat_is_refused_if_nats_drops_before_its_prompt_is_published() throws IOException {
    try (RunningTarget adapter = adapter("first-token=1h");
        RawClient client = new RawClient(adapter.url().getPort())) {
      client.send(CHAT);
      Runnable greet = greeting.join();
      servers.nats().kill();
      Servers.await(adapter.url(), "nats_losses", 1);
      greet.run();
      assertThat(client.response()).startsWith("HTTP/1.1 503").contains("NATS is away");
      assertThat(Servers.count(adapter.url(), "active_connections")).isZero();
      servers.nats().restart();
      Servers.awaitReady(adapter.url());
    }
  }

  @Test
  void a_chat_whose_subscription_is_never_confirmed_is_refused_in_time() throws IOException {
    try (RunningTarget adapter = adapter("first-token=300ms");
        RawClient client = new RawClient(adapter.url().getPort())) {
      client.send(CHAT);
      assertThat(client.response()).startsWith("HTTP/1.1 503").contains("in 300 ms");
      assertThat(Servers.count(adapter.url(), "active_connections")).isZero();
    }
  }

  /** Starts an adapter that greets when the test says so, and never subscribes. */
  private RunningTarget adapter(String... options) {
    AdapterServer.Seam late =
        new AdapterServer.Seam() {
          @Override
          public void begin(EventLoop loop, Runnable greet, Runnable subscribe) {
            greeting.complete(() -> loop.execute(greet));
          }
        };
    TargetSpec honest = AdapterServer.SPEC;
    TargetSpec spec =
        new TargetSpec(
            honest.name(), "", honest.options(), reader -> AdapterServer.start(reader, late));
    return servers.start(spec, Guarantee.CORE, options);
  }
}
