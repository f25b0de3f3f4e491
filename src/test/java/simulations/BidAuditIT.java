package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.auction.AuctionItem;
import simulations.auction.BidAnswer;
import simulations.auction.Bidder;
import simulations.auction.ItemApi;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import verdict.BidAudit;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;
import verdict.BidViolation;
import verdict.BidViolation.Rule;

/**
 * The audit of bids on the real bid service: no counter-example for an honest one, also when Redis
 * dies in the middle, and one for every planted defect.
 */
@Timeout(180)
class BidAuditIT {
  private static final int USERS = 12;
  private static final int REQUESTS = 1500;
  private static final int ROUNDS_MAX = 5;

  /** A bid that must lose after the first one. */
  private static final long LOW = 1;

  private static final long POLL_NS = 10_000_000;

  @TempDir static Path folder;
  private static RedisServer redis;
  private static NatsServer nats;

  private final AtomicLong price = new AtomicLong(10_000);
  private volatile AuctionItem item = new AuctionItem("none");

  @BeforeAll
  static void start() {
    redis = RedisServer.start(folder);
    nats = NatsServer.start(folder);
  }

  @AfterAll
  static void stop() {
    nats.close();
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lua", "optimistic"})
  void an_honest_service_has_no_counter_example(String strategy) {
    try (TargetProcess bids = bids("--strategy", strategy)) {
      fight(bids.url(), "honest-" + strategy, REQUESTS);
      assertThat(audit(bids.url())).isEmpty();
      assertThat(item.operations())
          .hasSizeGreaterThan(REQUESTS / 2)
          .anyMatch(Rejected.class::isInstance);
    }
  }

  @Test
  void a_redis_that_dies_in_the_middle_leaves_no_counter_example() {
    try (TargetProcess bids = bids()) {
      CompletableFuture<Void> fight =
          CompletableFuture.runAsync(() -> fight(bids.url(), "dying", 3 * REQUESTS));
      await(() -> item.operations().size() > REQUESTS / 2);
      redis.kill();
      redis.restart();
      fight.join();
      assertThat(audit(bids.url())).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "truncate-cents, PRICE_WAS_BID PREVIOUS_IS_TRUE REJECTED_RIGHTLY PAIR_FITS ORDER_EXISTS",
    "lost-update, ACCEPTED_ONCE PREVIOUS_IS_TRUE ORDER_EXISTS PAIR_FITS",
    "double-accept, ACCEPTED_ONCE",
    "torn-pair, PAIR_FITS",
    "stale-reject, ORDER_EXISTS PRICE_WAS_BID",
    "wrong-previous, PREVIOUS_IS_TRUE PRICE_WAS_BID",
    "reject-equal-accepts, PAIR_FITS"
  })
  void a_defect_has_a_counter_example(String defect, String rules) {
    try (TargetProcess bids = bids("--defect", defect)) {
      Optional<BidViolation> found = Optional.empty();
      for (int round = 0; found.isEmpty() && round < ROUNDS_MAX; round++) {
        price.set(10_000);
        fight(bids.url(), defect + round, REQUESTS);
        found = audit(bids.url());
      }
      assertThat(found).map(BidViolation::rule).isPresent();
      assertThat(rules.split(" ", -1)).contains(found.get().rule().name());
    }
  }

  @Test
  void a_reset_that_does_nothing_shows_in_the_first_read_after_it() {
    try (TargetProcess bids = bids("--defect", "reset-does-nothing")) {
      fight(bids.url(), "reset", USERS * 4);
      assertThat(auditAfterReset(bids.url()).orElseThrow().rule()).isEqualTo(Rule.PRICE_WAS_BID);
    }
    try (TargetProcess bids = bids()) {
      assertThat(auditAfterReset(bids.url())).isEmpty();
    }
  }

  @Test
  void a_bid_accepted_while_redis_is_down_shows_when_it_is_back() {
    try (TargetProcess bids = bids("--defect", "accept-when-redis-down")) {
      fight(bids.url(), "down", USERS * 4);
      redis.kill();
      await(() -> health(bids.url()) == 503);
      bid(bids.url(), "ann", 9_000_000);
      redis.restart();
      await(() -> health(bids.url()) == 200);
      assertThat(audit(bids.url()).orElseThrow().rule())
          .isIn(Rule.ORDER_EXISTS, Rule.PREVIOUS_IS_TRUE);
    }
  }

  /** Many users bid on an item and read it, until so many requests were made. */
  private void fight(URI bids, String name, int requests) {
    item = new AuctionItem(name);
    ask(bids, item.path(), "PUT", "");
    AtomicInteger left = new AtomicInteger(requests);
    ExecutorService threads = Executors.newFixedThreadPool(USERS);
    IntStream.range(0, USERS)
        .mapToObj(user -> CompletableFuture.runAsync(() -> use(bids, user, left), threads))
        .toList()
        .forEach(CompletableFuture::join);
    threads.shutdown();
  }

  private void use(URI bids, int user, AtomicInteger left) {
    SplittableRandom random = new SplittableRandom(user);
    while (left.decrementAndGet() > 0) {
      int action = random.nextInt(8);
      if (action < 3) {
        read(bids);
      } else {
        // Some are above the price, some equal it, and some are below.
        long cents = price.addAndGet(random.nextInt(3)) - random.nextInt(3);
        bid(bids, "u" + user, action == 3 ? LOW : cents);
      }
    }
  }

  private Optional<BidViolation> audit(URI bids) {
    await(() -> read(bids));
    return BidAudit.of(item.operations());
  }

  private Optional<BidViolation> auditAfterReset(URI bids) {
    item = new AuctionItem("reset");
    ask(bids, item.path() + "/reset", "POST", "");
    return audit(bids);
  }

  private boolean read(URI bids) {
    long callNs = System.nanoTime();
    BidAnswer answer = ask(bids, item.path(), "GET", "").orElse(BidAnswer.EMPTY);
    if (answer.currentCents() < 0) {
      return false;
    }
    item.add(new Read(callNs, System.nanoTime(), answer.currentCents(), answer.bidder()));
    return true;
  }

  private void bid(URI bids, String user, long cents) {
    long callNs = System.nanoTime();
    Optional<BidAnswer> found = ask(bids, item.path() + "/bid", "POST", Bidder.body(user, cents));
    long returnNs = System.nanoTime();
    BidAnswer answer = found.orElse(BidAnswer.EMPTY);
    if (found.isEmpty() || answer.decided().equals("unknown")) {
      item.add(new Unknown(callNs, user, cents));
    } else if (answer.success()) {
      OptionalLong previous = OptionalLong.of(answer.previousCents());
      item.add(new Accepted(callNs, returnNs, user, cents, previous));
    } else if (answer.currentCents() >= 0) {
      long seen = answer.currentCents();
      item.add(new Rejected(callNs, returnNs, user, cents, seen, answer.bidder()));
    }
  }

  /** The answer; empty if none came. */
  private static Optional<BidAnswer> ask(URI bids, String path, String method, String body) {
    try {
      return Optional.of(BidAnswer.read(new ItemApi(bids).send(method, path, body).body()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The status of the health page; 0 if there is no answer. */
  private static int health(URI bids) {
    try {
      return new ItemApi(bids).send("GET", "/health", "").statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new IllegalStateException("the test's time is up");
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }

  private static TargetProcess bids(String... more) {
    return bids(folder, redis, nats, more);
  }

  /** Starts a bid service. */
  static TargetProcess bids(Path folder, RedisServer redis, NatsServer nats, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of("--redis", redis.url().toString(), "--nats", nats.url().toString()));
    options.addAll(List.of(more));
    return Served.start(folder, "bids", options.toArray(String[]::new));
  }
}
