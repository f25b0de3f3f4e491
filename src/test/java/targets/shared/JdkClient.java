package targets.shared;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The WebSocket client of the JDK, which answers pings by itself. */
public final class JdkClient implements AutoCloseable, WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Follows the last message when the connection has ended. */
  private static final String END = "";

  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final AtomicInteger pings = new AtomicInteger();
  private final StringBuilder parts = new StringBuilder();
  private final WebSocket socket;

  /** Connects; a header is its name and its value. */
  public JdkClient(int port, String path, String... header) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (header.length == 2) {
      builder.header(header[0], header[1]);
    }
    socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), this).join();
  }

  public void send(String text) {
    socket.sendText(text, true).join();
  }

  /** Closes as clients do. */
  public void leave(int code) {
    socket.sendClose(code, "").join();
  }

  /**
   * Returns the next message of any kind; the test's time-out bounds it.
   *
   * @throws IllegalStateException after the last message of a closed connection
   */
  public JsonNode next() {
    try {
      String text = texts.take();
      if (text.equals(END)) {
        throw new IllegalStateException("the connection has ended: " + closed);
      }
      return RunningTarget.json(text);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Returns the next message of this type. */
  public JsonNode next(String type) {
    JsonNode message = next();
    while (!message.get("type").asText().equals(type)) {
      message = next();
    }
    return message;
  }

  /** Returns the number of unread messages. */
  public int unread() {
    return texts.size();
  }

  public int pings() {
    return pings.get();
  }

  /** Waits for the code by which the target closes. */
  public int closeCode() {
    return closed.join();
  }

  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    parts.append(data);
    if (last) {
      texts.add(parts.toString());
      parts.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    pings.incrementAndGet();
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    texts.add(END);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
    texts.add(END);
  }
}
