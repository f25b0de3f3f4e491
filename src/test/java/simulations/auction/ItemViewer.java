package simulations.auction;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import kpi.Outcome;
import stack.StackFailure;

/**
 * A viewer of an item that is not part of the load: a WebSocket of the JDK, from before the first
 * bid to the end of the run. Thread-safe.
 */
final class ItemViewer implements WebSocket.Listener {
  private static final Duration BOUND = Duration.ofSeconds(5);

  private final StringBuilder part = new StringBuilder();
  private final AuctionRecorder recorder;
  private final WebSocket socket;
  private volatile Optional<Outcome> lost = Optional.empty();

  /**
   * Connects.
   *
   * @throws StackFailure if that fails
   */
  ItemViewer(HttpClient http, URI url, AuctionRecorder recorder) {
    this.recorder = recorder;
    try {
      socket = http.newWebSocketBuilder().connectTimeout(BOUND).buildAsync(url, this).join();
    } catch (CompletionException e) {
      throw new StackFailure("viewers cannot connect to " + url + ": " + e.getCause(), e);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      var unused = recorder.onFrame(part.toString());
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    lost = Optional.of(Outcome.CLOSED_EARLY);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    lost = Optional.of(Outcome.RESET);
  }

  AuctionRecorder recorder() {
    return recorder;
  }

  /** Leaves. */
  void close() {
    recorder.finish(lost);
    socket.abort();
  }
}
