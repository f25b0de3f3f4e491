package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.Served;
import simulations.run.Options;
import simulations.run.Recording;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import testing.Await;
import verdict.BidAudit;
import verdict.BidAudit.Violation;
import verdict.BidAudit.Violation.Rule;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Rejected;

/**
 * The audit of bids on the real bid service: no counter-example for an honest one, and one for each
 * planted defect that no simulation shows.
 */
@Timeout(180)
class BidAuditIT {
  private static final int USERS = 12;
  private static final int REQUESTS = 1500;

  @TempDir static Path folder;
  @AutoClose private static RedisServer redis;
  @AutoClose private static NatsServer nats;

  private AuctionItem item = new AuctionItem("none", BidForm.ORIGINAL);

  @BeforeAll
  static void start() {
    redis = RedisServer.start(folder);
    nats = NatsServer.start(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lua", "optimistic"})
  void an_honest_service_has_no_counter_example(String strategy) {
    try (TargetProcess bids = bids("--strategy", strategy)) {
      fight(bids, "honest-" + strategy, REQUESTS);
      assertThat(audit(bids)).isEmpty();
      assertThat(item.operations())
          .hasSizeGreaterThan(REQUESTS / 2)
          .anyMatch(Rejected.class::isInstance);
    }
  }

  @Test
  void a_reset_that_does_nothing_shows_in_the_first_read_after_it() throws Exception {
    try (TargetProcess bids = bids("--defect", "reset-does-nothing")) {
      fight(bids, "reset", USERS * 4);
      assertThat(auditAfterReset(bids).orElseThrow().rule()).isEqualTo(Rule.PRICE_WAS_BID);
    }
    try (TargetProcess bids = bids()) {
      assertThat(auditAfterReset(bids)).isEmpty();
    }
  }

  @Test
  void a_bid_accepted_while_redis_is_down_shows_when_it_is_back() {
    try (TargetProcess bids = bids("--defect", "accept-when-redis-down")) {
      Bidder bidder = fight(bids, "down", USERS * 4);
      redis.kill();
      awaitHealth(bids, 503);
      long before = accepted();
      Await.until(
          () -> {
            bid(new ItemApi(bids.url(), BidForm.ORIGINAL, Map.of()), bidder);
            return accepted() > before;
          });
      redis.restart();
      awaitHealth(bids, 200);
      assertThat(audit(bids).orElseThrow().rule()).isIn(Rule.ORDER_EXISTS, Rule.PREVIOUS_IS_TRUE);
    }
  }

  /** Many users bid on an item and read it, until so many requests were made; returns one. */
  private Bidder fight(TargetProcess bids, String name, int requests) {
    ItemApi api = new ItemApi(bids.url(), BidForm.ORIGINAL, Map.of());
    item = api.open(name);
    String[] mix = {"reads", "40", "losers", "60"};
    Bidding bidding =
        new Bidding(
            Recording.ofStage(System::nanoTime),
            ContendSettings.read(Options.config("contended-bids", mix)),
            List.of(item),
            name,
            nowNs -> true);
    AtomicInteger left = new AtomicInteger(requests);
    ExecutorService threads = Executors.newFixedThreadPool(USERS);
    List<Bidder> bidders = Stream.generate(() -> bidding.bidder(item)).limit(USERS).toList();
    bidders.stream()
        .map(each -> CompletableFuture.runAsync(() -> use(api, each, left), threads))
        .toList()
        .forEach(CompletableFuture::join);
    threads.shutdown();
    return bidders.get(0);
  }

  private static void use(ItemApi api, Bidder bidder, AtomicInteger left) {
    while (left.decrementAndGet() > 0) {
      if (bidder.readsFirst()) {
        ask(api, "GET", bidder.reads(bidder.item), "", bidder::answered);
        bidder.endRead(0);
      }
      bid(api, bidder);
    }
  }

  private static void bid(ItemApi api, Bidder bidder) {
    bidder.draw();
    ask(api, "POST", bidder.item.bidPath, bidder.body(), bidder::decided);
    bidder.endBid();
  }

  /** Hands over the status and the body of an answer, if one comes. */
  private static void ask(
      ItemApi api, String method, String path, String body, BiConsumer<Integer, byte[]> to) {
    try {
      HttpResponse<byte[]> answer = api.send(method, path, body);
      to.accept(answer.statusCode(), answer.body());
    } catch (IOException e) {
      // Then the request ends without an answer.
    }
  }

  private Optional<Violation> audit(TargetProcess bids) {
    ItemApi api = new ItemApi(bids.url(), BidForm.ORIGINAL, Map.of());
    Await.until(() -> api.look(item, System::nanoTime) != null);
    return BidAudit.of(item.operations());
  }

  private Optional<Violation> auditAfterReset(TargetProcess bids) throws IOException {
    item = new AuctionItem("reset", BidForm.ORIGINAL);
    new ItemApi(bids.url(), BidForm.ORIGINAL, Map.of()).send("POST", item.path + "/reset", "");
    return audit(bids);
  }

  private long accepted() {
    return item.operations().stream().filter(Accepted.class::isInstance).count();
  }

  private static void awaitHealth(TargetProcess bids, int status) {
    ItemApi api = new ItemApi(bids.url(), BidForm.ORIGINAL, Map.of());
    Await.until(() -> api.send("GET", "/health", "").statusCode() == status);
  }

  private static TargetProcess bids(String... more) {
    return Served.bids(folder, redis, nats, more);
  }
}
