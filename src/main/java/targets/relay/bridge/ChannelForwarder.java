package targets.relay.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import targets.relay.message.Channels;
import targets.relay.message.TokenMessage;
import targets.relay.message.Undelivered.Reason;
import targets.shared.RedisAddress;
import targets.shared.Worker;

/**
 * Core delivery: publishes the messages of Redis channels to NATS, at most once. Subscribes again
 * after every loss of Redis. While NATS is away, up to {@value #OUTBOX_BYTES} bytes wait in its
 * client; further messages are counted as lost. One thread reads and publishes, an event loop
 * pings.
 */
final class ChannelForwarder extends Worker {
  /** As in the original's NATS client. */
  static final long OUTBOX_BYTES = 8 << 20;

  private static final String CHANNELS = "llm:tokens:*";

  /** A subscription receives nothing from a Redis that was stopped or cut off, so it pings. */
  private static final int PING_MS = 2000;

  private static final int SILENCE_MS = 3 * PING_MS;
  private static final long RETRY_MS = 100;
  private static final Duration JOIN_BOUND = Duration.ofSeconds(2);

  private final BridgeServer bridge;
  private final BridgeServer.Metrics metrics;
  private final RedisAddress address;
  private volatile Subscription subscription;

  ChannelForwarder(BridgeServer bridge) {
    super("channel-forwarder", JOIN_BOUND);
    this.bridge = bridge;
    this.metrics = bridge.metrics;
    this.address = new RedisAddress(bridge.settings.redis());
    Runnable ping = () -> withSubscription(Subscription::ping);
    var unused =
        bridge
            .service
            .loops()
            .scheduleWithFixedDelay(ping, PING_MS, PING_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void closing() {
    withSubscription(Subscription::punsubscribe);
  }

  /** Forwards until the connection to Redis is lost. */
  @Override
  protected long work() {
    try (Jedis jedis = address.connect(SILENCE_MS)) {
      subscription = new Subscription();
      jedis.psubscribe(subscription, CHANNELS.getBytes(UTF_8));
    } catch (RuntimeException e) {
      if (!isClosed()) {
        metrics.redis.down(RedisAddress.words(e));
        return RedisAddress.pauseMs(e, RETRY_MS);
      }
    } finally {
      subscription = null;
    }
    return RETRY_MS;
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
    Optional<Connection> connection = bridge.nats.connection();
    try {
      connection.ifPresent(open -> open.publish(Channels.subject(message.id()), message.json()));
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
      bridge.translate(message, "").ifPresent(ChannelForwarder.this::forward);
    }
  }
}
