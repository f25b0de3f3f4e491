package targets.relay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;

/**
 * Which shards this bridge may read. A shard has one reader at a time, or its order would be lost;
 * a reader that is not heard of for the length of a lease loses its shards to another. Used by one
 * thread.
 */
final class ShardLeases {
  private static final byte[] HOLD =
      utf8(
          "local owner = redis.call('get', KEYS[1]) "
              + "if owner == ARGV[1] or not owner then "
              + "redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1 end return 0");
  private static final byte[] RELEASE =
      utf8(
          "if redis.call('get', KEYS[1]) == ARGV[1] then "
              + "return redis.call('del', KEYS[1]) end return 0");
  private static final int RENEWALS = 4;

  private final String name;
  private final int shards;
  private final Duration lease;
  private final LongSupplier nanoClock;
  private final Set<Integer> held = new TreeSet<>();
  private final TreeSet<Integer> fresh = new TreeSet<>();
  private long renewedNs;

  /**
   * @param name of this bridge, not shared with another one that runs
   * @param shards how many there are
   * @param lease how long a shard stays with a bridge that is not heard of
   */
  ShardLeases(String name, int shards, Duration lease, LongSupplier nanoClock) {
    this.name = name;
    this.shards = shards;
    this.lease = lease;
    this.nanoClock = nanoClock;
    this.renewedNs = nanoClock.getAsLong() - lease.toNanos();
  }

  /** The shards held; valid while {@link #areValid}. */
  Set<Integer> held() {
    return held;
  }

  /** Forgets what is held, because the connection to Redis was lost. */
  void forget() {
    held.clear();
    fresh.clear();
    renewedNs = nanoClock.getAsLong() - lease.toNanos();
  }

  /** True while no other bridge can have taken the shards. */
  boolean areValid() {
    return nanoClock.getAsLong() - renewedNs < lease.toNanos();
  }

  /** True when {@link #renew} should be called. */
  boolean areDue() {
    return nanoClock.getAsLong() - renewedNs > lease.toNanos() / RENEWALS;
  }

  /** A shard that is held, but not yet {@link #begun}. */
  Optional<Integer> fresh() {
    return fresh.isEmpty() ? Optional.empty() : Optional.of(fresh.first());
  }

  /** What the last reader of a shard left is passed on. */
  void begun(int shard) {
    fresh.remove(shard);
  }

  /** Renews what is held and takes what is free. */
  void renew(Jedis jedis) {
    long nowNs = nanoClock.getAsLong();
    for (int shard = 0; shard < shards; shard++) {
      List<byte[]> values = List.of(utf8(name), utf8(Long.toString(lease.toMillis())));
      Object mine = jedis.eval(HOLD, List.of(utf8(Names.lease(shard))), values);
      if (!Long.valueOf(1).equals(mine)) {
        held.remove(shard);
        fresh.remove(shard);
      } else if (held.add(shard)) {
        fresh.add(shard);
      }
    }
    renewedNs = nowNs;
  }

  /** Gives everything back, so that another bridge need not wait. */
  void release(Jedis jedis) {
    for (int shard : held) {
      jedis.eval(RELEASE, List.of(utf8(Names.lease(shard))), List.of(utf8(name)));
    }
    held.clear();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
