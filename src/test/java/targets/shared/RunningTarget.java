package targets.shared;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import testing.Await;

/** A target in the test's own JVM, on a free port. */
public class RunningTarget implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Service target;

  /**
   * @param settings {@code name=value}, without dashes; later ones win
   */
  public RunningTarget(TargetSpec spec, String... settings) {
    Map<String, String> values = values(settings);
    values.putIfAbsent("port", "0");
    target = spec.start(values);
  }

  /** Returns settings {@code name=value} by their names; later ones win. */
  public static Map<String, String> values(String... settings) {
    Map<String, String> values = new HashMap<>();
    for (String setting : settings) {
      String[] words = setting.split("=", 2);
      values.put(words[0], words[1]);
    }
    return values;
  }

  public final int port() {
    return target.port();
  }

  public final URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public final HttpResponse<String> get(String path) {
    return send(request(path));
  }

  public static HttpResponse<String> send(HttpRequest.Builder request) {
    return send(request, BodyHandlers.ofString());
  }

  public final HttpResponse<byte[]> getBytes(String path) {
    return send(request(path), BodyHandlers.ofByteArray());
  }

  public final HttpResponse<String> post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  public final JsonNode metrics() {
    return json(get("/metrics").body());
  }

  /** Waits until the metrics are as required; returns them. */
  public final JsonNode await(Predicate<JsonNode> required) {
    return Await.until(this::metrics, required);
  }

  /** Waits until a figure, named by its path such as {@code ended/done}, has this value. */
  public final JsonNode await(String figure, int value) {
    return await(now -> now.at("/" + figure).asInt() == value);
  }

  public final void awaitHealth(int status) {
    Await.until(() -> get("/health").statusCode(), now -> now == status);
  }

  public static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Drains and stops the target; safe to call twice. */
  @Override
  public void close() {
    target.close();
  }

  /** Returns a GET of a path, to be completed. */
  public final HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path)).timeout(BOUND);
  }

  private static <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) {
    try {
      return HTTP.send(request.build(), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
