package targets.shared;

import java.net.URI;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/** Address of Redis, and the way connections to it are made. */
public final class RedisAddress {
  private static final int CONNECT_MS = 2000;
  private static final long REFUSED_MS = 1000;
  private static final int ANSWER_MS = 5000;

  private final URI url;
  private final int connectMs;
  private final int answerMs;

  /** Waits {@value #CONNECT_MS} ms for a connection and {@value #ANSWER_MS} ms for an answer. */
  public RedisAddress(URI url) {
    this(url, CONNECT_MS, ANSWER_MS);
  }

  /** The address {@code redis://[[user]:password@]host[:port][/database]}, with its bounds. */
  public RedisAddress(URI url, int connectMs, int answerMs) {
    this.url = url;
    this.connectMs = connectMs;
    this.answerMs = answerMs;
  }

  /**
   * Returns a new connection.
   *
   * @param silenceMs bound of a blocking command or a subscription without messages, 0 for none
   * @throws JedisException if Redis does not answer or refuses the credentials
   */
  public Jedis connect(int silenceMs) {
    int port = url.getPort() < 0 ? 6379 : url.getPort();
    return new Jedis(
        new HostAndPort(url.getHost(), port),
        DefaultJedisClientConfig.builder()
            .autoNegotiateProtocol(false)
            .connectionTimeoutMillis(connectMs)
            .socketTimeoutMillis(answerMs)
            .blockingSocketTimeoutMillis(silenceMs)
            .user(JedisURIHelper.getUser(url))
            .password(JedisURIHelper.getPassword(url))
            .database(JedisURIHelper.getDBIndex(url))
            .sslOptions(JedisURIHelper.isRedisSSLScheme(url) ? SslOptions.defaults() : null)
            .build());
  }

  /** Returns the time to the next attempt in ms: longer after a server that refused. */
  public static long pauseMs(Exception e, long otherwise) {
    return e instanceof JedisDataException ? REFUSED_MS : otherwise;
  }

  /** Returns why Redis cannot be used, in one line. */
  public static String words(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
