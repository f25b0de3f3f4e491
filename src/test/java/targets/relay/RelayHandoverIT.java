package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import stack.TargetProcess;
import targets.relay.Servers.Running;
import targets.relay.message.Guarantee;

/** What a bridge or an adapter leaves to another one, when it is stopped, killed or not alone. */
@Timeout(90)
@SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
class RelayHandoverIT {
  @RegisterExtension static final Servers servers = new Servers();

  @Test
  void a_stopped_adapter_tells_its_streams_and_another_one_goes_on_exactly_there()
      throws Exception {
    try (Running bridge = servers.bridge(Guarantee.DURABLE);
        TargetProcess first =
            servers.adapterProcess(Guarantee.DURABLE, "drain", "300ms").awaitReady();
        Running second = servers.adapter(Guarantee.DURABLE);
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
    try (Running bridge = servers.bridge(Guarantee.CORE);
        Running adapter = servers.adapter(Guarantee.CORE, "drain", "20s");
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
      for (int round = 1; round <= 60; round++) {
        accepted += servers.producer(Guarantee.CORE).publishAtOnce(batch);
        if (round == 30) {
          stopped = CompletableFuture.runAsync(bridge::close);
        }
      }
      stopped.join();
      assertThat(accepted).isBetween(15_000L, 29_999L);
      nats.flush(null);
      long all = accepted;
      Servers.until(() -> received.get() >= all);
      assertThat(received).hasValue(all);
    }
  }

  @Test
  void core_a_bridge_that_is_stopped_while_nats_is_away_waits_for_it() throws Exception {
    Running bridge = servers.bridge(Guarantee.CORE, "drain", "20s");
    try (Connection nats = Nats.connect(servers.nats().url().toString())) {
      nats.jetStreamManagement()
          .addStream(
              StreamConfiguration.builder().name("RECEIVED").subjects("chat.waits.tokens").build());
    }
    servers.nats().kill();
    Servers.await(bridge.url(), "nats_losses", 1);
    servers.producer(Guarantee.CORE).publishAll("waits", 1, 50, 50, 0);
    Servers.await(bridge.url(), "messages_published", 50);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(bridge::close);
    servers.nats().restart();
    stopped.join();
    try (Connection nats = Nats.connect(servers.nats().url().toString())) {
      JetStreamManagement management = nats.jetStreamManagement();
      assertThat(management.getStreamInfo("RECEIVED").getStreamState().getMsgCount()).isEqualTo(50);
      management.deleteStream("RECEIVED");
    }
  }

  @Test
  void durable_of_two_bridges_one_is_killed_and_every_token_comes_once() throws Exception {
    TargetProcess one = servers.bridgeProcess(Guarantee.DURABLE, "lease", "500ms").awaitReady();
    TargetProcess two = servers.bridgeProcess(Guarantee.DURABLE, "lease", "500ms").awaitReady();
    AtomicReference<TargetProcess> left = new AtomicReference<>();
    try (Running adapter = servers.adapter(Guarantee.DURABLE)) {
      servers.assertEveryTokenArrivesOnce(
          "pair",
          adapter::url,
          () -> {
            boolean firstReads = Servers.count(one.url(), "shards") > 0;
            (firstReads ? one : two).kill();
            left.set(firstReads ? two : one);
          });
      // The killed one may have passed everything on: then its lease has yet to end.
      Servers.await(left.get().url(), "shards", Producer.SHARDS);
      assertThat(Servers.count(adapter.url(), "tokens_missing")).isZero();
    }
  }

  @Test
  void core_two_bridges_publish_everything_twice_and_the_adapter_counts_it() throws Exception {
    try (Running one = servers.bridge(Guarantee.CORE);
        Running two = servers.bridge(Guarantee.CORE);
        Running adapter = servers.adapter(Guarantee.CORE);
        Sse sse = Sse.live(adapter.url(), "twice")) {
      servers.producer(Guarantee.CORE).publishAll("twice", 1, 9, 10, 0);
      assertThat(Sse.sequences(sse.next(18))).filteredOn(sequence -> sequence == 5).hasSize(2);
      assertThat(Servers.count(adapter.url(), "tokens_late")).isEqualTo(9);
      assertThat(Servers.count(adapter.url(), "tokens_missing")).isZero();
    }
  }
}
