package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import stack.TargetProcess;
import testing.RawWebSocket;
import testing.Violation;

/** The broadcast service with a real NATS, and bids from a real bid service. */
@Timeout(120)
class BroadcastIT {
  private static final int BIG = 20_000;

  @TempDir static Path folder;

  private static AuctionStack stack;
  private static Bidders bidders;
  private static TargetProcess broadcast;

  @BeforeAll
  static void start() {
    stack = new AuctionStack(folder);
    bidders = new Bidders(stack.bids().url());
    broadcast = stack.launch("broadcast");
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void a_viewer_receives_a_welcome_the_state_and_then_every_event() {
    bidders.make("one");
    bidders.bid("one", "ann", "1.50");
    stack.awaitBids("one", 2);
    try (ItemViewer viewer = watch("one")) {
      AuctionStack.await(() -> viewer.messages().size() == 2);
      JsonNode welcome = viewer.messages().get(0);
      assertThat(welcome.get("type").asText()).isEqualTo("connected");
      assertThat(welcome.get("itemId").asText()).isEqualTo("one");
      assertThat(welcome.get("clientId").asText()).isNotBlank();
      JsonNode state = viewer.messages().get(1);
      assertThat(state.get("current_bid").asText()).isEqualTo("1.5");
      assertThat(state.get("highest_bidder_id").asText()).isEqualTo("ann");
      bidders.bid("one", "bob", "2");
      bidders.change("one", "close");
      viewer.await(4);
      assertThat(viewer.sequences()).containsExactly(2L, 3L, 4L);
      assertThat(viewer.messages().get(2).get("user_id").asText()).isEqualTo("bob");
      assertThat(stats("one")).isEqualTo(1);
    }
    AuctionStack.await(() -> stats("one") == 0);
  }

  @Test
  void a_viewer_that_does_not_read_is_dropped_and_counted_and_delays_no_other() throws IOException {
    bidders.make("slow");
    stack.awaitBids("slow", 1);
    try (RawWebSocket frozen = raw("slow");
        ItemViewer fast = watch("slow")) {
      assertThat(frozen.isOpen()).isTrue();
      AuctionStack.await(() -> stats("slow") == 2);
      for (int first = 1; first <= 600; first += 2) {
        // Two fit into an outbox, so that the other viewer is not too slow.
        stack.publish("slow", large("slow", first), large("slow", first + 1));
        fast.await(first + 2L);
      }
      AuctionStack.await(
          () -> AuctionStack.json(broadcast, "/metrics").get("slow_viewers").asLong() == 1);
      assertThat(fast.sequences()).isEqualTo(LongStream.rangeClosed(1, 601).boxed().toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ws/items/a.b", "/ws/items/", "/ws/items/a%27%3B--", "/stats/items/*"})
  void an_id_with_special_characters_is_refused(String path) {
    assertThat(AuctionStack.status(broadcast, path)).isEqualTo(400);
  }

  @Test
  void a_request_without_an_upgrade_is_refused() {
    assertThat(AuctionStack.status(broadcast, "/ws/items/a")).isEqualTo(426);
    assertThat(AuctionStack.status(broadcast, "/nothing")).isEqualTo(404);
  }

  static Stream<Violation> violations() {
    return Stream.concat(
        Violation.FRAMES.stream().filter(violation -> violation.code() == 1002),
        Stream.of(
            new Violation("too long", 1009, socket -> socket.sendHead(RawWebSocket.TEXT, 1025))));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void a_malformed_frame_closes_with_its_reason(Violation violation) throws IOException {
    try (RawWebSocket viewer = raw("malformed")) {
      violation.act().by(viewer);
      assertThat(viewer.closeCode()).isEqualTo(violation.code());
    }
    AuctionStack.await(() -> stats("malformed") == 0);
  }

  /** Returns a large event, as no bid service makes it. */
  private static byte[] large(String item, int bid) {
    String id = bid + "-" + "x".repeat(BIG);
    return new AuctionEvent(
            AuctionEvent.Kind.BID, id, item, bid + 1L, "b" + bid, "ann", bid + 1L, bid, 0)
        .json();
  }

  private static RawWebSocket raw(String item) throws IOException {
    URI url = broadcast.url().resolve("/ws/items/" + item);
    return RawWebSocket.open(url, Optional.empty(), 4096, Duration.ofSeconds(10));
  }

  private static ItemViewer watch(String item) {
    return new ItemViewer(broadcast.url(), item);
  }

  private static int stats(String item) {
    return AuctionStack.json(broadcast, "/stats/items/" + item).get("subscribers").asInt();
  }
}
