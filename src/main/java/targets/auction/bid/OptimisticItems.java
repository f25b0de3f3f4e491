package targets.auction.bid;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import targets.auction.AuctionEvent;
import targets.auction.Names;
import targets.auction.bid.Decision.Kind;
import targets.shared.RedisAddress;

/**
 * Decides bids outside Redis under WATCH, and retries after a conflict: the original's other
 * strategy. Each bid under decision has a connection of its own. Thread-safe.
 */
final class OptimisticItems extends LuaItems implements AutoCloseable {
  /** As in the original. */
  private static final int TRIES_MAX = 10;

  final LongAdder retries = new LongAdder();
  private final RedisAddress address;
  private final InstantSource wall;
  private final BidServer.Settings settings;

  /** As many as bids are decided at once; an empty one is made when it is needed. */
  private final BlockingQueue<Optional<Jedis>> connections;

  OptimisticItems(
      RedisLane lane, BidServer.Settings settings, RedisAddress address, InstantSource wall) {
    super(lane, settings, UnaryOperator.identity());
    this.address = address;
    this.wall = wall;
    this.settings = settings;
    this.connections =
        new LinkedBlockingQueue<>(Collections.nCopies(settings.threads(), Optional.empty()));
  }

  @Override
  public Decision bid(Bid bid) {
    Optional<Jedis> connection;
    try {
      connection = connections.poll(BidServer.REDIS_BOUND.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Decision.none(Kind.AWAY, "the service is stopping");
    }
    if (connection == null) {
      return Decision.none(Kind.BUSY, "all connections to Redis are in use");
    }
    Attempts attempts = new Attempts(bid);
    try {
      return attempts.decide(connection.orElse(null));
    } finally {
      connections.add(attempts.connection);
    }
  }

  @Override
  public void close() {
    connections.forEach(connection -> connection.ifPresent(OptimisticItems::close));
  }

  private static void close(Jedis jedis) {
    try {
      jedis.close();
    } catch (JedisException e) {
      // It was reset before; what it could not send was not decided.
    }
  }

  /** The attempts to decide one bid, on one connection and one thread. */
  private final class Attempts {
    private final Bid bid;
    private final String requestKey;
    private boolean committing;

    /** Usable for another bid. */
    private Optional<Jedis> connection = Optional.empty();

    Attempts(Bid bid) {
      this.bid = bid;
      this.requestKey = bid.rememberedAs();
    }

    Decision decide(Jedis idle) {
      Jedis jedis = idle;
      try {
        if (jedis == null) {
          jedis = address.connect(0);
        }
        Optional<Decision> decision = Optional.empty();
        for (int tries = 0; decision.isEmpty() && tries < TRIES_MAX; tries++) {
          decision = attempt(jedis);
          retries.add(decision.isEmpty() ? 1 : 0);
        }
        connection = Optional.of(jedis);
        return decision.orElseGet(
            () -> Decision.none(Kind.BUSY, TRIES_MAX + " conflicts with other bids"));
      } catch (JedisException e) {
        if (jedis != null) {
          close(jedis);
        }
        return Decision.none(committing ? Kind.UNSURE : Kind.AWAY, RedisAddress.words(e));
      }
    }

    /** Returns empty after a conflict. */
    private Optional<Decision> attempt(Jedis jedis) {
      String[] keys = Names.keys(bid.itemId(), requestKey);
      jedis.watch(keys);
      List<String> values = jedis.mget(keys);
      boolean remembered = bid.requestKey().isPresent() && values.get(4) != null;
      Decision decision =
          remembered
              ? Decision.ofRemembered(values.get(4), bid)
              : decide(jedis, Decision.ofValues(values));
      if (remembered || decision.kind() == Kind.UNKNOWN || decision.kind() == Kind.FULL) {
        jedis.unwatch();
        return Optional.of(decision);
      }
      return commit(jedis, decision);
    }

    private Decision decide(Jedis jedis, Decision now) {
      if (now.kind() == Kind.UNKNOWN) {
        return now;
      }
      Decision decision = bid.on(now.item());
      boolean full =
          decision.kind() == Kind.ACCEPTED && jedis.xlen(Names.EVENT_LOG) >= settings.backlog();
      return full ? Decision.full() : decision;
    }

    private Optional<Decision> commit(Jedis jedis, Decision decision) {
      Transaction transaction = jedis.multi();
      if (decision.kind() == Kind.ACCEPTED) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, wall.instant());
        AuctionEvent event = bid.event(decision.item(), micros);
        transaction.mset(bid.newState(decision.item().sequence()));
        transaction.xadd(Names.EVENT_LOG, StreamEntryID.NEW_ENTRY, event.logEntry());
      }
      if (bid.requestKey().isPresent()) {
        SetParams expiry = SetParams.setParams().px(settings.remember().toMillis());
        transaction.set(requestKey, decision.remembered(bid), expiry);
      }
      committing = true;
      List<Object> done = transaction.exec();
      // The commands before and after one that fails are executed.
      for (Object reply : done == null ? List.of() : done) {
        if (reply instanceof JedisException error) {
          throw error;
        }
      }
      committing = false;
      return done == null ? Optional.empty() : Optional.of(decision);
    }
  }
}
