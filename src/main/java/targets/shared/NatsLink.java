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
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to NATS, which connects and reconnects by itself, also when NATS is away at the
 * start or refuses the credentials. Thread-safe.
 */
public final class NatsLink implements Service.Part {
  /** Receives events of the connection, on threads of the client; must not block for long. */
  public interface Watcher {
    /** Ignores all events. */
    Watcher NONE = new Watcher() {};

    /** There is a new connection, which has no subscriptions yet. */
    default void connected(Connection connection) {}

    /** The connection is back with all its subscriptions; messages in between are lost. */
    default void resubscribed() {}

    /** The client dropped messages because they were taken too slowly. */
    default void dropped() {}
  }

  /**
   * The outbox of messages that wait to be published.
   *
   * @param bytes limit while NATS is away, 0 for none waiting
   * @param drain bound for publishing them when closing
   */
  public record Waiting(long bytes, Duration drain) {
    /** No message waits. */
    public static final Waiting NONE = new Waiting(0, Duration.ZERO);
  }

  /** A server that does not answer so many pings is taken for dead. */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(2);

  private static final int PINGS_OUT_MAX = 2;
  private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);
  private static final Duration RECONNECT_WAIT = Duration.ofMillis(100);
  private static final String LOST = "the connection is lost";
  private static final long RETRY_MS = 250;
  private static final long JOIN_MS = 3000;
  private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

  private final Waiting waiting;
  private final LinkState state;
  private final Semaphore ended = new Semaphore(0);
  private final Options options;
  private final Watcher watcher;
  private final LongSupplier nanoClock;
  private final Thread thread;
  private volatile Connection connection;
  private volatile boolean closed;

  /** Connects on {@link #start}; the URL has the credentials, if any. */
  public NatsLink(
      String url,
      String name,
      Waiting waiting,
      LinkState state,
      Watcher watcher,
      LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.state = state;
    this.waiting = waiting;
    this.watcher = watcher;
    this.options =
        new Options.Builder()
            .server(url)
            .connectionName(name)
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            .reconnectJitter(RECONNECT_WAIT)
            .reconnectBufferSize(waiting.bytes())
            .connectionTimeout(CONNECT_BOUND)
            .pingInterval(PING_INTERVAL)
            .maxPingsOut(PINGS_OUT_MAX)
            .connectionListener((unused, event) -> take(event))
            .errorListener(new Errors())
            .build();
    this.thread = new Thread(this::run, "nats-link");
    thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  /** Returns the state of the connection. */
  public LinkState state() {
    return state;
  }

  /** Returns the connection, also while it reconnects; empty before the first one. */
  public Optional<Connection> connection() {
    return Optional.ofNullable(connection);
  }

  @Override
  public void close() {
    closed = true;
    ended.release();
    try {
      thread.join(waiting.drain().toMillis() + JOIN_MS);
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
        if (made.getStatus() != Connection.Status.CONNECTED) {
          state.down(LOST); // Meanwhile; that was reported before up().
        }
        // Failed attempts and earlier connections also report CLOSED.
        while (!closed && made.getStatus() != Connection.Status.CLOSED) {
          ended.acquire();
        }
      } finally {
        drain(made);
        made.close();
      }
    } catch (IOException | RuntimeException e) {
      state.down(words(e));
    }
  }

  /** Empties the outbox, because closing a connection drops it. */
  private void drain(Connection made) throws InterruptedException {
    long deadlineNs = nanoClock.getAsLong() + waiting.drain().toNanos();
    long leftNs = waiting.drain().toNanos();
    while (leftNs > 0 && made.getStatus() != Connection.Status.CLOSED) {
      try {
        // Right after a reconnect, a flush may overtake the outbox; a second one cannot.
        boolean empty = made.outgoingPendingMessageCount() == 0;
        made.flush(Duration.ofNanos(leftNs));
        if (empty) {
          return;
        }
      } catch (TimeoutException | IllegalStateException e) {
        TimeUnit.MILLISECONDS.sleep(RETRY_MS); // While NATS is away a flush fails at once.
      }
      leftNs = deadlineNs - nanoClock.getAsLong();
    }
    if (made.outgoingPendingMessageCount() > 0) {
      LOG.warn("{} messages were not published", made.outgoingPendingMessageCount());
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
          state.down(LOST);
        }
      }
      case CLOSED -> ended.release();
      default -> {}
    }
  }

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
