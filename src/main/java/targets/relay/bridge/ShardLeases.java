package targets.relay.bridge;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;
import targets.relay.message.Names;

/**
 * The shards that a bridge may read on one connection. A shard has one reader at a time, which
 * keeps its order; a reader that does not renew its lease in time loses its shards to another one.
 * Used by one thread.
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

  private final String bridge;
  private final int shards;
  private final Duration lease;
  private final LongSupplier nanoClock;
  private final Set<Integer> held = new TreeSet<>();
  private final TreeSet<Integer> fresh = new TreeSet<>();
  private long renewedNs;

  /**
   * @param bridge the reader's name, unique among running bridges
   * @param shards number of shards
   * @param lease time after which the shards of a silent reader are free
   */
  ShardLeases(String bridge, int shards, Duration lease, LongSupplier nanoClock) {
    this.bridge = bridge;
    this.shards = shards;
    this.lease = lease;
    this.nanoClock = nanoClock;
    this.renewedNs = nanoClock.getAsLong() - lease.toNanos();
  }

  /** Returns the shards held; valid while {@link #areValid}. */
  Set<Integer> held() {
    return held;
  }

  /** Returns true while no other bridge can have taken the shards. */
  boolean areValid() {
    return nanoClock.getAsLong() - renewedNs < lease.toNanos();
  }

  /** Returns true when {@link #renew} should be called. */
  boolean areDue() {
    return nanoClock.getAsLong() - renewedNs > lease.toNanos() / RENEWALS;
  }

  /** Returns a shard that is held, but not yet {@link #begun}. */
  Optional<Integer> fresh() {
    return fresh.isEmpty() ? Optional.empty() : Optional.of(fresh.first());
  }

  /** Marks a shard whose last reader left nothing, or nothing more. */
  void begun(int shard) {
    fresh.remove(shard);
  }

  /** Renews the shards held and takes those that are free. */
  void renew(Jedis jedis) {
    long nowNs = nanoClock.getAsLong();
    for (int shard = 0; shard < shards; shard++) {
      List<byte[]> values = List.of(utf8(bridge), utf8(Long.toString(lease.toMillis())));
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

  /** Releases all shards, so that another bridge can take them at once. */
  void release(Jedis jedis) {
    for (int shard : held) {
      jedis.eval(RELEASE, List.of(utf8(Names.lease(shard))), List.of(utf8(bridge)));
    }
    held.clear();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
