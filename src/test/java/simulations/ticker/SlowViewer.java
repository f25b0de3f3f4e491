package simulations.ticker;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client that takes nothing, while more trades of its own are published than all buffers on the
 * way hold. The ticker must close it; whether it stalls the others shows in their delivery lag. A
 * socket of its own, for Gatling cannot stop reading.
 */
final class SlowViewer implements AutoCloseable {
  private static final String USER = "slow-viewer";
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
   * @param nats where the ticker hears of trades
   */
  SlowViewer(URI url, String token, String nats) {
    this.url = url;
    this.token = token;
    this.nats = nats;
    thread.setDaemon(true);
  }

  /** The user whose trades it is sent. */
  static String user() {
    return USER;
  }

  /** Begins; only the first call counts. */
  synchronized void begin() {
    if (!closed && thread.getState() == Thread.State.NEW) {
      thread.start();
    }
  }

  /** Why it could not do what it is for; empty if it could. */
  String failure() {
    return failure;
  }

  @Override
  public synchronized void close() {
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
    try (RawSocket socket = RawSocket.open(url, token, RECEIVE_BUFFER, bound)) {
      publish();
      // Open until the run ends, so that only the ticker can end it.
      while (!closed && socket.isOpen()) {
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
