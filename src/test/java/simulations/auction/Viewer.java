package simulations.auction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import stack.StackFailure;

/**
 * Somebody who watches an item and keeps the amount of every accepted bid, in the order in which
 * they came; at most {@link History#BIDS_MAX}. Thread-safe.
 */
final class Viewer implements WebSocket.Listener, AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Duration BOUND = Duration.ofSeconds(5);

  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;
  private long[] cents = new long[1024];
  private int count;
  private long leftOut;
  private long gaps;
  private String broken = "";
  private boolean closing;

  private Viewer(HttpClient http, URI url) {
    socket = http.newWebSocketBuilder().connectTimeout(BOUND).buildAsync(url, this).join();
  }

  /**
   * Begins to watch.
   *
   * @param http for all viewers
   * @param url of the item's WebSocket
   * @throws StackFailure if it cannot
   */
  static Viewer watch(HttpClient http, URI url) {
    try {
      return new Viewer(http, url);
    } catch (CompletionException e) {
      throw new StackFailure("nobody can watch at " + url + ": " + e.getCause(), e);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      take(part.toString());
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    ended("was closed by " + status + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended("broke: " + error.getMessage());
  }

  /** Amounts in cents, in the order in which they came. */
  synchronized long[] cents() {
    return Arrays.copyOf(cents, count);
  }

  /** How many came. */
  synchronized int count() {
    return count;
  }

  /** Bids that did not fit, or that it was told it had missed. */
  synchronized long unheard() {
    return leftOut + gaps;
  }

  /** Why it stopped watching before it was told to; empty if it did not. */
  synchronized Optional<String> broken() {
    return broken.isEmpty() ? Optional.empty() : Optional.of(broken);
  }

  @Override
  public void close() {
    synchronized (this) {
      closing = true;
    }
    socket.abort();
  }

  private synchronized void ended(String how) {
    if (!closing && broken.isEmpty()) {
      broken = how;
    }
  }

  private synchronized void take(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      String type = "bid";
      long amount = BidAnswer.NONE;
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken value = parser.nextToken();
        if (name.equals("type")) {
          type = parser.getText();
        } else if (name.equals("amount") && value != JsonToken.VALUE_NULL) {
          amount = BidAnswer.cents(parser);
        } else {
          parser.skipChildren();
        }
      }
      if (type.equals("gap")) {
        gaps++;
      } else if (type.equals("bid") && amount >= 0) {
        keep(amount);
      }
    } catch (IOException e) {
      ended("was sent what is no event: " + e.getMessage());
    }
  }

  private void keep(long amount) {
    if (count == History.BIDS_MAX) {
      leftOut++;
      return;
    }
    if (count == cents.length) {
      cents = Arrays.copyOf(cents, Math.min(History.BIDS_MAX, 2 * count));
    }
    cents[count++] = amount;
  }
}
