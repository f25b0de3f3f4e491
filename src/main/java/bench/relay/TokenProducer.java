package bench.relay;

import bench.Lag;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import org.HdrHistogram.Histogram;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XAddParams;
import stack.StackFailure;

/**
 * Says the tokens of a step to Redis by its plan: what is due at once goes out in one round trip.
 * Used by one thread.
 */
final class TokenProducer {
  /** So many go out in one round trip. */
  private static final int BATCH_MAX = 256;

  /** Redis streams of durable delivery, as a bridge expects them. */
  private static final int SHARDS = 8;

  private static final byte[] FIELD = utf8("message");

  /** A producer that is so much behind its plan gives the rest of the step up. */
  private static final Duration BEHIND_MAX = Duration.ofSeconds(5);

  private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long HIGHEST_NS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;
  private static final long NS_OF_S = 1_000_000_000L;

  private final LongSupplier nanoClock;
  private final InstantSource wall;

  /**
   * @param nanoClock monotonic nanoseconds
   * @param wall stamps the messages
   */
  TokenProducer(LongSupplier nanoClock, InstantSource wall) {
    this.nanoClock = nanoClock;
    this.wall = wall;
  }

  /**
   * What was said.
   *
   * @param sent tokens that Redis took
   * @param lag from when a token was due to when Redis had taken it
   */
  record Produced(int sent, Lag lag) {}

  /**
   * Says all tokens; returns when Redis has taken the last one, or too late to go on.
   *
   * @param durable whether they are added to Redis streams, or published to channels
   * @param startNs when the step starts
   * @throws StackFailure if Redis refuses one
   */
  Produced produce(StepLoad load, URI redis, boolean durable, long startNs)
      throws InterruptedException {
    Histogram lag = new Histogram(1, HIGHEST_NS, DIGITS);
    byte[][] places = places(load, durable);
    int sent = 0;
    try (Jedis jedis = new Jedis(redis.getHost(), redis.getPort())) {
      while (sent < load.tokens()) {
        long sinceNs = nanoClock.getAsLong() - startNs;
        int count = Math.min(BATCH_MAX, load.dueBy(sinceNs) - sent);
        if (count > 0) {
          if (sinceNs - load.dueNs(sent) > BEHIND_MAX.toNanos()) {
            break;
          }
          say(jedis, load, places, durable, sent, count);
          long takenNs = nanoClock.getAsLong() - startNs;
          for (int token = sent; token < sent + count; token++) {
            lag.recordValue(Math.min(HIGHEST_NS, Math.max(1, takenNs - load.dueNs(token))));
          }
          sent += count;
        } else {
          LockSupport.parkNanos(Math.min(IDLE_NS, Math.max(1, load.dueNs(sent) - sinceNs)));
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
      }
    } catch (JedisException e) {
      throw new StackFailure("Redis did not take a token: " + e.getMessage(), e);
    }
    return new Produced(sent, Lag.of(lag));
  }

  private void say(
      Jedis jedis, StepLoad load, byte[][] places, boolean durable, int from, int count) {
    Instant now = wall.instant();
    long unixNs = now.getEpochSecond() * NS_OF_S + now.getNano();
    Pipeline pipeline = jedis.pipelined();
    for (int token = from; token < from + count; token++) {
      int stream = load.stream(token);
      byte[] json =
          TokenText.json(load.id(stream), load.sequence(token), load.isDone(token), unixNs);
      if (durable) {
        pipeline.xadd(
            places[stream], XAddParams.xAddParams().id(StreamEntryID.NEW_ENTRY), message(json));
      } else {
        pipeline.publish(places[stream], json);
      }
    }
    pipeline.sync();
  }

  @SuppressWarnings("ArrayAsKeyOfSetOrMap") // So Jedis wants it; nobody looks anything up.
  private static Map<byte[], byte[]> message(byte[] json) {
    return Map.of(FIELD, json);
  }

  /** The Redis channel, or stream, of each conversation. */
  private static byte[][] places(StepLoad load, boolean durable) {
    byte[][] places = new byte[load.streams()][];
    for (int stream = 0; stream < places.length; stream++) {
      String id = load.id(stream);
      places[stream] = utf8(durable ? "llm:token-log:" + shard(id) : RedisEar.CHANNELS + id);
    }
    return places;
  }

  /** As the bridge deals conversations out: CRC-32 of the id, modulo the number of shards. */
  static int shard(String id) {
    CRC32 crc = new CRC32();
    crc.update(utf8(id));
    return (int) (crc.getValue() % SHARDS);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
