package targets.auction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import targets.shared.Json;

/** A viewer that keeps everything it was told. */
final class Watcher implements WebSocket.Listener, AutoCloseable {
  private final List<JsonNode> told = new CopyOnWriteArrayList<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;

  Watcher(HttpClient http, URI broadcast, String item) {
    URI url = URI.create("ws://127.0.0.1:" + broadcast.getPort() + "/ws/items/" + item);
    socket = http.newWebSocketBuilder().buildAsync(url, this).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      try {
        told.add(Json.MAPPER.readTree(part.toString()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.complete("broken");
  }

  CompletableFuture<String> closed() {
    return closed;
  }

  List<JsonNode> told() {
    return told;
  }

  void say(String text) {
    socket.sendText(text, true).join();
  }

  /** The sequences from the state on. */
  List<Long> sequences() {
    List<Long> sequences = new ArrayList<>();
    for (JsonNode message : told) {
      if (!message.get("type").asText().equals("connected")) {
        sequences.add(message.path("sequence").asLong());
      }
    }
    return sequences;
  }

  long last() {
    List<Long> sequences = sequences();
    return sequences.isEmpty() ? -1 : sequences.get(sequences.size() - 1);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
