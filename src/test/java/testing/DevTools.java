package testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A connection to the page of a Chromium, by its DevTools protocol. Used by one thread. */
final class DevTools {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final long BOUND_S = 30;

  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  private DevTools(String url) {
    socket = CLIENT.newWebSocketBuilder().buildAsync(URI.create(url), new Answers()).join();
  }

  /** Connects when the browser has written its port into its profile, within a bound. */
  static DevTools connect(Path profile) {
    return new DevTools(Await.until(() -> page(profile), Optional::isPresent).orElseThrow());
  }

  /** Returns the address of the tools of a page. */
  private static Optional<String> page(Path profile) throws IOException, InterruptedException {
    String port =
        Files.readString(profile.resolve("DevToolsActivePort")).replaceFirst("(?s)\n.*", "");
    HttpRequest list =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json")).build();
    return MAPPER
        .readTree(CLIENT.send(list, BodyHandlers.ofString()).body())
        .valueStream()
        .filter(page -> page.path("type").asText().equals("page"))
        .map(page -> page.path("webSocketDebuggerUrl").asText())
        .findFirst();
  }

  /** Returns the value of an expression in the page, as text; a promise's when it has one. */
  String evaluate(String expression) throws IOException, InterruptedException {
    JsonNode answer =
        call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true));
    JsonNode result = answer.at("/result/result");
    return result.has("value") ? result.path("value").asText() : result.toString();
  }

  /** Calls a method of the protocol; returns the whole answer. */
  JsonNode call(String method, Map<String, Object> parameters)
      throws IOException, InterruptedException {
    Map<String, Object> call = Map.of("id", 1, "method", method, "params", parameters);
    var unused = socket.sendText(MAPPER.writeValueAsString(call), true);
    String answer = answers.poll(BOUND_S, TimeUnit.SECONDS);
    if (answer == null) {
      throw new IllegalStateException("the browser does not answer");
    }
    return MAPPER.readTree(answer);
  }

  /** Messages, which may come in parts. */
  private final class Answers implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        answers.add(text.toString());
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(from, part, last);
    }
  }
}
