package targets.relay;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import targets.relay.StorePublisher.Outgoing;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.RedisAddress;

/**
 * Durable delivery: reads a batch from Redis, publishes it, waits until JetStream has acknowledged
 * all of it, acknowledges it to Redis, and only then reads on. So at most one batch is held, and
 * while NATS is away the tokens wait in Redis. Whatever fails, the batch is still in Redis and is
 * read again, first of all; JetStream knows by the message ids what it has already. One thread.
 */
final class DurableFeed implements Feed {
  private static final int SILENCE_MS = 5000;
  private static final long RETRY_MS = 50;
  private static final long JOIN_SLACK_MS = 3000;

  /** Room for NATS headers, which count as payload. */
  private static final int HEADER_BYTES = 1024;

  /** Of nats-server, unless it is configured otherwise. */
  private static final long PAYLOAD_DEFAULT = 1 << 20;

  private static final Duration ACKNOWLEDGE_BOUND = Duration.ofSeconds(2);

  private final BridgeSettings settings;
  private final RedisAddress address;
  private final LinkState redis;
  private final NatsLink nats;
  private final BridgeMetrics metrics;
  private final LongSupplier unixNs;
  private final LongSupplier nanoClock;
  private final ShardLeases leases;
  private final TokenLog log;
  private final StorePublisher publisher;
  private final Thread thread = new Thread(this::run, "durable-feed");
  private volatile boolean closed;
  private volatile long closedNs;

  DurableFeed(
      BridgeSettings settings,
      LinkState redis,
      NatsLink nats,
      BridgeMetrics metrics,
      LongSupplier unixNs,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.address = new RedisAddress(settings.redis());
    this.redis = redis;
    this.nats = nats;
    this.metrics = metrics;
    this.unixNs = unixNs;
    this.nanoClock = nanoClock;
    String name = settings.name().orElseGet(() -> "bridge-" + UUID.randomUUID());
    this.leases = new ShardLeases(name, settings.shards(), settings.lease(), nanoClock);
    this.log = new TokenLog(name);
    this.publisher = new StorePublisher(settings.store(), metrics, nanoClock, ACKNOWLEDGE_BOUND);
    thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    closedNs = nanoClock.getAsLong();
    closed = true;
    try {
      thread.join(settings.drain().toMillis() + JOIN_SLACK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        long waitMs = serveOnce();
        metrics.shards(0);
        if (!closed) {
          TimeUnit.MILLISECONDS.sleep(waitMs);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns how long to wait before the next time, in milliseconds. */
  private long serveOnce() throws InterruptedException {
    try (Jedis jedis = address.connect(SILENCE_MS)) {
      leases.forget();
      log.create(jedis, settings.shards());
      redis.up();
      serve(jedis);
      leases.release(jedis);
      return RETRY_MS;
    } catch (JedisException e) {
      redis.down(RedisAddress.words(e));
      return RedisAddress.pauseMs(e, RETRY_MS);
    }
  }

  private void serve(Jedis jedis) throws InterruptedException {
    while (!closed) {
      if (leases.areDue()) {
        leases.renew(jedis);
      }
      Optional<Integer> fresh = leases.fresh();
      if (!nats.state().isUp() || leases.held().isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      } else if (fresh.isPresent()) {
        claim(jedis, fresh.get());
      } else {
        List<LogEntry> taken = log.take(jedis, leases.held());
        if (!taken.isEmpty() && !pass(jedis, taken)) {
          return; // What was not passed on is read again, by whoever holds the shard then.
        }
      }
      metrics.shards(leases.held().size());
    }
  }

  /** Of a shard that is new, what its last reader left comes first. */
  private void claim(Jedis jedis, int shard) throws InterruptedException {
    List<LogEntry> left = log.claim(jedis, shard);
    if (left.isEmpty()) {
      leases.begun(shard);
    } else {
      metrics.claimed.add(left.size());
      if (!pass(jedis, left)) {
        leases.forget();
      }
    }
  }

  /**
   * Passes one batch on, however long it takes.
   *
   * @return false if it was given up, because it is another bridge's now or the bridge is stopped
   */
  private boolean pass(Jedis jedis, List<LogEntry> entries) throws InterruptedException {
    metrics.received.add(entries.size());
    metrics.underWay(entries.size());
    try {
      return publish(jedis, entries);
    } finally {
      metrics.underWay(0);
    }
  }

  private boolean publish(Jedis jedis, List<LogEntry> entries) throws InterruptedException {
    List<Outgoing> rest = outgoing(entries);
    while (!rest.isEmpty()) {
      if (!leases.areValid() && !isStillOurs(jedis, entries)) {
        return false;
      }
      Optional<Connection> connection = nats.connection();
      int done = connection.isPresent() ? publisher.publish(connection.get(), rest) : 0;
      metrics.published.add(done);
      rest = rest.subList(done, rest.size());
      if (!rest.isEmpty()) {
        if (isTimeUp() || !isStillOurs(jedis, entries)) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      }
    }
    log.acknowledge(jedis, entries);
    return true;
  }

  private boolean isTimeUp() {
    return closed && nanoClock.getAsLong() - closedNs > settings.drain().toNanos();
  }

  private boolean isStillOurs(Jedis jedis, List<LogEntry> entries) {
    leases.renew(jedis);
    return entries.stream().allMatch(entry -> leases.held().contains(entry.shard()));
  }

  /** What is to be published, in the order of the entries. */
  private List<Outgoing> outgoing(List<LogEntry> entries) {
    List<Outgoing> outgoing = new ArrayList<>(entries.size());
    for (LogEntry entry : entries) {
      TokenMessage.Read read = TokenMessage.read(entry.message());
      if (read instanceof TokenMessage.Read.Good good) {
        outgoing(entry, good.message()).ifPresent(outgoing::add);
      } else if (read instanceof TokenMessage.Read.Bad bad) {
        metrics.troubles.add(bad.trouble(), bad.reason());
        if (bad.isPlaced()) {
          outgoing.add(loss(bad.conversationId(), bad.sequence(), false, bad.reason()));
        }
      }
    }
    return outgoing;
  }

  private Optional<Outgoing> outgoing(LogEntry entry, TokenMessage message) {
    if (message.isDone() && settings.defects().has(RelayDefects.LOST_DONE)) {
      return Optional.empty();
    }
    byte[] json =
        message.stamped("\"redis\":" + entry.takenNs() + ",\"bridge\":" + unixNs.getAsLong());
    long max = nats.connection().map(Connection::getMaxPayload).orElse(PAYLOAD_DEFAULT);
    if (json.length > max - HEADER_BYTES) {
      String reason = TooLarge.reason(json.length, max - HEADER_BYTES);
      metrics.troubles.add(Trouble.TOO_LARGE, reason);
      return Optional.of(
          loss(message.conversationId(), message.sequence(), message.isDone(), reason));
    }
    // A producer that repeats a message, because it was not told that Redis had it, repeats its
    // time too.
    String made =
        message.timestampNs() == 0 ? entry.id().toString() : Long.toString(message.timestampNs());
    String id = message.conversationId() + ":" + message.sequence() + ":" + made;
    return Optional.of(new Outgoing(message.conversationId(), id, json));
  }

  private static Outgoing loss(String id, long sequence, boolean done, String reason) {
    byte[] json = TokenMessage.loss(id, sequence, done, reason);
    return new Outgoing(id, id + ":" + sequence + ":lost", json);
  }
}
