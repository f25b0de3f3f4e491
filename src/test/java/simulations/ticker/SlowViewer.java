package simulations.ticker;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import testing.RawWebSocket;

/**
 * A client that reads nothing, while more trades of its own are published than all buffers on the
 * way hold. The ticker must close it; if it stalls the others, their delivery lag shows it.
 */
final class SlowViewer {
  /** The user whose trades are published. */
  static final String USER = "slow-viewer";

  private static final int RECEIVE_BUFFER = 4096;
  private static final int BOUND_MS = 10_000;
  private static final int TRADES = 4_000;
  private static final int BURST = 50;
  private static final int PADDING = 1_000;
  private static final long PAUSE_MS = 25;
  private static final long NS_PER_S = 1_000_000_000L;

  private final URI url;
  private final String token;
  private final String nats;
  private final Thread thread = new Thread(this::run, "slow viewer");
  private volatile boolean closed;
  private volatile String failure = "";

  /**
   * @param url of the socket
   * @param token of the user slow-viewer
   * @param nats server from which the ticker receives trades
   */
  SlowViewer(URI url, String token, String nats) {
    this.url = url;
    this.token = token;
    this.nats = nats;
    thread.setDaemon(true);
  }

  /** Begins; later calls change nothing. */
  synchronized void begin() {
    if (!closed && thread.getState() == Thread.State.NEW) {
      thread.start();
    }
  }

  /** Returns why it could not do its part; empty if it could. */
  String failure() {
    return failure;
  }

  /** Leaves. */
  synchronized void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(BOUND_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration bound = Duration.ofMillis(BOUND_MS);
    try (RawWebSocket socket = RawWebSocket.open(url, Optional.of(token), RECEIVE_BUFFER, bound)) {
      if (!socket.isOpen()) {
        failure = "its upgrade was answered by " + socket.status();
        return;
      }
      publish();
      // Open until the run ends, so that only the ticker can end it.
      while (!closed) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (IOException | TimeoutException e) {
      failure = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish() throws IOException, InterruptedException, TimeoutException {
    Connection connection = Nats.connect(nats);
    try {
      String padding = "x".repeat(PADDING);
      Instant now = Instant.now();
      long epoch = now.getEpochSecond() * NS_PER_S + now.getNano();
      for (int seq = 1; seq <= TRADES && !closed; seq++) {
        String trade =
            "{\"userId\":\"%s\",\"tokenId\":\"T1\",\"amount\":1,\"seq\":%d,\"epoch\":%d,"
                    .formatted(USER, seq, epoch)
                + "\"published\":%d,\"note\":\"%s\"}".formatted(epoch, padding);
        connection.publish("odin.trades.user." + USER, trade.getBytes(StandardCharsets.UTF_8));
        if (seq % BURST == 0) {
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
      }
      connection.flush(Duration.ofMillis(BOUND_MS));
    } finally {
      connection.close();
    }
  }
}
