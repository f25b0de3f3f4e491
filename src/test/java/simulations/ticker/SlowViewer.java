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
 * way hold. The ticker must close it; if it stalls the others, their delivery lag shows it. It
 * stays until its thread is interrupted, so that only the ticker can end it earlier.
 */
final class SlowViewer implements Runnable {
  /** The user whose trades are published. */
  static final String USER = "slow-viewer";

  private static final int RECEIVE_BUFFER = 4096;
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final int TRADES = 4_000;
  private static final int BURST = 50;
  private static final int PADDING = 1_000;
  private static final long PAUSE_MS = 25;

  private final URI url;
  private final String token;
  private final String nats;

  /** Why it could not do its part; empty if it could. */
  volatile String failure = "";

  /** Connects by a token of {@link #USER}; the ticker receives trades from the nats-server. */
  SlowViewer(URI url, String token, String nats) {
    this.url = url;
    this.token = token;
    this.nats = nats;
  }

  @Override
  public void run() {
    try (RawWebSocket socket = RawWebSocket.open(url, Optional.of(token), RECEIVE_BUFFER, BOUND)) {
      if (!socket.isOpen()) {
        failure = "its upgrade was answered by " + socket.status();
        return;
      }
      publish();
      TimeUnit.DAYS.sleep(1);
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
      long epoch = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
      for (int seq = 1; seq <= TRADES; seq++) {
        String trade =
            "{\"userId\":\"%s\",\"tokenId\":\"T1\",\"amount\":1,\"seq\":%s,\"epoch\":%s,"
                    .formatted(USER, seq, epoch)
                + "\"published\":%s,\"note\":\"%s\"}".formatted(epoch, padding);
        connection.publish("odin.trades.user." + USER, trade.getBytes(StandardCharsets.UTF_8));
        if (seq % BURST == 0) {
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
      }
      connection.flush(BOUND);
    } finally {
      connection.close();
    }
  }
}
