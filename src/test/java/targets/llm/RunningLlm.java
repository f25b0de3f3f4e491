package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import targets.shared.Json;
import targets.shared.Target;
import targets.shared.TargetSpec;
import testing.RawClient;

/** A server on a free port and the requests that tests make of it. */
public final class RunningLlm implements AutoCloseable {
  /** The smallest body of a streamed request. */
  public static final String STREAM = "{\"stream\":true,\"messages\":[{\"role\":\"user\"}]}";

  /** The smallest body of a request that is not streamed. */
  public static final String WHOLE =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"two words\"}]}";

  private final Target server;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningLlm(Target server) {
    this.server = server;
  }

  /** Settings as name, value, name, value. */
  public static RunningLlm with(String... settings) {
    return of(LlmServer.SPEC, settings);
  }

  /** A server of another specification. */
  public static RunningLlm of(TargetSpec spec, String... settings) {
    Map<String, String> values = new HashMap<>(Map.of("port", "0", "duration", "20ms"));
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    return new RunningLlm(spec.start(values));
  }

  public int port() {
    return server.port();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url(path))));
  }

  public HttpResponse<String> chat(String query, String body) {
    return send(post(query, body));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a chat request of HTTP/1.1 as it is sent. */
  static String raw(String query, String body) {
    return "POST /v1/chat/completions"
        + query
        + " HTTP/1.1\r\nhost: x\r\ncontent-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  public HttpRequest.Builder post(String query, String body) {
    return HttpRequest.newBuilder(URI.create(url("/v1/chat/completions" + query)))
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  /** The tokens of a stream as the client joins them, and the last data line. */
  public static List<String> data(String body) {
    List<String> data = new ArrayList<>();
    for (String event : body.split("\n\n", -1)) {
      if (!event.isEmpty()) {
        assertThat(event).startsWith("data: ").doesNotContain("\n");
        data.add(event.substring("data: ".length()));
      }
    }
    return data;
  }

  /** The contents of the events that have one. */
  public static List<String> words(String body) {
    List<String> words = new ArrayList<>();
    for (String json : data(body)) {
      JsonNode content = json(json).at("/choices/0/delta/content");
      if (content.isTextual()) {
        words.add(content.asText());
      }
    }
    return words;
  }

  public static JsonNode json(String text) {
    try {
      return text.equals("[DONE]") ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public JsonNode metrics() {
    return json(get("/metrics").body());
  }

  /** Asks for the metrics until they are as wished; the test's time-out bounds it. */
  public JsonNode awaitMetrics(Predicate<JsonNode> wish) {
    JsonNode metrics = metrics();
    while (!wish.test(metrics)) {
      LockSupport.parkNanos(1_000_000);
      metrics = metrics();
    }
    return metrics;
  }

  /** Connects until that is refused; the test's time-out bounds it. */
  void awaitEndOfListening() {
    while (true) {
      try {
        new RawClient(port()).close();
      } catch (IOException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
