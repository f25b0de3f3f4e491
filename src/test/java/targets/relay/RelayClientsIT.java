package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stack.TargetProcess;
import targets.relay.message.Guarantee;
import targets.shared.RunningTarget;

/** Clients that are slow, silent conversations, and browsers. */
@Timeout(90)
class RelayClientsIT {
  @RegisterExtension static final Servers servers = new Servers();
  private static RunningTarget durableBridge;

  @BeforeAll
  static void start() {
    servers.bridge(Guarantee.CORE);
    durableBridge = servers.bridge(Guarantee.DURABLE);
  }

  @Test
  void core_closes_a_client_that_reads_nothing_and_the_others_get_everything() throws IOException {
    try (RunningTarget adapter =
            servers.adapter(Guarantee.CORE, "outbox=256KiB", "client-stall=20s");
        Sse slow = Sse.slow(adapter.url(), "slow");
        Sse quick = Sse.live(adapter.url(), "slow")) {
      List<Long> got = new ArrayList<>();
      for (int first = 1; first <= 2000; first += 10) {
        servers.producer(Guarantee.CORE).publishLarge("slow", first, first + 9, 2000);
        while (got.size() < first + 9) {
          got.add(quick.next().sequence());
        }
      }
      assertThat(got).isEqualTo(Sse.range(1, 2000));
      Servers.await(adapter.url(), "ended/slow", 1);
      Servers.await(adapter.url(), "ended/done", 1);
      assertThat(Servers.count(adapter.url(), "clients_slowed")).isPositive();
      List<Sse.Event> received = slow.rest();
      int tokens = received.size() - 1;
      assertThat(Sse.sequences(received)).isEqualTo(Sse.range(1, tokens)).hasSizeLessThan(2000);
      assertThat(received.get(tokens).data()).contains("more than 262144 bytes");
    }
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void a_token_larger_than_the_outbox_is_no_reason_to_close_a_client_that_reads(Guarantee delivery)
      throws IOException {
    try (RunningTarget adapter = servers.adapter(delivery, "outbox=64KiB");
        Sse quick = Sse.live(adapter.url(), "large")) {
      Producer producer = servers.producer(delivery);
      String large = "x".repeat(1_000_000);
      producer.publish("large", Producer.json("large", 1, false).replace("t1 ", large));
      assertThat(quick.next().json().get("token").asText()).isEqualTo(large);
      producer.publishAll("large", 2, 2, 2, 0);
      assertThat(quick.restOfSequences()).containsExactly(2L);
    }
  }

  @Test
  void durable_waits_for_a_client_that_stalls_and_it_gets_everything_once() throws IOException {
    int tokens = 6000;
    // The conversation's 49 MB would not fit into what the adapter has.
    try (TargetProcess adapter = servers.adapterProcess(Guarantee.DURABLE).awaitReady();
        Sse slow = Sse.slow(adapter.url(), "stalls")) {
      adapter.pause(); // What it missed meanwhile comes to it at once.
      servers.producer(Guarantee.DURABLE).publishLarge("stalls", 1, tokens, tokens);
      Servers.await(durableBridge.url(), "messages_published", now -> now >= tokens);
      adapter.resume();
      Servers.await(adapter.url(), "clients_slowed", now -> now > 0);
      List<Sse.Event> received = slow.rest();
      assertThat(Sse.sequences(received)).isEqualTo(Sse.range(1, tokens));
      assertThat(received).extracting(Sse.Event::name).doesNotContain("error");
      Servers.await(adapter.url(), "ended/done", 1);
    }
  }

  @Test
  void durable_closes_a_client_that_stalls_too_long_and_it_resumes_where_it_was()
      throws IOException {
    try (RunningTarget patient = servers.adapter(Guarantee.DURABLE);
        RunningTarget adapter = servers.adapter(Guarantee.DURABLE, "client-stall=400ms");
        Sse slow = Sse.slow(adapter.url(), "gone")) {
      servers.producer(Guarantee.DURABLE).publishLarge("gone", 1, 1000, 1000);
      Servers.await(adapter.url(), "ended/slow", 1);
      List<Sse.Event> received = slow.rest();
      int got = Sse.sequences(received).size();
      assertThat(Sse.sequences(received)).isEqualTo(Sse.range(1, got)).hasSizeLessThan(1000);
      assertThat(received)
          .filteredOn(event -> event.name().equals("error"))
          .allMatch(event -> event.data().contains("takes nothing for 400 ms"));
      try (Sse again = Sse.open(patient.url(), "gone", got)) {
        assertThat(again.restOfSequences()).isEqualTo(Sse.range(got + 1, 1000));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void a_stream_without_a_token_is_kept_alive_and_then_ended_with_an_error(Guarantee delivery)
      throws IOException {
    try (RunningTarget adapter =
            servers.adapter(delivery, "first-token=450ms", "keep-alive=100ms");
        Sse sse = Sse.open(adapter.url(), "silent", 0)) {
      List<Sse.Event> events = sse.rest();
      assertThat(events.get(0).data()).isEqualTo("connected to silent");
      Sse.Event last = events.get(events.size() - 1);
      assertThat(last.name()).isEqualTo("error");
      assertThat(last.json().get("error").asText()).isEqualTo("no token came within 450 ms");
      assertThat(events.subList(1, events.size() - 1))
          .hasSizeBetween(1, 4)
          .containsOnly(new Sse.Event(":", "", "keep-alive"));
      Servers.await(adapter.url(), "ended/timed_out", 1);
    }
  }

  @Test
  void a_stream_that_got_a_token_is_kept_alive_for_as_long_as_its_client_wants()
      throws IOException {
    try (RunningTarget adapter =
            servers.adapter(Guarantee.CORE, "first-token=2s", "keep-alive=150ms");
        Sse sse = Sse.live(adapter.url(), "thinks")) {
      servers.producer(Guarantee.CORE).publishAll("thinks", 1, 1, 2, 0);
      long startNs = System.nanoTime();
      List<String> names = new ArrayList<>();
      while (System.nanoTime() - startNs < 2_200_000_000L) {
        names.add(sse.next().name());
      }
      assertThat(names).containsOnlyOnce("token").containsOnly("token", ":");
    }
  }
}
