package targets.auction.bid;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import targets.auction.Names;
import targets.auction.bid.Decision.Kind;
import targets.shared.RedisAddress;

/**
 * Decides outside Redis under WATCH, and tries again when somebody was quicker: the original's
 * other strategy. A connection for each bid that is being decided. Thread-safe.
 */
final class OptimisticBook implements Book, AutoCloseable {
  /** As in the original. */
  private static final int TRIES_MAX = 10;

  private static final long MICROS_OF_S = 1_000_000;

  private final LongAdder retries = new LongAdder();
  private final Book rest;
  private final RedisAddress address;
  private final LongSupplier unixMicros;
  private final long backlog;
  private final long rememberMs;
  private final long boundNs;
  private final Semaphore connections;
  private final BlockingQueue<Jedis> idle;

  /**
   * @param rest reads and changes items
   * @param address of Redis
   * @param unixMicros stamps the events
   * @param limits of bids and of waiting
   */
  OptimisticBook(Book rest, RedisAddress address, LongSupplier unixMicros, Limits limits) {
    this.rest = rest;
    this.address = address;
    this.unixMicros = unixMicros;
    this.backlog = limits.backlog();
    this.rememberMs = limits.rememberMs();
    this.boundNs = limits.boundNs();
    this.connections = new Semaphore(limits.connections());
    this.idle = new ArrayBlockingQueue<>(limits.connections());
  }

  /**
   * What is bounded.
   *
   * @param connections to Redis at most
   * @param backlog events that may wait to be published
   * @param rememberMs how long the answer to a request with a key is remembered
   * @param boundNs how long a bid waits for a connection, in nanoseconds
   */
  record Limits(int connections, long backlog, long rememberMs, long boundNs) {}

  /** Times that somebody was quicker. */
  long retries() {
    return retries.sum();
  }

  @Override
  public Decision bid(Bid bid) {
    try {
      if (!connections.tryAcquire(boundNs, TimeUnit.NANOSECONDS)) {
        return Decision.none(Kind.BUSY, "every connection to Redis is taken");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Decision.none(Kind.AWAY, "the service is stopping");
    }
    try {
      return decide(bid);
    } finally {
      connections.release();
    }
  }

  @Override
  public Decision read(String itemId) {
    return rest.read(itemId);
  }

  @Override
  public Decision change(String itemId, Change change, String eventId) {
    return rest.change(itemId, change, eventId);
  }

  @Override
  public void close() {
    for (Jedis jedis = idle.poll(); jedis != null; jedis = idle.poll()) {
      jedis.close();
    }
  }

  private Decision decide(Bid bid) {
    Jedis jedis = idle.poll();
    Progress progress = new Progress();
    try {
      if (jedis == null) {
        jedis = address.connect(0);
      }
      for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
        Optional<Decision> decision = attempt(jedis, bid, progress);
        if (decision.isPresent()) {
          giveBack(jedis);
          return decision.get();
        }
        retries.increment();
      }
      giveBack(jedis);
      return Decision.none(Kind.BUSY, "others were quicker " + TRIES_MAX + " times");
    } catch (JedisException e) {
      if (jedis != null) {
        jedis.close();
      }
      return Decision.none(progress.committing ? Kind.UNSURE : Kind.AWAY, RedisAddress.words(e));
    }
  }

  private void giveBack(Jedis jedis) {
    if (!idle.offer(jedis)) {
      jedis.close();
    }
  }

  /** Empty if somebody was quicker. */
  private Optional<Decision> attempt(Jedis jedis, Bid bid, Progress progress) {
    String item = bid.itemId();
    String request = Names.request(item, bid.requestKey().orElse(""));
    String[] keys = {
      Names.currentBid(item),
      Names.highestBidder(item),
      Names.status(item),
      Names.sequence(item),
      request
    };
    jedis.watch(keys);
    List<String> values = jedis.mget(keys);
    if (bid.requestKey().isPresent() && values.get(4) != null) {
      jedis.unwatch();
      return Optional.of(RememberedAnswer.read(values.get(4), bid));
    }
    Decision now = RedisReply.state(values);
    if (now.kind() == Kind.UNKNOWN) {
      jedis.unwatch();
      return Optional.of(now);
    }
    boolean open = now.status().equals("open");
    boolean wins = open && bid.cents() > now.priceCents();
    if (wins && jedis.xlen(Names.EVENT_LOG) >= backlog) {
      jedis.unwatch();
      return Optional.of(Decision.none(Kind.FULL, "too many events wait for NATS"));
    }
    Kind kind = wins ? Kind.ACCEPTED : open ? Kind.REJECTED : Kind.CLOSED;
    Decision decision =
        new Decision(
            kind,
            now.priceCents(),
            now.bidder(),
            now.sequence() + (wins ? 1 : 0),
            now.status(),
            wins ? bid.eventId() : "",
            wins ? bid.bidId() : "",
            "");
    return commit(jedis, bid, decision, request, progress);
  }

  private Optional<Decision> commit(
      Jedis jedis, Bid bid, Decision decision, String request, Progress progress) {
    String item = bid.itemId();
    Transaction transaction = jedis.multi();
    if (decision.kind() == Kind.ACCEPTED) {
      transaction.mset(
          Names.currentBid(item),
          Long.toString(bid.cents()),
          Names.highestBidder(item),
          bid.userId(),
          Names.sequence(item),
          Long.toString(decision.sequence()));
      transaction.xadd(Names.EVENT_LOG, StreamEntryID.NEW_ENTRY, entry(bid, decision));
    }
    if (bid.requestKey().isPresent()) {
      transaction.set(
          request, RememberedAnswer.write(decision, bid), SetParams.setParams().px(rememberMs));
    }
    progress.committing = true;
    List<Object> done = transaction.exec();
    progress.committing = false;
    return done == null ? Optional.empty() : Optional.of(decision);
  }

  private Map<String, String> entry(Bid bid, Decision decision) {
    long micros = unixMicros.getAsLong();
    Map<String, String> entry = new HashMap<>();
    entry.put("kind", "bid");
    entry.put("item", bid.itemId());
    entry.put("sequence", Long.toString(decision.sequence()));
    entry.put("event", bid.eventId());
    entry.put("bid", bid.bidId());
    entry.put("user", bid.userId());
    entry.put("cents", Long.toString(bid.cents()));
    entry.put("previous", Long.toString(decision.priceCents()));
    entry.put("s", Long.toString(micros / MICROS_OF_S));
    entry.put("us", Long.toString(micros % MICROS_OF_S));
    return entry;
  }

  /** How far a bid had come when Redis went away. */
  private static final class Progress {
    boolean committing;
  }
}
