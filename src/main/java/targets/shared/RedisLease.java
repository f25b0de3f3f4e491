package targets.shared;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A connection to Redis with a lease: one process holds it at a time, and loses it unless it renews
 * it in time. Used by one thread.
 */
public final class RedisLease implements AutoCloseable {
  private static final String HOLD =
      """
      local owner = redis.call('get', KEYS[1])
      if owner == ARGV[1] or not owner then
        redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
      end
      return 0""";
  private static final String RELEASE =
      "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end";
  private static final int RENEWALS = 4;

  private final Jedis jedis;
  private final List<String> key;
  private final String holder;
  private final Duration length;
  private final LongSupplier nanoClock;
  private long renewedNs;
  private boolean held;

  /**
   * @param jedis closed with the lease
   * @param key in Redis
   * @param holder name of this process, unique among running ones
   * @param length time after which the lease of a silent process is free
   */
  public RedisLease(
      Jedis jedis, String key, String holder, Duration length, LongSupplier nanoClock) {
    this.jedis = jedis;
    this.key = List.of(key);
    this.holder = holder;
    this.length = length;
    this.nanoClock = nanoClock;
    this.renewedNs = nanoClock.getAsLong() - length.toNanos();
  }

  /** Takes or renews the lease if that is due; returns whether this process holds it. */
  public boolean hold() {
    long nowNs = nanoClock.getAsLong();
    if (nowNs - renewedNs >= length.toNanos() / RENEWALS) {
      List<String> values = List.of(holder, Long.toString(length.toMillis()));
      held = Long.valueOf(1).equals(jedis.eval(HOLD, key, values));
      renewedNs = nowNs;
    }
    return held;
  }

  /** Disconnects, and releases the lease so that another process can take it at once. */
  @Override
  public void close() {
    try (jedis) {
      if (held) {
        jedis.eval(RELEASE, key, List.of(holder));
      }
    } catch (JedisException e) {
      // Redis is away, which the next connection reports; the lease ends by itself.
    }
  }
}
