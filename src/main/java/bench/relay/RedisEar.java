package bench.relay;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import stack.StackFailure;

/** The smallest subscriber of all token channels of a Redis: one connection, one thread. */
final class RedisEar extends BinaryJedisPubSub implements Ear {
  /** What the names of token channels begin with. */
  static final String CHANNELS = "llm:tokens:";

  private static final int OPEN_BOUND_S = 10;
  private static final long JOIN_MS = 2000;

  private final StepLoad load;
  private final Arrivals arrivals;
  private final LongSupplier nanoClock;
  private final Jedis jedis;
  private final CountDownLatch open = new CountDownLatch(1);
  private final Thread thread = new Thread(this::hear, "redis ear");

  private RedisEar(URI redis, StepLoad load, Arrivals arrivals, LongSupplier nanoClock) {
    this.load = load;
    this.arrivals = arrivals;
    this.nanoClock = nanoClock;
    this.jedis = new Jedis(redis.getHost(), redis.getPort());
    thread.setDaemon(true);
  }

  static Opening of(URI redis, LongSupplier nanoClock) {
    return (load, arrivals) -> new RedisEar(redis, load, arrivals, nanoClock).opened();
  }

  private RedisEar opened() {
    thread.start();
    try {
      if (open.await(OPEN_BOUND_S, TimeUnit.SECONDS)) {
        return this;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    jedis.close();
    throw new StackFailure("Redis did not confirm a subscription within " + OPEN_BOUND_S + " s");
  }

  @Override
  public void onPSubscribe(byte[] pattern, int channels) {
    open.countDown();
  }

  @Override
  public void onPMessage(byte[] pattern, byte[] channel, byte[] message) {
    long nowNs = nanoClock.getAsLong();
    int from = CHANNELS.length();
    String id = new String(channel, from, channel.length - from, StandardCharsets.UTF_8);
    arrivals.take(load.streamOf(id), TokenText.sequence(message), nowNs);
  }

  @Override
  public void close() {
    try {
      punsubscribe();
      thread.join(JOIN_MS);
    } catch (JedisException e) {
      // Redis cut the connection of one that read too slowly: what is lost by it is counted.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    jedis.close();
  }

  private void hear() {
    try {
      jedis.psubscribe(this, (CHANNELS + "*").getBytes(StandardCharsets.UTF_8));
    } catch (JedisException e) {
      // Ends the ear; tokens that come afterwards are counted as lost.
    }
  }
}
