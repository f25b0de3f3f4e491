package targets.shared;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The connection to NATS, made and made again by itself: also when NATS is away at the start, and
 * when it refused the credentials. Thread-safe.
 */
public final class NatsLink implements AutoCloseable {
  /** What its user wants to know. Called on threads of the client; must not block for long. */
  public interface Watcher {
    /** There is a new connection, which has no subscriptions yet. */
    void connected(Connection connection);

    /** The connection is back with all its subscriptions; what was published meanwhile is lost. */
    void resubscribed();

    /** The client dropped messages because its user takes them too slowly. */
    void dropped();
  }

  /** A peer that does not answer so many pings is taken for dead. */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(2);

  private static final int PINGS_OUT_MAX = 2;
  private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);
  private static final Duration RECONNECT_WAIT = Duration.ofMillis(100);
  private static final long RETRY_MS = 250;
  private static final long JOIN_MS = 3000;

  private final LinkState state;
  private final Semaphore ended = new Semaphore(0);
  private final Options options;
  private final Watcher watcher;
  private final Thread thread;
  private volatile Connection connection;
  private volatile boolean closed;

  /**
   * @param url with the credentials, if any
   * @param name shown in NATS's own monitoring
   * @param waitingBytes how much may wait to be published while NATS is away, 0 for nothing
   * @param state is told how it is
   * @param watcher learns of connections
   */
  public NatsLink(String url, String name, long waitingBytes, LinkState state, Watcher watcher) {
    this.state = state;
    this.watcher = watcher;
    this.options =
        new Options.Builder()
            .server(url)
            .connectionName(name)
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            .reconnectJitter(RECONNECT_WAIT)
            .reconnectBufferSize(waitingBytes)
            .connectionTimeout(CONNECT_BOUND)
            .pingInterval(PING_INTERVAL)
            .maxPingsOut(PINGS_OUT_MAX)
            .connectionListener((unused, event) -> take(event))
            .errorListener(new Errors())
            .build();
    this.thread = new Thread(this::run, "nats-link");
    thread.setDaemon(true);
  }

  /** Begins to connect; returns at once. */
  public void start() {
    thread.start();
  }

  /** How it is. */
  public LinkState state() {
    return state;
  }

  /** The connection, also while it is being made again; empty before the first one. */
  public Optional<Connection> connection() {
    return Optional.ofNullable(connection);
  }

  @Override
  public void close() {
    closed = true;
    ended.release();
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        connectOnce();
        if (!closed) {
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void connectOnce() throws InterruptedException {
    try {
      Connection made = Nats.connect(options);
      try {
        connection = made;
        watcher.connected(made);
        state.up();
        // Attempts that fail and connections of before are told as closed too.
        while (!closed && made.getStatus() != Connection.Status.CLOSED) {
          ended.acquire();
        }
      } finally {
        made.close();
      }
    } catch (IOException | RuntimeException e) {
      state.down(words(e));
    }
  }

  private void take(Events event) {
    switch (event) {
      case RECONNECTED -> state.up();
      case RESUBSCRIBED -> {
        state.up();
        watcher.resubscribed();
      }
      case DISCONNECTED -> {
        if (!closed) {
          state.down("the connection is lost");
        }
      }
      case CLOSED -> ended.release();
      default -> {}
    }
  }

  /** In one line; the client's exceptions name the server, never the password. */
  private static String words(Exception e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse("").replaceAll("//[^@/\\s]*@", "//***@");
  }

  private final class Errors implements ErrorListener {
    @Override
    public void errorOccurred(Connection unused, String error) {
      if (error.contains("uthoriz") || error.contains("uthentic")) {
        state.down(error);
      }
    }

    @Override
    public void exceptionOccurred(Connection unused, Exception e) {
      if (!state.isUp()) {
        state.down(words(e));
      }
    }

    @Override
    public void slowConsumerDetected(Connection unused, Consumer consumer) {
      watcher.dropped();
    }

    @Override
    public void messageDiscarded(Connection unused, Message message) {
      watcher.dropped();
    }
  }
}
