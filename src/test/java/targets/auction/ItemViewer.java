package targets.auction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import targets.shared.Json;

/** A viewer that keeps every message. */
final class ItemViewer implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;

  ItemViewer(URI broadcast, String item) {
    URI url = URI.create("ws://127.0.0.1:" + broadcast.getPort() + "/ws/items/" + item);
    socket = HTTP.newWebSocketBuilder().buildAsync(url, this).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      try {
        messages.add(Json.MAPPER.readTree(part.toString()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  List<JsonNode> messages() {
    return messages;
  }

  /** Returns the sequences, from the state on. */
  List<Long> sequences() {
    return messages.stream()
        .filter(message -> !message.get("type").asText().equals("connected"))
        .map(message -> message.path("sequence").asLong())
        .toList();
  }

  /** Waits for a sequence. */
  void await(long sequence) {
    AuctionStack.await(
        () -> {
          List<Long> all = sequences();
          return !all.isEmpty() && all.get(all.size() - 1) == sequence;
        });
  }

  @Override
  public void close() {
    socket.abort();
  }
}
