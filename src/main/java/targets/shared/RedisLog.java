package targets.shared;

import static redis.clients.jedis.util.SafeEncoder.encode;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.resps.StreamEntryBinary;

/**
 * Redis streams as the source of a pump, read by one process at a time: the holder of a lease,
 * which loses it unless it renews it in time. Entries are read from the beginning, because
 * delivered ones are deleted. Used by one thread.
 */
public abstract class RedisLog<E> implements Pump.Session<RedisLog.Entry<E>> {
  /** Bound of a blocking read, for {@link RedisAddress#connect}. */
  public static final int SILENCE_MS = 5000;

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

  /** Bounds one wait for entries, because the lease is renewed in between. */
  private static final int BLOCK_MS = 200;

  protected final Jedis jedis;
  private final Streams streams;
  private final LongSupplier nanoClock;
  private long renewedNs;
  private boolean held;

  /**
   * The streams and their lease.
   *
   * @param takeMax entries taken at once from one stream
   * @param holder name of this process, unique among running ones
   * @param length time after which the lease of a silent process is free
   */
  public record Streams(
      List<String> keys, int takeMax, String lease, String holder, Duration length) {}

  /** An entry of a stream; without content if there is nothing to deliver. */
  public record Entry<E>(String stream, StreamEntryBinary read, Optional<E> content) {}

  /** A session on a connection, which it closes. */
  protected RedisLog(Jedis jedis, Streams streams, LongSupplier nanoClock) {
    this.jedis = jedis;
    this.streams = streams;
    this.nanoClock = nanoClock;
    this.renewedNs = nanoClock.getAsLong() - streams.length.toNanos();
  }

  /** Returns the content of an entry; empty if there is nothing to deliver. */
  protected abstract Optional<E> content(StreamEntryBinary entry);

  @Override
  public boolean lease() {
    return hold();
  }

  /** Takes or renews the lease if that is due. */
  private boolean hold() {
    long nowNs = nanoClock.getAsLong();
    if (nowNs - renewedNs >= streams.length.toNanos() / RENEWALS) {
      List<String> values = List.of(streams.holder, Long.toString(streams.length.toMillis()));
      held = Long.valueOf(1).equals(jedis.eval(HOLD, List.of(streams.lease), values));
      renewedNs = nowNs;
    }
    return held;
  }

  @Override
  @SuppressWarnings("ArrayAsKeyOfSetOrMap") // Required by Jedis; never looked up.
  public List<Entry<E>> read() throws IOException, JetStreamApiException {
    Map<byte[], StreamEntryID> from = new HashMap<>();
    streams.keys.forEach(key -> from.put(encode(key), new StreamEntryID()));
    XReadParams bounds = XReadParams.xReadParams().count(streams.takeMax).block(BLOCK_MS);
    List<Entry<E>> batch =
        Stream.ofNullable(jedis.xreadBinary(bounds, from))
            .flatMap(List::stream)
            .flatMap(read -> read.getValue().stream().map(e -> entry(encode(read.getKey()), e)))
            .toList();
    // Redis may have been slow, and another process reads now.
    return hold() ? batch : List.of();
  }

  private Entry<E> entry(String stream, StreamEntryBinary read) {
    return new Entry<>(stream, read, content(read));
  }

  /** Deletes exactly these entries: ids depend on Redis' clock, which a failover may set back. */
  @Override
  public void acknowledge(List<Entry<E>> batch) {
    Pipeline pipeline = jedis.pipelined();
    for (Entry<E> entry : batch) {
      pipeline.xdel(entry.stream, entry.read.getID());
    }
    pipeline.sync();
  }

  /** Disconnects, and releases the lease so that another process can take it at once. */
  @Override
  public void close() {
    try (jedis) {
      if (held) {
        jedis.eval(RELEASE, List.of(streams.lease), List.of(streams.holder));
      }
    } catch (JedisException e) {
      // Redis is away, which the next connection reports; the lease ends by itself.
    }
  }
}
