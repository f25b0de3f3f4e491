package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import verdict.BidAudit;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;
import verdict.BidViolation;
import verdict.BidViolation.Rule;

/**
 * The audit of bids on the real bid service: nothing to say about a right one, also when Redis dies
 * in the middle, and a counter-example for every planted mistake.
 */
@Timeout(180)
class BidAuditIT {
  private static final ObjectReader JSON =
      new ObjectMapper().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final List<String> SMALL =
      List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final int USERS = 12;
  private static final int REQUESTS = 1500;
  private static final int ROUNDS_MAX = 5;

  /** A bid that must lose once somebody has bid. */
  private static final long LOW = 1;

  private static final long POLL_NS = 10_000_000;

  @TempDir static Path folder;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final AtomicInteger STARTED = new AtomicInteger();
  private static RedisServer redis;
  private static NatsServer nats;

  private final AtomicLong price = new AtomicLong(10_000);
  private final ConcurrentLinkedQueue<BidOperation> history = new ConcurrentLinkedQueue<>();

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
  void a_right_service_has_no_counter_example(String strategy) {
    try (TargetProcess bids = bids("--strategy", strategy)) {
      fight(bids.url(), "right-" + strategy, REQUESTS);
      assertThat(audit(bids.url(), "right-" + strategy)).isEmpty();
      assertThat(history).hasSizeGreaterThan(REQUESTS / 2).anyMatch(Rejected.class::isInstance);
    }
  }

  @Test
  void a_redis_that_dies_in_the_middle_is_no_excuse_and_none_is_needed() {
    try (TargetProcess bids = bids()) {
      CompletableFuture<Void> fight =
          CompletableFuture.runAsync(() -> fight(bids.url(), "dying", 3 * REQUESTS));
      await(() -> history.size() > REQUESTS / 2);
      redis.kill();
      redis.restart();
      fight.join();
      assertThat(audit(bids.url(), "dying")).isEmpty();
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
  void a_planted_mistake_has_a_counter_example(String defect, String rules) {
    try (TargetProcess bids = bids("--defect", defect)) {
      Optional<BidViolation> found = Optional.empty();
      for (int round = 0; found.isEmpty() && round < ROUNDS_MAX; round++) {
        history.clear();
        price.set(10_000);
        fight(bids.url(), defect + round, REQUESTS);
        found = audit(bids.url(), defect + round);
      }
      assertThat(found).map(BidViolation::rule).isPresent();
      assertThat(rules.split(" ", -1)).contains(found.get().rule().name());
    }
  }

  @Test
  void a_reset_that_does_nothing_shows_in_the_first_read_after_it() {
    try (TargetProcess bids = bids("--defect", "reset-does-nothing")) {
      fight(bids.url(), "reset", USERS * 4);
      history.clear();
      ask(bids.url(), "reset/reset", "POST", "");
      assertThat(audit(bids.url(), "reset").orElseThrow().rule()).isEqualTo(Rule.PRICE_WAS_BID);
    }
    try (TargetProcess bids = bids()) {
      ask(bids.url(), "reset/reset", "POST", "");
      history.clear();
      assertThat(audit(bids.url(), "reset")).isEmpty();
    }
  }

  @Test
  void what_is_accepted_while_redis_is_down_shows_when_it_is_back() {
    try (TargetProcess bids = bids("--defect", "accept-when-redis-down")) {
      fight(bids.url(), "down", USERS * 4);
      redis.kill();
      await(() -> status(bids.url().resolve("/health")) == 503);
      bid(bids.url(), "down", "ann", 9_000_000);
      redis.restart();
      await(() -> status(bids.url().resolve("/health")) == 200);
      assertThat(audit(bids.url(), "down").orElseThrow().rule())
          .isIn(Rule.ORDER_EXISTS, Rule.PREVIOUS_IS_TRUE);
    }
  }

  /** Many bid and look, until so many requests were made. */
  private void fight(URI bids, String item, int requests) {
    ask(bids, item, "PUT", "");
    AtomicInteger left = new AtomicInteger(requests);
    ExecutorService threads = Executors.newFixedThreadPool(USERS);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      String name = "u" + user;
      SplittableRandom random = new SplittableRandom(user);
      all.add(
          CompletableFuture.runAsync(
              () -> {
                while (left.decrementAndGet() > 0) {
                  int what = random.nextInt(8);
                  if (what < 3) {
                    read(bids, item);
                  } else if (what == 3) {
                    bid(bids, item, name, LOW);
                  } else {
                    // Some are above the price, some equal it, and some are below.
                    bid(bids, item, name, price.addAndGet(random.nextInt(3)) - random.nextInt(3));
                  }
                }
              },
              threads));
    }
    all.forEach(CompletableFuture::join);
    threads.shutdown();
  }

  private Optional<BidViolation> audit(URI bids, String item) {
    await(() -> read(bids, item));
    return BidAudit.of(List.copyOf(history));
  }

  private boolean read(URI bids, String item) {
    long callNs = System.nanoTime();
    Optional<JsonNode> answer = ask(bids, item, "GET", "");
    long returnNs = System.nanoTime();
    if (answer.isEmpty() || !answer.get().has("current_bid")) {
      return false;
    }
    JsonNode bidder = answer.get().get("highest_bidder_id");
    Optional<String> name = bidder.isNull() ? Optional.empty() : Optional.of(bidder.asText());
    history.add(new Read(callNs, returnNs, cents(answer.get(), "current_bid"), name));
    return true;
  }

  private void bid(URI bids, String item, String user, long cents) {
    String body =
        "{\"user_id\":\"%s\",\"amount\":%s}".formatted(user, BigDecimal.valueOf(cents, 2));
    long callNs = System.nanoTime();
    Optional<JsonNode> answer = ask(bids, item + "/bid", "POST", body);
    long returnNs = System.nanoTime();
    if (answer.isEmpty() || answer.get().path("decided").asText().equals("unknown")) {
      history.add(new Unknown(callNs, user, cents));
    } else if (answer.get().path("success").asBoolean()) {
      OptionalLong previous = OptionalLong.of(cents(answer.get(), "previous_bid"));
      history.add(new Accepted(callNs, returnNs, user, cents, previous));
    } else if (answer.get().has("success")) {
      JsonNode bidder = answer.get().get("highest_bidder_id");
      Optional<String> name = bidder.isNull() ? Optional.empty() : Optional.of(bidder.asText());
      long seen = cents(answer.get(), "current_bid");
      history.add(new Rejected(callNs, returnNs, user, cents, seen, name));
    }
  }

  private static long cents(JsonNode answer, String field) {
    return answer.get(field).decimalValue().movePointRight(2).longValueExact();
  }

  /** The answer's body; empty if none came. */
  private static Optional<JsonNode> ask(URI bids, String path, String method, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(bids.resolve("/api/v1/items/" + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> answer = HTTP.send(request, BodyHandlers.ofByteArray());
      return Optional.of(JSON.readTree(answer.body()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int status(URI url) {
    try {
      HttpRequest request = HttpRequest.newBuilder(url).build();
      return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier wish) {
    while (!wish.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new IllegalStateException("the test's time is up");
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }

  private static TargetProcess bids(String... more) {
    List<String> options = new ArrayList<>(List.of("--redis", redis.url().toString()));
    options.addAll(List.of("--nats", nats.url().toString()));
    options.addAll(List.of(more));
    Path log = folder.resolve("bids-" + STARTED.incrementAndGet() + ".log");
    Duration ready = Duration.ofSeconds(60);
    return TargetProcess.launch(
            new TargetProcess.Spec("bids", "bids", "gauntlet.Main", SMALL, options, log, ready))
        .awaitReady();
  }
}
