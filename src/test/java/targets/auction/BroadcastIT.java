package targets.auction;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stack.TargetProcess;
import targets.auction.Bidders.Accepted;
import targets.shared.Json;

/** The broadcast service with a real NATS, and bids from a real bid service. */
@Timeout(120)
class BroadcastIT {
  private static final int USERS = 4;
  private static final int VIEWERS = 30;
  private static final int BIG = 20_000;

  @TempDir static Path folder;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static AuctionStack stack;
  private static Bidders bidders;
  private static TargetProcess broadcast;

  @BeforeAll
  static void start() {
    stack = AuctionStack.start(folder);
    bidders = new Bidders(stack.bids().url());
    broadcast = stack.launch("broadcast", List.of());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void a_viewer_is_welcomed_gets_the_state_and_then_every_event() {
    bidders.make("one");
    bidders.bid("one", "ann", "1.50");
    AuctionStack.await(() -> stack.stored().stream().anyMatch(of("one", 2)));
    try (Watcher watcher = watch("one")) {
      AuctionStack.await(() -> watcher.told().size() == 2);
      JsonNode welcome = watcher.told().get(0);
      assertThat(welcome.get("type").asText()).isEqualTo("connected");
      assertThat(welcome.get("itemId").asText()).isEqualTo("one");
      assertThat(welcome.get("clientId").asText()).isNotBlank();
      JsonNode state = watcher.told().get(1);
      assertThat(state.get("current_bid").asText()).isEqualTo("1.5");
      assertThat(state.get("highest_bidder_id").asText()).isEqualTo("ann");
      bidders.bid("one", "bob", "2");
      bidders.change("one", "close");
      AuctionStack.await(() -> watcher.last() == 4);
      assertThat(watcher.sequences()).containsExactly(2L, 3L, 4L);
      assertThat(watcher.told().get(2).get("user_id").asText()).isEqualTo("bob");
      assertThat(stats("one")).isEqualTo(1);
    }
    AuctionStack.await(() -> stats("one") == 0);
  }

  @Test
  void whoever_comes_in_the_middle_gets_exactly_what_follows_the_state() {
    everyViewerSeesEverything("middle", () -> {});
  }

  @Test
  void a_killed_nats_loses_and_repeats_nothing() {
    everyViewerSeesEverything(
        "nats-dies",
        () -> {
          stack.nats().kill();
          stack.nats().restart();
        });
  }

  @Test
  void a_frozen_broadcast_service_catches_up() {
    everyViewerSeesEverything(
        "frozen",
        () -> {
          broadcast.pause();
          long at = sequence("frozen");
          AuctionStack.await(() -> sequence("frozen") > at + 50);
          broadcast.resume();
        });
  }

  @Test
  void after_a_kill_the_next_service_knows_the_state() {
    bidders.make("killed");
    TargetProcess first = stack.launch("broadcast", List.of());
    Watcher before = new Watcher(HTTP, first.url(), "killed");
    AuctionStack.await(() -> before.last() == 1);
    first.kill();
    bidders.bid("killed", "ann", "3");
    AuctionStack.await(() -> stack.stored().stream().anyMatch(of("killed", 2)));
    assertThat(before.closed().join()).isNotBlank();
    TargetProcess second = stack.launch("broadcast", List.of());
    try (Watcher after = new Watcher(HTTP, second.url(), "killed")) {
      AuctionStack.await(() -> after.last() == 2);
    }
    second.close();
  }

  @Test
  void a_viewer_that_does_not_read_is_dropped_and_counted_and_disturbs_nobody() throws Exception {
    bidders.make("slow");
    AuctionStack.await(() -> stack.stored().stream().anyMatch(of("slow", 1)));
    try (Socket frozen = new Socket();
        Watcher fast = watch("slow")) {
      frozen.setReceiveBufferSize(4096);
      frozen.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), broadcast.url().getPort()));
      frozen.getOutputStream().write(handshake("slow"));
      AuctionStack.await(() -> stats("slow") == 2);
      for (int first = 1; first <= 600; first += 2) {
        flood("slow", first, 2); // Two fit into an outbox, so that nobody else is too slow.
        long last = first + 2L;
        AuctionStack.await(() -> fast.last() == last);
      }
      AuctionStack.awaitMetrics(broadcast.url(), now -> now.get("slow_viewers").asLong() == 1);
      assertThat(fast.sequences()).isEqualTo(LongStream.rangeClosed(1, 601).boxed().toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ws/items/a.b", "/ws/items/", "/ws/items/a%27%3B--", "/stats/items/*"})
  void an_id_that_means_something_elsewhere_is_refused(String path) throws Exception {
    assertThat(status(path)).isEqualTo(400);
  }

  @Test
  void a_request_without_an_upgrade_is_told_what_is_missing() throws Exception {
    assertThat(status("/ws/items/a")).isEqualTo(426);
    assertThat(status("/nothing")).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "81 05 68 65 6c 6c 6f, 1002", // not masked
    "f1 80 00 00 00 00, 1002", // reserved bits
    "83 80 00 00 00 00, 1002", // an opcode that nobody has
    "81 fe ff ff 00 00 00 00, 1009" // too long
  })
  void a_malformed_frame_closes_with_its_reason(String hex, int status) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), broadcast.url().getPort())) {
      socket.getOutputStream().write(handshake("malformed"));
      InputStream in = socket.getInputStream();
      AuctionStack.await(() -> stats("malformed") > 0);
      for (String octet : hex.split(" ", -1)) {
        socket.getOutputStream().write(Integer.parseInt(octet, 16));
      }
      byte[] all = in.readAllBytes();
      int close = lastIndexOf(all, (byte) 0x88);
      int code = ((all[close + 2] & 0xff) << 8) | (all[close + 3] & 0xff);
      assertThat(code).isEqualTo(status);
    }
    AuctionStack.await(() -> stats("malformed") == 0);
  }

  @ParameterizedTest
  @CsvSource({"lost-event", "duplicate-event", "events-out-of-order"})
  void a_planted_mistake_shows_in_the_sequences(String defect) {
    TargetProcess wrong = stack.launch("broadcast", List.of("--defect", defect));
    bidders.make(defect);
    AuctionStack.await(() -> stack.stored().stream().anyMatch(of(defect, 1)));
    try (Watcher watcher = new Watcher(HTTP, wrong.url(), defect)) {
      AuctionStack.await(() -> watcher.last() == 1);
      for (int bid = 1; bid <= 12; bid++) {
        bidders.bid(defect, "ann", Integer.toString(bid));
      }
      AuctionStack.await(() -> watcher.last() == 13);
      List<Long> right = LongStream.rangeClosed(1, 13).boxed().toList();
      List<Long> seen = watcher.sequences();
      assertThat(seen).isNotEqualTo(right);
      assertThat(seen.contains(11L)).isEqualTo(!defect.equals("lost-event"));
      int more = defect.equals("duplicate-event") ? 1 : 0;
      int fewer = defect.equals("lost-event") ? 1 : 0;
      assertThat(seen).hasSize(13 + more - fewer);
    }
    wrong.close();
  }

  /** Bidders fight; viewers come all the time, and in the middle something happens. */
  private static void everyViewerSeesEverything(String item, Runnable happens) {
    bidders.make(item);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<List<Accepted>> fight =
        CompletableFuture.supplyAsync(() -> bidders.fight(item, USERS, over::get));
    List<Watcher> watchers = new ArrayList<>();
    for (int i = 0; i < VIEWERS; i++) {
      watchers.add(watch(item));
    }
    AuctionStack.await(() -> sequence(item) > 100);
    happens.run();
    long at = sequence(item);
    AuctionStack.await(() -> sequence(item) > at + 50);
    // While NATS is away, newcomers get a 503.
    AuctionStack.await(() -> AuctionStack.status(broadcast.url().resolve("/health")) == 200);
    watchers.add(watch(item));
    over.set(true);
    fight.join();
    long last = sequence(item);
    for (Watcher watcher : watchers) {
      AuctionStack.await(() -> watcher.last() == last);
      List<Long> sequences = watcher.sequences();
      assertThat(sequences)
          .isEqualTo(LongStream.rangeClosed(sequences.get(0), last).boxed().toList());
      watcher.close();
    }
  }

  /** Events with much in them, as no bid service makes them. */
  private static void flood(String item, int first, int count) throws Exception {
    Connection connection = Nats.connect(stack.nats().url().toString());
    try {
      for (int i = first; i < first + count; i++) {
        String id = i + "-" + "x".repeat(BIG);
        AuctionEvent event =
            new AuctionEvent(EventKind.BID, id, item, i + 1L, "b" + i, "ann", i + 1L, i, 0);
        connection.jetStream().publish(Names.stored(item), event.json());
      }
    } finally {
      connection.close();
    }
  }

  private static byte[] handshake(String item) {
    return ("GET /ws/items/"
            + item
            + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        .getBytes(US_ASCII);
  }

  private static int lastIndexOf(byte[] all, byte value) {
    int index = all.length - 1;
    while (all[index] != value) {
      index--;
    }
    return index;
  }

  private static Predicate<AuctionEvent> of(String item, long sequence) {
    return event -> event.itemId().equals(item) && event.sequence() == sequence;
  }

  private static Watcher watch(String item) {
    return new Watcher(HTTP, broadcast.url(), item);
  }

  private static long sequence(String item) {
    return bidders.get(item).json().path("sequence").asLong();
  }

  private static int stats(String item) {
    try {
      URI url = broadcast.url().resolve("/stats/items/" + item);
      String json = HTTP.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
      return Json.MAPPER.readTree(json).get("subscribers").asInt();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static int status(String path) throws Exception {
    URI url = broadcast.url().resolve(path);
    return HTTP.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding()).statusCode();
  }
}
