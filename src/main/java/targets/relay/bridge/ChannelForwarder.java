package targets.relay.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.Connection;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import targets.relay.message.Names;
import targets.relay.message.TokenMessage;
import targets.relay.message.Undelivered.Reason;
import targets.shared.NatsLink;
import targets.shared.RedisAddress;
import targets.shared.Service;

/**
 * Core delivery: publishes the messages of Redis channels to NATS, at most once. Subscribes again
 * after every loss of Redis. While NATS is away, up to {@value #OUTBOX_BYTES} bytes wait in its
 * client; further messages are counted as lost. One thread reads and publishes, another one pings.
 */
final class ChannelForwarder implements Service.Part {
  /** As in the original's NATS client. */
  static final long OUTBOX_BYTES = 8 << 20;

  /** A subscription receives nothing from a Redis that was stopped or cut off, so it pings. */
  private static final int PING_MS = 2000;

  private static final int SILENCE_MS = 3 * PING_MS;
  private static final long RETRY_MS = 100;
  private static final long JOIN_MS = 2000;

  private final RedisAddress address;
  private final byte[] pattern;
  private final NatsLink nats;
  private final Translation translation;
  private final BridgeMetrics metrics;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(2, new DefaultThreadFactory("channel-forwarder", true));
  private volatile Subscription subscription;
  private volatile boolean closed;

  ChannelForwarder(
      BridgeSettings settings, NatsLink nats, Translation translation, BridgeMetrics metrics) {
    this.address = new RedisAddress(settings.redis());
    this.pattern = settings.pattern().getBytes(UTF_8);
    this.nats = nats;
    this.translation = translation;
    this.metrics = metrics;
  }

  @Override
  public void start() {
    threads.execute(this::read);
    var unused =
        threads.scheduleWithFixedDelay(
            () -> withSubscription(Subscription::ping), PING_MS, PING_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed = true;
    withSubscription(Subscription::punsubscribe);
    threads.shutdown();
    try {
      threads.awaitTermination(JOIN_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Forwards until the connection to Redis is lost; then it is tried again. */
  private void read() {
    if (closed) {
      return;
    }
    long waitMs = RETRY_MS;
    try (Jedis jedis = address.connect(SILENCE_MS)) {
      subscription = new Subscription();
      jedis.psubscribe(subscription, pattern);
    } catch (JedisException e) {
      if (!closed) {
        metrics.redis.down(RedisAddress.words(e));
        waitMs = RedisAddress.pauseMs(e, RETRY_MS);
      }
    } finally {
      subscription = null;
      if (!closed) {
        var unused = threads.schedule(this::read, waitMs, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void withSubscription(Consumer<Subscription> action) {
    Subscription open = subscription;
    try {
      if (open != null && open.isSubscribed()) {
        action.accept(open);
      }
    } catch (JedisException e) {
      // The connection is gone; the reader finds and reports the same.
    }
  }

  private void forward(TokenMessage message) {
    boolean published = publish(message);
    if (message.isNotice()) {
      return; // Its loss is counted already.
    }
    if (published) {
      metrics.published.increment();
    } else {
      metrics.undelivered.add(Reason.NATS_AWAY, "NATS is away and its client's outbox is full");
    }
  }

  private boolean publish(TokenMessage message) {
    Optional<Connection> connection = nats.connection();
    try {
      connection.ifPresent(open -> open.publish(Names.subject(message.id()), message.json()));
      return connection.isPresent();
    } catch (IllegalStateException | IllegalArgumentException e) {
      return false; // Closed, or the outbox is full.
    }
  }

  private final class Subscription extends BinaryJedisPubSub {
    @Override
    public void onPSubscribe(byte[] subscribed, int channels) {
      metrics.redis.up();
    }

    @Override
    public void onPMessage(byte[] matched, byte[] channel, byte[] message) {
      metrics.received.increment();
      translation.of(message, "").ifPresent(ChannelForwarder.this::forward);
    }
  }
}
