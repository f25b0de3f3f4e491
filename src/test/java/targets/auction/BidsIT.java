package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import stack.TargetProcess;
import targets.auction.AuctionEvent.Kind;
import targets.auction.Bidders.Reply;

/** The bid service with a real Redis and a real NATS. */
@Timeout(120)
class BidsIT {
  @TempDir static Path folder;

  private static final ExecutorService executor = Executors.newCachedThreadPool();

  private static AuctionStack stack;
  private static TargetProcess service;
  private static Bidders bidders;

  @BeforeAll
  static void start() {
    stack = new AuctionStack(folder);
    service = stack.bids();
    bidders = new Bidders(service.url());
  }

  @AfterAll
  static void stop() {
    executor.shutdownNow();
    stack.close();
  }

  @Test
  void a_bid_must_be_higher_and_no_cent_is_lost() {
    bidders.make("cents");
    assertThat(bidders.bid("cents", "ann", "100.99").status()).isEqualTo(201);
    Reply lower = bidders.bid("cents", "bob", "100.98");
    assertThat(lower.status()).isEqualTo(200);
    assertThat(lower.json().get("success").asBoolean()).isFalse();
    assertThat(lower.decimal("current_bid")).isEqualTo(new BigDecimal("100.99"));
    assertThat(bidders.bid("cents", "bob", "100.99").status()).isEqualTo(200);
    assertThat(bidders.get("cents").text("highest_bidder_id")).isEqualTo("ann");
    Reply higher = bidders.bid("cents", "bob", "\"9007199254.13\"");
    assertThat(higher.decimal("previous_bid")).isEqualTo(new BigDecimal("100.99"));
    Reply item = bidders.get("cents");
    assertThat(item.decimal("current_bid")).isEqualTo(new BigDecimal("9007199254.13"));
    assertThat(item.text("highest_bidder_id")).isEqualTo("bob");
    assertThat(stack.awaitBids("cents", 3).get(1).previousCents()).isEqualTo(10_099);
  }

  @Test
  void more_clients_than_threads_wait_and_none_is_refused() {
    TargetProcess narrow = stack.bids("--threads", "2");
    Bidders crowd = new Bidders(narrow.url());
    crowd.make("crowd");
    List<CompletableFuture<Boolean>> clients =
        IntStream.range(0, 16)
            .mapToObj(
                client -> CompletableFuture.supplyAsync(() -> allDecided(crowd, client), executor))
            .toList();
    assertThat(clients).allMatch(CompletableFuture::join);
    assertThat(AuctionStack.json(narrow, "/metrics").get("refused_requests").asLong()).isZero();
  }

  private static boolean allDecided(Bidders crowd, int client) {
    return IntStream.range(1, 100)
        .map(cents -> crowd.bid("crowd", "user" + client, cents + ".0" + client % 10).status())
        .allMatch(status -> status == 200 || status == 201);
  }

  @Test
  void items_are_created_closed_opened_and_reset() {
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
    assertThat(bidders.get("again").json().get("sequence").asInt()).isEqualTo(2);
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
    assertThat(bidders.get("wrong").json().get("sequence").asInt()).isEqualTo(1);
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
  void lua_and_sql_in_a_name_are_only_a_name() {
    bidders.make("name");
    String name = "'); redis.call('FLUSHALL') --";
    assertThat(bidders.bid("name", name, "3").status()).isEqualTo(201);
    assertThat(bidders.get("name").text("highest_bidder_id")).isEqualTo(name);
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
    assertThat(bidders.get("huge").json().get("sequence").asInt()).isEqualTo(1);
  }

  @Test
  void while_redis_is_dead_or_frozen_nothing_is_accepted_and_503_comes_fast() {
    bidders.make("away");
    bidders.bid("away", "ann", "1");
    stack.redis.pause();
    long startNs = System.nanoTime();
    Reply frozen = bidders.bid("away", "ann", "2");
    assertThat(frozen.status()).isEqualTo(503);
    assertThat(System.nanoTime() - startNs).isLessThan(3_000_000_000L);
    stack.redis.resume();
    AuctionStack.await(() -> AuctionStack.status(service, "/health") == 200);
    stack.redis.kill();
    AuctionStack.await(() -> AuctionStack.status(service, "/health") == 503);
    Reply dead = bidders.bid("away", "ann", "3");
    assertThat(dead.status()).isEqualTo(503);
    assertThat(dead.text("decided")).isEqualTo("false");
    stack.redis.restart();
    AuctionStack.await(() -> AuctionStack.status(service, "/health") == 200);
    assertThat(bidders.bid("away", "ann", "4").status()).isEqualTo(201);
  }

  @Test
  void scripts_that_redis_has_dropped_are_loaded_again() {
    bidders.make("dropped");
    try (Jedis jedis = new Jedis(stack.redis.url())) {
      jedis.scriptFlush();
    }
    assertThat(bidders.bid("dropped", "ann", "1").status()).isEqualTo(201);
  }

  private static long keys() {
    try (Jedis jedis = new Jedis(stack.redis.url())) {
      return jedis.dbSize();
    }
  }
}
