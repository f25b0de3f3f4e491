package targets.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import settings.TokenKey;
import settings.TokenMint;
import settings.TokenPlan;
import targets.shared.Json;
import targets.shared.Target;
import targets.shared.TargetSpec;
import testing.RawWebSocket;

/** A ticker in the test's own JVM, on a free port. */
public final class RunningTicker implements AutoCloseable {
  /** A port without a listener, for tests that need no market. */
  private static final String NO_NATS = "nats://127.0.0.1:1";

  private static final long POLL_NS = 10_000_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Target target;

  private RunningTicker(TargetSpec spec, Map<String, String> options) {
    Map<String, String> all = new LinkedHashMap<>(Map.of("port", "0", "nats", NO_NATS));
    all.putAll(options);
    target = spec.start(all);
  }

  /** Starts one with options by their names, without dashes. */
  public static RunningTicker with(String... namesAndValues) {
    return of(TickerServer.SPEC, namesAndValues);
  }

  /** Starts a ticker of another specification. */
  public static RunningTicker of(TargetSpec spec, String... namesAndValues) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int index = 0; index < namesAndValues.length; index += 2) {
      options.put(namesAndValues[index], namesAndValues[index + 1]);
    }
    return new RunningTicker(spec, options);
  }

  public int port() {
    return target.port();
  }

  /** A token as its users have them. */
  public static String token(String user) {
    return token(user, TokenPlan.GOOD);
  }

  /** A token of another kind. */
  public static String token(String user, TokenPlan plan) {
    return new TokenMint(TokenKey.ofDevelopment(), plan, InstantSource.system()).mint(user);
  }

  /** A client of the JDK's, connected. */
  public JdkClient connect(String user) {
    return JdkClient.connect(port(), token(user));
  }

  /** A client that can do wrong, connected. */
  public RawWebSocket raw(String user) throws IOException {
    RawWebSocket client = RawWebSocket.open(port());
    client.upgrade(token(user));
    return client;
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  public HttpResponse<String> get(String path, String... headers) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url(path));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  public HttpResponse<String> post(String path, String body) throws IOException {
    return send(HttpRequest.newBuilder(url(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public JsonNode metrics() throws IOException {
    return Json.MAPPER.readTree(get("/metrics").body());
  }

  /** Asks for the metrics until they are as wished; the test's time-out bounds it. */
  public JsonNode awaitMetrics(Predicate<JsonNode> wish) throws IOException {
    JsonNode metrics = metrics();
    while (!wish.test(metrics)) {
      LockSupport.parkNanos(POLL_NS);
      metrics = metrics();
    }
    return metrics;
  }

  /** Waits until the health page answers so. */
  public void awaitHealth(int status) throws IOException {
    while (get("/health").statusCode() != status) {
      LockSupport.parkNanos(POLL_NS);
    }
  }

  @Override
  public void close() {
    target.close();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
