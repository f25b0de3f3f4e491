package simulations.relay;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;
import simulations.relay.RelaySettings.Delivery;
import simulations.run.Clock;

/**
 * One connection to the Redis to which tokens are published, made again when it is lost. Used by
 * one thread.
 */
final class RedisTokens implements AutoCloseable {
  /** Number of Redis streams of durable delivery, the same for producers and bridges. */
  private static final int SHARDS = 8;

  private static final int BOUND_MS = 2_000;

  private final URI url;
  private final Delivery delivery;
  private Jedis connection;

  /** Of {@code redis://[[user]:password@]host[:port][/database]}. */
  RedisTokens(URI url, Delivery delivery) {
    this.url = url;
    this.delivery = delivery;
  }

  record Message(String id, String json) {}

  /**
   * Publishes messages in their order, in one round trip.
   *
   * @return for each whether Redis acknowledged it; after a failure the last ones are unknown
   */
  List<Boolean> publish(List<Message> messages) {
    List<Response<?>> replies = new ArrayList<>(messages.size());
    try {
      Pipeline pipeline = connected().pipelined();
      for (Message message : messages) {
        replies.add(
            switch (delivery) {
              case CORE -> pipeline.publish("llm:tokens:" + message.id(), message.json());
              case DURABLE ->
                  pipeline.xadd(
                      "llm:token-log:" + shard(message.id()),
                      StreamEntryID.NEW_ENTRY,
                      Map.of("message", message.json()));
            });
      }
      pipeline.sync();
    } catch (JedisException e) {
      close();
    }
    return IntStream.range(0, messages.size())
        .mapToObj(at -> at < replies.size() && isTaken(replies.get(at)))
        .toList();
  }

  /**
   * Returns the offset of a clock from Redis's, by the quickest of some answers.
   *
   * @throws JedisException if Redis does not answer
   */
  Clock.Offset offset(Clock clock) {
    return Clock.Offset.best(
        () -> {
          long requestNs = clock.unixNs();
          List<String> time = connected().time();
          long answerNs = clock.unixNs();
          long redisNs =
              SECONDS.toNanos(Long.parseLong(time.get(0)))
                  + MICROSECONDS.toNanos(Long.parseLong(time.get(1)));
          return Clock.Offset.of(requestNs, redisNs, answerNs);
        });
  }

  /** In core delivery an unacknowledged message may have reached subscribers: no repetition. */
  boolean mayRepeat() {
    return delivery == Delivery.DURABLE;
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (JedisException e) {
        // It was reset before; what it could not send was not taken.
      }
      connection = null;
    }
  }

  /** Returns the CRC-32 of the id's bytes, as in zlib, modulo the number of shards. */
  static int shard(String id) {
    CRC32 crc = new CRC32();
    crc.update(id.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % SHARDS);
  }

  private Jedis connected() {
    if (connection == null) {
      connection =
          new Jedis(
              new HostAndPort(url.getHost(), url.getPort() < 0 ? 6379 : url.getPort()),
              DefaultJedisClientConfig.builder(url)
                  .autoNegotiateProtocol(false)
                  .timeoutMillis(BOUND_MS)
                  .sslOptions(JedisURIHelper.isRedisSSLScheme(url) ? SslOptions.defaults() : null)
                  .build());
    }
    return connection;
  }

  private static boolean isTaken(Response<?> reply) {
    try {
      return reply.get() != null;
    } catch (JedisException | IllegalStateException e) {
      return false; // Redis refused it, or the connection went before it answered.
    }
  }
}
