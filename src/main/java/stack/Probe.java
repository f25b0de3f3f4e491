package stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** One bounded request to a server, in its own protocol; see {@link Wire} for Redis and NATS. */
interface Probe {
  HttpClient HTTP =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(2))
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  /** The kind of an answer. */
  enum Kind {
    READY,
    /** It is the right server, but not ready yet, or not the expected one. */
    NOT_READY,
    NOTHING_ANSWERS,
    NOT_THIS_SERVER,
    REFUSED
  }

  /**
   * An answer.
   *
   * @param reason for messages; empty if ready
   */
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

  /**
   * Sends one request.
   *
   * @throws IOException if there is no answer in time, or the thread is interrupted
   */
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
   * Probes a PostgreSQL over JDBC.
   *
   * @param dataFolder only the server of this folder passes; empty for any
   */
  static Probe postgres(String url, Optional<String> dataFolder) {
    String query = dataFolder.isPresent() ? "select current_setting('data_directory')" : "select 1";
    return bound -> {
      Properties options = new Properties();
      String seconds = Long.toString(Math.max(1, bound.toSeconds()));
      List.of("connectTimeout", "socketTimeout", "loginTimeout")
          .forEach(name -> options.setProperty(name, seconds));
      options.setProperty("ApplicationName", "gauntlet probe");
      try (Connection connection = DriverManager.getConnection(url, options);
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
