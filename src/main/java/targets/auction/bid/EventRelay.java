package targets.auction.bid;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.params.XTrimParams;
import redis.clients.jedis.resps.StreamEntry;
import targets.auction.Names;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.RedisAddress;
import targets.shared.StoreKeeper;

/**
 * Passes the event log of Redis on to JetStream, in its order and once: reads a batch, publishes
 * it, waits for the acknowledgements, and only then forgets it. Whatever fails, what was not
 * acknowledged is still in Redis and is read again. One relay at a time works; another one waits
 * for its lease. One thread.
 */
final class EventRelay implements AutoCloseable {
  private static final int TAKE_MAX = 256;
  private static final int BLOCK_MS = 200;
  private static final int SILENCE_MS = 5000;
  private static final long RETRY_MS = 50;
  private static final long LEASE_MS = 2000;
  private static final long JOIN_SLACK_MS = 3000;

  private final RedisAddress address;
  private final LinkState redis = new LinkState("Redis, for the relay,");
  private final LinkState store = new LinkState("JetStream, for the relay,");
  private final NatsLink nats;
  private final StoreKeeper keeper;
  private final EventPublisher publisher;
  private final BidMetrics metrics;
  private final String name;
  private final Duration drain;
  private final LongSupplier nanoClock;
  private final Thread thread = new Thread(this::run, "event-relay");
  private Optional<StreamEntryID> position = Optional.empty();
  private volatile long closedNs;
  private volatile boolean closed;

  /**
   * @param address of Redis
   * @param nats takes the events
   * @param keeper sees to it that the store is there
   * @param name of this relay among its kind
   * @param drain how long to go on when stopping
   */
  EventRelay(
      RedisAddress address,
      NatsLink nats,
      StoreKeeper keeper,
      BidMetrics metrics,
      String name,
      Duration drain,
      LongSupplier nanoClock) {
    this.address = address;
    this.nats = nats;
    this.keeper = keeper;
    this.publisher = new EventPublisher(metrics, nanoClock);
    this.metrics = metrics;
    this.name = name;
    this.drain = drain;
    this.nanoClock = nanoClock;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Publishes what is there, within the bound, and stops. */
  @Override
  public void close() {
    closedNs = nanoClock.getAsLong();
    closed = true;
    try {
      thread.join(drain.toMillis() + JOIN_SLACK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOver() {
    return closed && nanoClock.getAsLong() - closedNs > drain.toNanos();
  }

  private void run() {
    try {
      boolean emptied = false;
      while (!isOver() && !(closed && emptied)) {
        emptied = serveOnce();
        if (!closed) {
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Works until something fails, or until it is stopped and nothing is left: then true. */
  private boolean serveOnce() throws InterruptedException {
    try (Jedis jedis = address.connect(SILENCE_MS)) {
      redis.up();
      while (!isOver()) {
        boolean ours = lease(jedis);
        metrics.waiting(jedis.xlen(Names.EVENT_LOG));
        Optional<Connection> connection = nats.connection();
        if (!ours || connection.isEmpty() || !nats.state().isUp() || !keeper.state().isUp()) {
          if (closed && !ours) {
            return true; // Somebody else publishes.
          }
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        } else if (!pass(jedis, connection.get()) && closed) {
          jedis.del(Names.PUBLISHER);
          return true;
        }
      }
    } catch (JedisException e) {
      redis.down(RedisAddress.words(e));
    }
    position = Optional.empty();
    return false;
  }

  /** Passes on what is there; false if there was nothing. */
  private boolean pass(Jedis jedis, Connection connection) throws InterruptedException {
    try {
      if (position.isEmpty()) {
        position = Optional.of(resume(jedis, connection));
        store.up();
      }
      List<StreamEntry> entries = read(jedis);
      if (entries.isEmpty()) {
        return false;
      }
      int done = publisher.publish(connection, entries);
      if (done > 0) {
        StreamEntryID last = entries.get(done - 1).getID();
        position = Optional.of(last);
        forget(jedis, last);
      }
      if (done < entries.size()) {
        position = Optional.empty();
      }
    } catch (IOException | JetStreamApiException e) {
      position = Optional.empty();
      store.down(String.valueOf(e.getMessage()));
      keeper.check();
      TimeUnit.MILLISECONDS.sleep(RETRY_MS);
    }
    return true;
  }

  private List<StreamEntry> read(Jedis jedis) {
    List<Map.Entry<String, List<StreamEntry>>> read =
        jedis.xread(
            XReadParams.xReadParams().count(TAKE_MAX).block(BLOCK_MS),
            Map.of(Names.EVENT_LOG, position.get()));
    return read == null || read.isEmpty() ? List.of() : read.get(0).getValue();
  }

  /** JetStream knows best what it has; what Redis remembers may be older. */
  private StreamEntryID resume(Jedis jedis, Connection connection)
      throws IOException, JetStreamApiException {
    Optional<StreamEntryID> stored = publisher.resume(connection);
    String known = jedis.get(Names.PUBLISHED);
    StreamEntryID remembered = new StreamEntryID(known == null ? "0-0" : known);
    StreamEntryID last = stored.filter(id -> id.compareTo(remembered) > 0).orElse(remembered);
    forget(jedis, last);
    return last;
  }

  private static void forget(Jedis jedis, StreamEntryID last) {
    StreamEntryID next = new StreamEntryID(last.getTime(), last.getSequence() + 1);
    Pipeline pipeline = jedis.pipelined();
    pipeline.set(Names.PUBLISHED, last.toString());
    pipeline.xtrim(Names.EVENT_LOG, XTrimParams.xTrimParams().minId(next.toString()));
    pipeline.sync();
  }

  private boolean lease(Jedis jedis) {
    SetParams ifFree = SetParams.setParams().nx().px(LEASE_MS);
    if (jedis.set(Names.PUBLISHER, name, ifFree) != null) {
      position = Optional.empty();
      return true;
    }
    if (!name.equals(jedis.get(Names.PUBLISHER))) {
      position = Optional.empty();
      return false;
    }
    return jedis.pexpire(Names.PUBLISHER, LEASE_MS) == 1;
  }
}
