package targets.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import targets.shared.Json;

/** The WebSocket client of the JDK, which answers pings by itself. */
public final class JdkClient implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Inbox inbox = new Inbox();
  private final WebSocket socket;

  private JdkClient(URI url, String... header) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (header.length == 2) {
      builder.header(header[0], header[1]);
    }
    socket = builder.buildAsync(url, inbox).join();
  }

  /** Connects with the token in the query. */
  public static JdkClient connect(int port, String token) {
    return new JdkClient(URI.create("ws://127.0.0.1:" + port + "/ws?token=" + token));
  }

  /** Connects with the token in a header. */
  public static JdkClient connectByHeader(int port, String token) {
    return new JdkClient(
        URI.create("ws://127.0.0.1:" + port + "/ws"), "Authorization", "Bearer " + token);
  }

  public void send(String text) {
    socket.sendText(text, true).join();
  }

  /** Closes as clients do. */
  public void leave(int code) {
    socket.sendClose(code, "").join();
  }

  /** The next message of any kind; the test's time-out bounds it. */
  public JsonNode next() {
    try {
      return Json.MAPPER.readTree(inbox.texts.take());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The next message of this type. */
  public JsonNode next(String type) {
    JsonNode message = next();
    while (!message.get("type").asText().equals(type)) {
      message = next();
    }
    return message;
  }

  /** Returns the number of unread messages. */
  public int unread() {
    return inbox.texts.size();
  }

  /** How many pings came. */
  public int pings() {
    return inbox.pings.get();
  }

  /** The code by which the ticker closes. */
  public int closeCode() {
    return inbox.closed.join();
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static final class Inbox implements WebSocket.Listener {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder parts = new StringBuilder();
    private final AtomicInteger pings = new AtomicInteger();

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
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
