package stack;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/** One bounded request to a server, by the client of its protocol that the targets use. */
interface Probe {
  HttpClient HTTP =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(2))
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  /** Common to Redis' errors about credentials. */
  Pattern CREDENTIALS = Pattern.compile("AUTH|WRONGPASS|NOPERM|DENIED|password");

  /** The kind of an answer. */
  enum Kind {
    READY,
    /** It is the right server, but not ready yet, or not the expected one. */
    NOT_READY,
    NOTHING_ANSWERS,
    NOT_THIS_SERVER,
    REFUSED
  }

  /** An answer, with a reason for messages, which is empty if ready. */
  record Answer(Kind kind, String reason) {
    static final Answer READY = new Answer(Kind.READY, "");

    boolean isReady() {
      return kind == Kind.READY;
    }
  }

  /** Probes once; every failure is an answer. */
  Answer run(Duration bound);

  /** Adds a second probe, run if this one is ready. */
  default Probe and(Probe other) {
    return bound -> {
      Answer answer = run(bound);
      return answer.isReady() ? other.run(bound) : answer;
    };
  }

  /** Probes a service by the status of {@code GET /health}. */
  static Probe health(URI url, IntPredicate isReady) {
    return page(
        url.resolve("/health"),
        page -> isReady.test(page.statusCode()) ? "" : "status " + page.statusCode());
  }

  /** Probes a service by a page, in which the check finds why it is not ready, or nothing. */
  static Probe page(URI url, Function<HttpResponse<String>, String> check) {
    return bound -> {
      try {
        String reason = check.apply(get(url, bound));
        return reason.isEmpty() ? Answer.READY : new Answer(Kind.NOT_READY, reason);
      } catch (IOException e) {
        return new Answer(Kind.NOTHING_ANSWERS, e.getMessage());
      }
    };
  }

  /** Sends one request; throws if there is no answer in time, or the thread is interrupted. */
  static HttpResponse<String> get(URI url, Duration bound) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(url).timeout(bound).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Probes a Redis by PING.
   *
   * @param url with user and password if needed
   * @param pid only this process passes; empty for any
   */
  static Probe redis(URI url, OptionalLong pid) {
    return bound -> {
      int ms = (int) bound.toMillis();
      DefaultJedisClientConfig config =
          DefaultJedisClientConfig.builder(url)
              .sslOptions(JedisURIHelper.isRedisSSLScheme(url) ? SslOptions.defaults() : null)
              .autoNegotiateProtocol(false)
              .timeoutMillis(ms)
              .build();
      Answer answer = reach(url, ms);
      if (!answer.isReady()) {
        return answer;
      }
      try (Jedis jedis = new Jedis(new HostAndPort(url.getHost(), url.getPort()), config)) {
        jedis.ping();
        boolean known =
            pid.isEmpty() || jedis.info("server").contains("process_id:" + pid.getAsLong() + "\r");
        return known ? Answer.READY : new Answer(Kind.NOT_READY, "another Redis listens there");
      } catch (JedisDataException e) {
        return new Answer(redisKind(e.getMessage()), e.getMessage());
      } catch (JedisException e) {
        return new Answer(Kind.NOT_THIS_SERVER, reason(e));
      }
    };
  }

  private static Kind redisKind(String error) {
    if (error.startsWith("LOADING") || error.startsWith("MASTERDOWN")) {
      return Kind.NOT_READY;
    }
    return CREDENTIALS.matcher(error).find() ? Kind.REFUSED : Kind.NOT_THIS_SERVER;
  }

  /**
   * Probes a nats-server by a connection.
   *
   * @param url with user and password, or a token, if needed
   * @param serverName only the server of this name passes; empty for any
   */
  @SuppressWarnings("try") // An interrupt of close() is one of the probe.
  static Probe nats(URI url, Optional<String> serverName) {
    return bound -> {
      AtomicReference<String> failure = new AtomicReference<>("no answer in time");
      Options options =
          Options.builder()
              .server(url.toString())
              .connectionName("gauntlet probe")
              .connectionTimeout(bound)
              .noReconnect()
              .errorListener(
                  new ErrorListener() {
                    @Override
                    public void exceptionOccurred(Connection unused, Exception e) {
                      failure.set(reason(e));
                    }
                  })
              .build();
      Answer answer = reach(url, (int) bound.toMillis());
      if (!answer.isReady()) {
        return answer;
      }
      try (var connection = Nats.connect(options)) {
        String name = connection.getServerInfo().getServerName();
        return serverName.isEmpty() || serverName.get().equals(name)
            ? Answer.READY
            : new Answer(Kind.NOT_READY, "another nats-server listens there: " + name);
      } catch (AuthenticationException e) {
        return new Answer(Kind.REFUSED, e.getMessage());
      } catch (IOException e) {
        return new Answer(Kind.NOT_THIS_SERVER, failure.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Answer(Kind.NOTHING_ANSWERS, "interrupted");
      }
    };
  }

  /** Returns whether something accepts connections at an address. */
  private static Answer reach(URI url, int ms) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), ms);
      return Answer.READY;
    } catch (UnknownHostException e) {
      return new Answer(Kind.NOTHING_ANSWERS, "unknown host");
    } catch (IOException e) {
      return new Answer(Kind.NOTHING_ANSWERS, e.getMessage());
    }
  }

  /** Returns the message of the first cause. */
  private static String reason(Throwable e) {
    String own = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return e.getCause() == null ? own : reason(e.getCause());
  }

  /** Probes a PostgreSQL over JDBC; if a data folder is given, only its server passes. */
  static Probe postgres(String url, Optional<String> dataFolder) {
    String query = dataFolder.isPresent() ? "select current_setting('data_directory')" : "select 1";
    return bound -> {
      Properties options = new Properties();
      String seconds = Long.toString(Math.max(1, bound.toSeconds()));
      List.of("connectTimeout", "socketTimeout", "loginTimeout")
          .forEach(name -> options.setProperty(name, seconds));
      options.setProperty("ApplicationName", "gauntlet probe");
      try (var connection = DriverManager.getConnection(url, options);
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(query)) {
        rows.next();
        return dataFolder.isEmpty() || dataFolder.get().equals(rows.getString(1))
            ? Answer.READY
            : new Answer(Kind.NOT_READY, "another PostgreSQL listens there");
      } catch (SQLException e) {
        return new Answer(postgresKind(String.valueOf(e.getSQLState())), e.getMessage());
      }
    };
  }

  /** From PostgreSQL's error codes, Appendix A of its manual. */
  private static Kind postgresKind(String state) {
    return switch (state) {
      case "08001" -> Kind.NOTHING_ANSWERS;
      case "57P03", "53300" -> Kind.NOT_READY;
      default ->
          state.startsWith("28") || state.startsWith("3D") || state.startsWith("42")
              ? Kind.REFUSED
              : Kind.NOT_THIS_SERVER;
    };
  }
}
