package targets.relay;

import io.nats.client.Connection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import targets.shared.Defects;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.RedisAddress;

/**
 * Core delivery: what a Redis channel says is published to NATS, at most once. A message that comes
 * while NATS is away waits in the client, up to {@value #WAITING_BYTES} bytes, or is counted as
 * lost. One thread.
 */
final class CoreFeed implements Feed {
  /** As in the original's NATS client. */
  static final long WAITING_BYTES = 8 << 20;

  /** Redis is asked so often whether it still lives. */
  private static final int PING_MS = 2000;

  private static final int SILENCE_MS = 3 * PING_MS;
  private static final long RETRY_MS = 100;
  private static final long JOIN_MS = 2000;

  private final BridgeSettings settings;
  private final RedisAddress address;
  private final LinkState redis;
  private final NatsLink nats;
  private final BridgeMetrics metrics;
  private final LongSupplier unixNs;
  private final Thread reader;
  private final Thread pinger;
  private volatile Subscription subscription;
  private volatile boolean closed;

  CoreFeed(
      BridgeSettings settings,
      LinkState redis,
      NatsLink nats,
      BridgeMetrics metrics,
      LongSupplier unixNs) {
    this.settings = settings;
    this.address = new RedisAddress(settings.redis());
    this.redis = redis;
    this.nats = nats;
    this.metrics = metrics;
    this.unixNs = unixNs;
    this.reader = new Thread(this::read, "core-feed");
    this.pinger = new Thread(this::ping, "core-feed-ping");
    reader.setDaemon(true);
    pinger.setDaemon(true);
  }

  @Override
  public void start() {
    reader.start();
    pinger.start();
  }

  @Override
  public void close() {
    closed = true;
    pinger.interrupt();
    Subscription open = subscription;
    try {
      if (open != null && open.isSubscribed()) {
        open.punsubscribe();
      }
    } catch (JedisException e) {
      // The connection is gone, and with it what was to be ended.
    }
    try {
      reader.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    byte[] pattern = settings.pattern().getBytes(StandardCharsets.UTF_8);
    while (!closed) {
      long waitMs = RETRY_MS;
      try (Jedis jedis = address.connect(SILENCE_MS)) {
        subscription = new Subscription();
        jedis.psubscribe(subscription, pattern);
      } catch (JedisException e) {
        if (!closed) {
          redis.down(RedisAddress.words(e));
          waitMs = RedisAddress.pauseMs(e, RETRY_MS);
        }
      } finally {
        subscription = null;
      }
      pause(waitMs);
    }
  }

  /** A subscription hears nothing when Redis is stopped or cut off, so it must ask. */
  private void ping() {
    while (!closed) {
      pause(PING_MS);
      Subscription open = subscription;
      try {
        if (open != null && open.isSubscribed()) {
          open.ping();
        }
      } catch (JedisException e) {
        // The reader finds the same and says so.
      }
    }
  }

  private void pause(long ms) {
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private void pass(byte[] bytes) {
    metrics.received.increment();
    TokenMessage.Read read = TokenMessage.read(bytes);
    if (read instanceof TokenMessage.Read.Good good) {
      pass(good.message());
    } else if (read instanceof TokenMessage.Read.Bad bad) {
      metrics.troubles.add(bad.trouble(), bad.reason());
      if (bad.isPlaced()) {
        tell(bad.conversationId(), bad.sequence(), false, bad.reason());
      }
    }
  }

  private void pass(TokenMessage message) {
    Defects defects = settings.defects();
    if (message.isDone() && defects.has(RelayDefects.LOST_DONE)) {
      return;
    }
    byte[] out = message.stamped("\"bridge\":" + unixNs.getAsLong());
    Optional<Connection> connection = nats.connection();
    if (connection.isPresent() && out.length > connection.get().getMaxPayload()) {
      String reason = TooLarge.reason(out.length, connection.get().getMaxPayload());
      metrics.troubles.add(Trouble.TOO_LARGE, reason);
      tell(message.conversationId(), message.sequence(), message.isDone(), reason);
    } else if (publish(connection, message.conversationId(), out)) {
      metrics.published.increment();
    } else if (!defects.has(RelayDefects.SILENT_NATS_DOWN)) {
      metrics.troubles.add(Trouble.NATS_AWAY, "NATS is away and no message can wait any more");
    }
  }

  /** Puts a message in the place of a token that is lost, so that the client learns of it. */
  private void tell(String id, long sequence, boolean done, String reason) {
    publish(nats.connection(), id, TokenMessage.loss(id, sequence, done, reason));
  }

  private static boolean publish(Optional<Connection> connection, String id, byte[] bytes) {
    if (connection.isEmpty()) {
      return false;
    }
    try {
      connection.get().publish(Names.subject(id), bytes);
      return true;
    } catch (IllegalStateException | IllegalArgumentException e) {
      return false; // Closed, or no room to wait: the caller counts.
    }
  }

  /** What one connection to Redis hears. */
  private final class Subscription extends BinaryJedisPubSub {
    @Override
    public void onPSubscribe(byte[] pattern, int channels) {
      redis.up();
    }

    @Override
    public void onPMessage(byte[] pattern, byte[] channel, byte[] message) {
      pass(message);
    }
  }
}
