package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
import targets.auction.Bidders.Accepted;
import targets.auction.Bidders.Reply;

/** The bid service with a real Redis and a real NATS. */
@Timeout(120)
class BidsIT {
  private static final int USERS = 12;
  private static final int ENOUGH = 150;

  @TempDir static Path folder;

  private static final ExecutorService executor = Executors.newCachedThreadPool();

  private static AuctionStack stack;
  private static TargetProcess service;
  private static Bidders bidders;

  @BeforeAll
  static void start() {
    stack = AuctionStack.start(folder);
    service = stack.bids();
    bidders = new Bidders(service.url());
  }

  @AfterAll
  static void stop() {
    executor.shutdownNow();
    stack.close();
  }

  @Test
  void no_cent_is_lost_on_any_way() {
    bidders.make("cents");
    assertThat(bidders.bid("cents", "ann", "100.99").status()).isEqualTo(201);
    Reply lower = bidders.bid("cents", "bob", "100.98");
    assertThat(lower.status()).isEqualTo(200);
    assertThat(lower.json().get("success").asBoolean()).isFalse();
    assertThat(lower.decimal("current_bid")).isEqualTo(new BigDecimal("100.99"));
    Reply higher = bidders.bid("cents", "bob", "\"9007199254.13\"");
    assertThat(higher.decimal("previous_bid")).isEqualTo(new BigDecimal("100.99"));
    Reply item = bidders.get("cents");
    assertThat(item.decimal("current_bid")).isEqualTo(new BigDecimal("9007199254.13"));
    assertThat(item.text("highest_bidder_id")).isEqualTo("bob");
    AuctionStack.await(() -> stack.storedBids("cents").size() == 2);
    assertThat(stack.storedBids("cents").get(1).previousCents()).isEqualTo(10_099);
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
    assertThat(AuctionStack.metrics(narrow.url()).get("refused_requests").asLong()).isZero();
  }

  private static boolean allDecided(Bidders crowd, int client) {
    return IntStream.range(1, 100)
        .map(cents -> crowd.bid("crowd", "user" + client, cents + ".0" + client % 10).status())
        .allMatch(status -> status == 200 || status == 201);
  }

  @Test
  void a_bid_that_equals_the_price_loses() {
    bidders.make("equal");
    bidders.bid("equal", "ann", "5.00");
    assertThat(bidders.bid("equal", "bob", "5").status()).isEqualTo(200);
    assertThat(bidders.get("equal").text("highest_bidder_id")).isEqualTo("ann");
  }

  @Test
  void items_are_made_closed_opened_and_truly_reset() {
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
    AuctionStack.await(
        () ->
            stack.stored().stream()
                .filter(event -> event.itemId().equals("life"))
                .map(AuctionEvent::kind)
                .toList()
                .equals(
                    List.of(
                        EventKind.OPENED,
                        EventKind.BID,
                        EventKind.CLOSED,
                        EventKind.OPENED,
                        EventKind.RESET,
                        EventKind.BID)));
  }

  @Test
  void a_repetition_with_its_key_is_the_same_bid() {
    bidders.make("again");
    Reply first = bidders.bid("again", "ann", "7.50", "key-1");
    Reply second = bidders.bid("again", "ann", "7.50", "key-1");
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(bidders.bid("again", "ann", "8.50", "key-1").status()).isEqualTo(409);
    assertThat(bidders.get("again").json().get("sequence").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"user_id\":\"u\",\"amount\":-1}",
        "{\"user_id\":\"u\",\"amount\":0}",
        "{\"user_id\":\"u\",\"amount\":NaN}",
        "{\"user_id\":\"u\",\"amount\":1e308}",
        "{\"user_id\":\"u\",\"amount\":1e999999999}",
        "{\"user_id\":\"u\",\"amount\":1.000000000000000000000000000001}",
        "{\"user_id\":\"u\",\"amount\":\"a lot\"}",
        "{\"user_id\":\"u\",\"amount\":\"1e5\"}",
        "{\"user_id\":\"u\",\"amount\":true}",
        "{\"user_id\":\"u\",\"amount\":[1]}",
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
  void a_wrong_body_is_told_so_and_nothing_is_stored(String body) {
    bidders.make("wrong");
    Reply reply = bidders.post("wrong", body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("error")).isNotBlank().doesNotContain("Exception");
    assertThat(bidders.get("wrong").json().get("sequence").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a%27;DROP%20TABLE%20bids;--", "%22)%20redis.call(%27FLUSHALL%27)", "a.b", "a*"})
  void an_id_that_means_something_elsewhere_is_refused(String id) {
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
        bidders.send(
            bidders
                .request("huge", "/bid")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("user_id=u&amount=1")));
    assertThat(form.status()).isEqualTo(415);
    assertThat(bidders.get("huge").json().get("sequence").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lua", "optimistic"})
  void of_many_who_bid_at_once_each_wins_over_the_one_before(String strategy) {
    TargetProcess other = stack.bids("--strategy", strategy);
    Bidders many = new Bidders(other.url());
    String item = "many-" + strategy;
    many.make(item);
    AtomicInteger rounds = new AtomicInteger();
    List<Accepted> accepted = many.fight(item, USERS, () -> rounds.incrementAndGet() > 2000);
    assertThat(accepted).hasSizeGreaterThan(ENOUGH);
    everythingAcceptedIsStored(item, accepted);
    other.close();
  }

  @Test
  void while_redis_is_dead_or_frozen_nothing_is_accepted_and_503_comes_fast() {
    bidders.make("away");
    bidders.bid("away", "ann", "1");
    stack.redis().pause();
    long startNs = System.nanoTime();
    Reply frozen = bidders.bid("away", "ann", "2");
    assertThat(frozen.status()).isEqualTo(503);
    assertThat(System.nanoTime() - startNs).isLessThan(3_000_000_000L);
    stack.redis().resume();
    AuctionStack.await(() -> AuctionStack.status(service.url().resolve("/health")) == 200);
    stack.redis().kill();
    AuctionStack.await(() -> AuctionStack.status(service.url().resolve("/health")) == 503);
    Reply dead = bidders.bid("away", "ann", "3");
    assertThat(dead.status()).isEqualTo(503);
    assertThat(dead.text("decided")).isEqualTo("false");
    stack.redis().restart();
    AuctionStack.await(() -> AuctionStack.status(service.url().resolve("/health")) == 200);
    assertThat(bidders.bid("away", "ann", "4").status()).isEqualTo(201);
  }

  @Test
  void a_killed_redis_loses_no_accepted_bid() {
    fightWhile(
        "redis-dies",
        () -> {
          stack.redis().kill();
          stack.redis().restart();
        });
  }

  @Test
  void a_killed_nats_loses_no_accepted_bid_and_disturbs_no_bidder() {
    fightWhile(
        "nats-dies",
        () -> {
          stack.nats().kill();
          stack.nats().restart();
        });
  }

  @Test
  void a_killed_bid_service_loses_no_accepted_bid() {
    fightWhile(
        "service-dies",
        () -> {
          service.kill();
          service = stack.bids();
          bidders.turnTo(service.url());
        });
  }

  @Test
  void scripts_that_redis_has_forgotten_are_loaded_again() {
    bidders.make("forgotten");
    try (Jedis jedis = new Jedis(stack.redis().url())) {
      jedis.scriptFlush();
    }
    assertThat(bidders.bid("forgotten", "ann", "1").status()).isEqualTo(201);
  }

  /** Many bid, something happens in the middle, and then they bid on for a while. */
  private static void fightWhile(String item, Runnable happens) {
    bidders.make(item);
    AtomicInteger phase = new AtomicInteger();
    CompletableFuture<List<Accepted>> fight =
        CompletableFuture.supplyAsync(() -> bidders.fight(item, USERS, () -> phase.get() == 1));
    AuctionStack.await(() -> sequence(item) > ENOUGH);
    happens.run();
    long before = sequence(item);
    AuctionStack.await(() -> sequence(item) > before + ENOUGH);
    phase.set(1);
    everythingAcceptedIsStored(item, fight.join());
  }

  /** Redis, JetStream and what bidders were told say the same. */
  private static void everythingAcceptedIsStored(String item, List<Accepted> accepted) {
    long last = sequence(item);
    AuctionStack.await(
        () -> AuctionStack.metrics(service.url()).get("events_waiting").asLong() == 0);
    AuctionStack.await(
        () -> {
          List<AuctionEvent> stored = stack.storedBids(item);
          return !stored.isEmpty() && stored.get(stored.size() - 1).sequence() == last;
        });
    List<AuctionEvent> stored = stack.storedBids(item);
    for (int i = 0; i < stored.size(); i++) {
      assertThat(stored.get(i).sequence()).isEqualTo(i + 2);
      long before = i == 0 ? 0 : stored.get(i - 1).amountCents();
      assertThat(stored.get(i).previousCents()).isEqualTo(before);
      assertThat(stored.get(i).amountCents()).isGreaterThan(before);
    }
    assertThat(stored).extracting(AuctionEvent::eventId).doesNotHaveDuplicates();
    List<Accepted> ordered =
        accepted.stream().sorted(Comparator.comparing(Accepted::sequence)).toList();
    for (Accepted bid : ordered) {
      AuctionEvent event = stored.get((int) bid.sequence() - 2);
      assertThat(event.eventId()).isEqualTo(bid.eventId());
      assertThat(bid.amount()).isEqualByComparingTo(Cents.decimal(event.amountCents()));
      assertThat(bid.previous()).isEqualByComparingTo(Cents.decimal(event.previousCents()));
    }
  }

  /** Of the item's last event; waits until the service can tell. */
  private static long sequence(String item) {
    Reply reply = bidders.get(item);
    while (reply.status() != 200) {
      reply = bidders.get(item);
    }
    return reply.json().get("sequence").asLong();
  }

  private static long keys() {
    try (Jedis jedis = new Jedis(stack.redis().url())) {
      return jedis.dbSize();
    }
  }
}
