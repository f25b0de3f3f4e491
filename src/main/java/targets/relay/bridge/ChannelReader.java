package targets.relay.bridge;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import targets.shared.LinkState;
import targets.shared.RedisAddress;
import targets.shared.Service;

/**
 * Core delivery: subscribes to Redis channels, and subscribes again after every loss of Redis. One
 * thread reads, another one pings.
 */
final class ChannelReader implements Service.Part {
  /** A subscription receives nothing from a Redis that was stopped or cut off, so it pings. */
  private static final int PING_MS = 2000;

  private static final int SILENCE_MS = 3 * PING_MS;
  private static final long RETRY_MS = 100;
  private static final long JOIN_MS = 2000;

  private final RedisAddress address;
  private final byte[] pattern;
  private final LinkState redis;
  private final Consumer<byte[]> messages;
  private final Thread reader = new Thread(this::read, "channel-reader");
  private final Thread pinger = new Thread(this::ping, "channel-pinger");
  private volatile Subscription subscription;
  private volatile boolean closed;

  /**
   * @param settings address of Redis and channels
   * @param redis receives the state of the subscription
   * @param messages receives each message on the reading thread
   */
  ChannelReader(BridgeSettings settings, LinkState redis, Consumer<byte[]> messages) {
    this.address = new RedisAddress(settings.redis());
    this.pattern = settings.pattern().getBytes(StandardCharsets.UTF_8);
    this.redis = redis;
    this.messages = messages;
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
    withSubscription(Subscription::punsubscribe);
    try {
      reader.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
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

  private void ping() {
    while (!closed) {
      pause(PING_MS);
      withSubscription(Subscription::ping);
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

  private void pause(long ms) {
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private final class Subscription extends BinaryJedisPubSub {
    @Override
    public void onPSubscribe(byte[] subscribed, int channels) {
      redis.up();
    }

    @Override
    public void onPMessage(byte[] matched, byte[] channel, byte[] message) {
      messages.accept(message);
    }
  }
}
