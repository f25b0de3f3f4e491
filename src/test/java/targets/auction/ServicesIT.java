package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import targets.auction.AuctionEvent.Kind;
import targets.auction.Bidders.Reply;
import targets.auction.broadcast.BroadcastServer;
import targets.shared.JdkClient;
import targets.shared.RunningTarget;
import testing.Await;
import testing.RawWebSocket;

/** The bid and the broadcast service with a real Redis and a real NATS. */
@Timeout(120)
class ServicesIT {
  private static final int BIG = 20_000;

  @RegisterExtension static final AuctionStack stack = new AuctionStack();
  private static RunningTarget bids;
  private static RunningTarget broadcast;
  private static Bidders bidders;

  @BeforeAll
  static void start() {
    bids = stack.bids();
    broadcast = stack.inProcess(BroadcastServer.SPEC, List.of(stack.natsSetting()));
    bidders = new Bidders(bids.port());
    broadcast.awaitHealth(200);
  }

  @Test
  void a_bid_must_be_higher_no_cent_is_lost_and_code_in_a_name_is_only_a_name() throws Exception {
    bidders.make("cents");
    assertThat(bidders.bid("cents", "ann", "100.99").status()).isEqualTo(201);
    Reply lower = bidders.bid("cents", "bob", "100.98");
    assertThat(lower.status()).isEqualTo(200);
    assertThat(lower.json().get("success").asBoolean()).isFalse();
    assertThat(lower.decimal("current_bid")).isEqualTo(new BigDecimal("100.99"));
    assertThat(bidders.bid("cents", "bob", "100.99").status()).isEqualTo(200);
    assertThat(bidders.get("cents").text("highest_bidder_id")).isEqualTo("ann");
    String code = "'); redis.call('FLUSHALL') --";
    Reply higher = bidders.bid("cents", code, "\"9007199254.13\"");
    assertThat(higher.decimal("previous_bid")).isEqualTo(new BigDecimal("100.99"));
    Reply item = bidders.get("cents");
    assertThat(item.decimal("current_bid")).isEqualTo(new BigDecimal("9007199254.13"));
    assertThat(item.text("highest_bidder_id")).isEqualTo(code);
    assertThat(stack.awaitBids("cents", 3).get(1).previousCents()).isEqualTo(10_099);
  }

  @Test
  void more_clients_than_threads_wait_and_none_is_refused() {
    try (RunningTarget narrow = stack.bids("threads=2")) {
      Bidders crowd = new Bidders(narrow.port());
      crowd.make("crowd");
      AtomicInteger bidsLeft = new AtomicInteger(1_600);
      crowd.fight("crowd", 16, () -> bidsLeft.decrementAndGet() < 0);
      JsonNode metrics = narrow.metrics();
      assertThat(metrics.get("refused_requests").asLong()).isZero();
      assertThat(metrics.get("bids").asLong()).isEqualTo(1_600);
      assertThat(metrics.get("accepted").asLong() + metrics.get("rejected").asLong())
          .isEqualTo(1_600);
    }
  }

  @Test
  void items_are_created_closed_opened_and_reset() throws Exception {
    assertThat(bidders.get("life").status()).isEqualTo(404);
    assertThat(bidders.bid("life", "ann", "5").status()).isEqualTo(404);
    assertThat(bidders.make("life").status()).isEqualTo(201);
    assertThat(bidders.make("life").status()).isEqualTo(200);
    bidders.bid("life", "ann", "5");
    assertThat(bidders.change("life", "close").text("status")).isEqualTo("closed");
    assertThat(bidders.bid("life", "ann", "6").status()).isEqualTo(409);
    assertThat(bidders.change("life", "open").text("status")).isEqualTo("open");
    assertThat(bidders.change("life", "reset").decimal("current_bid")).isZero();
    assertThat(bidders.get("life").json().get("highest_bidder_id").isNull()).isTrue();
    Reply low = bidders.bid("life", "bob", "0.01");
    assertThat(low.status()).isEqualTo(201);
    assertThat(low.decimal("previous_bid")).isZero();
    assertThat(bidders.change("nothing", "reset").status()).isEqualTo(404);
    stack.awaitBids("life", 6);
    assertThat(stack.stored("life"))
        .extracting(AuctionEvent::kind)
        .containsExactly(Kind.OPENED, Kind.BID, Kind.CLOSED, Kind.OPENED, Kind.RESET, Kind.BID);
  }

  @Test
  void a_repetition_with_its_key_is_the_same_bid() {
    bidders.make("again");
    Reply first = bidders.bid("again", "ann", "7.50", "Idempotency-Key", "key-1");
    Reply second = bidders.bid("again", "ann", "7.50", "Idempotency-Key", "key-1");
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(bidders.bid("again", "ann", "8.50", "Idempotency-Key", "key-1").status())
        .isEqualTo(409);
    assertThat(bidders.get("again").sequence()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"user_id\":\"u\",\"amount\":NaN}",
        "{\"user_id\":\"u\",\"amount\":\"a lot\"}",
        "{\"user_id\":\"u\"}",
        "{\"amount\":1}",
        "{\"user_id\":7,\"amount\":1}",
        "{\"user_id\":\"\",\"amount\":1}",
        "{\"user_id\":\"a\\u0000b\",\"amount\":1}",
        "{\"user_id\":\"u\",\"amount\":1,\"amount\":2}",
        "{\"user_id\":\"u\",\"amount\":1} {}",
        "[]",
        "",
        "{"
      })
  void a_wrong_body_is_refused_and_nothing_is_stored(String body) {
    bidders.make("wrong");
    Reply reply = bidders.post("wrong", body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("error")).isNotBlank().doesNotContain("Exception");
    assertThat(bidders.get("wrong").sequence()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a%27;DROP%20TABLE%20bids;--", "%22)%20redis.call(%27FLUSHALL%27)", "a.b", "a*"})
  void an_id_with_special_characters_is_refused(String id) {
    long keys = keys();
    assertThat(bidders.make(id).status()).isEqualTo(400);
    assertThat(bidders.bid(id, "u", "1").status()).isEqualTo(400);
    assertThat(keys()).isEqualTo(keys);
  }

  @Test
  void a_huge_body_and_another_type_are_refused() {
    bidders.make("huge");
    String body = "{\"user_id\":\"" + "u".repeat(1 << 20) + "\",\"amount\":1}";
    assertThat(bidders.post("huge", body).status()).isIn(413, 0);
    Reply form =
        bidders.post(
            "huge", "user_id=u&amount=1", "Content-Type", "application/x-www-form-urlencoded");
    assertThat(form.status()).isEqualTo(415);
    assertThat(bidders.get("huge").sequence()).isEqualTo(1);
  }

  @Test
  void while_redis_is_dead_or_frozen_nothing_is_accepted_and_503_comes_in_time() {
    bidders.make("away");
    bidders.bid("away", "ann", "1");
    stack.redis().pause();
    assertThat(bidders.bid("away", "ann", "2").status()).isEqualTo(503);
    stack.redis().resume();
    bids.awaitHealth(200);
    stack.redis().kill();
    bids.awaitHealth(503);
    Reply dead = bidders.bid("away", "ann", "3");
    assertThat(dead.status()).isEqualTo(503);
    assertThat(dead.text("decided")).isEqualTo("false");
    stack.redis().restart();
    bids.awaitHealth(200);
    assertThat(bidders.bid("away", "ann", "4").status()).isEqualTo(201);
  }

  @Test
  void scripts_that_redis_has_dropped_are_loaded_again() {
    bidders.make("dropped");
    try (Jedis jedis = new Jedis(stack.redis().url())) {
      jedis.scriptFlush();
    }
    assertThat(bidders.bid("dropped", "ann", "1").status()).isEqualTo(201);
  }

  private static long keys() {
    try (Jedis jedis = new Jedis(stack.redis().url())) {
      return jedis.dbSize();
    }
  }

  @Test
  void a_viewer_receives_a_welcome_the_state_and_then_every_event() throws Exception {
    bidders.make("one");
    bidders.bid("one", "ann", "1.50");
    stack.awaitBids("one", 2);
    try (JdkClient viewer = watch("one")) {
      assertThat(viewer.next().toString())
          .matches("\\{\"type\":\"connected\",\"itemId\":\"one\",\"clientId\":\"\\w+\"}");
      assertThat(viewer.next())
          .hasToString(
              "{\"type\":\"state\",\"itemId\":\"one\",\"sequence\":2,\"current_bid\":1.5,"
                  + "\"highest_bidder_id\":\"ann\",\"status\":\"open\"}");
      bidders.bid("one", "bob", "2");
      bidders.change("one", "close");
      JsonNode bid = viewer.next();
      assertThat(bid.get("sequence").asLong()).isEqualTo(3);
      assertThat(bid.get("user_id").asText()).isEqualTo("bob");
      assertThat(viewer.next().get("sequence").asLong()).isEqualTo(4);
      assertThat(viewers("one")).isEqualTo(1);
    }
    Await.until(() -> viewers("one") == 0);
  }

  @Test
  void a_viewer_that_does_not_read_is_dropped_and_counted_and_delays_no_other() throws Exception {
    bidders.make("slow");
    stack.awaitBids("slow", 1);
    try (RawWebSocket frozen = raw("slow");
        JdkClient fast = watch("slow")) {
      assertThat(frozen.isOpen()).isTrue();
      Await.until(() -> viewers("slow") == 2);
      List<Long> seen = new ArrayList<>();
      for (int first = 1; first <= 600; first += 2) {
        // Two fit into an outbox, so that the other viewer is not too slow.
        stack.publish("slow", large("slow", first), large("slow", first + 1));
        seen.addAll(AuctionStack.sequences(fast, first + 2L));
      }
      Await.until(() -> broadcast.metrics().get("slow_viewers").asLong() == 1);
      assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 601).boxed().toList());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/ws/items/a.b, 400",
    "/ws/items/, 400",
    "/ws/items/a%27%3B--, 400",
    "/stats/items/*, 400",
    "/ws/items/a, 426",
    "/nothing, 404"
  })
  void a_wrong_id_a_request_without_an_upgrade_and_an_unknown_path_are_refused(
      String path, int status) {
    assertThat(broadcast.get(path).statusCode()).isEqualTo(status);
  }

  @Test
  void a_frame_that_is_too_long_closes_with_its_reason() throws Exception {
    try (RawWebSocket viewer = raw("malformed")) {
      viewer.sendHead(RawWebSocket.TEXT, 1025);
      assertThat(viewer.closeCode()).isEqualTo(1009);
    }
    Await.until(() -> viewers("malformed") == 0);
  }

  /** Returns a large event, as no bid service makes it. */
  private static byte[] large(String item, int bid) {
    String id = bid + "-" + "x".repeat(BIG);
    return new AuctionEvent(
            AuctionEvent.Kind.BID, id, item, bid + 1L, "b" + bid, "ann", bid + 1L, bid, 0)
        .json();
  }

  private static RawWebSocket raw(String item) throws IOException {
    URI url = URI.create("http://127.0.0.1:" + broadcast.port() + "/ws/items/" + item);
    return RawWebSocket.open(url, Optional.empty(), 4096, Duration.ofSeconds(10));
  }

  private static JdkClient watch(String item) {
    return new JdkClient(broadcast.port(), "/ws/items/" + item);
  }

  private static int viewers(String item) {
    return RunningTarget.json(broadcast.get("/stats/items/" + item).body())
        .get("subscribers")
        .asInt();
  }
}
