package targets.shared;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.Consumer;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to NATS, which connects and reconnects by itself, also when NATS is away at the
 * start or refuses the credentials. Thread-safe.
 */
public final class NatsLink extends Worker {
  /** Receives events of the connection, on threads of the client; must not block for long. */
  public interface Watcher {
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
   * @param drain bound for publishing them when closing, by this clock
   */
  public record Waiting(long bytes, Duration drain, LongSupplier nanoClock) {
    /** Nothing waits to be published. */
    public static final Waiting NONE = new Waiting(0, Duration.ZERO, () -> 0);
  }

  /** A server that does not answer so many pings is taken for dead. */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(2);

  private static final int PINGS_OUT_MAX = 2;
  private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);
  private static final Duration RECONNECT_WAIT = Duration.ofMillis(100);
  private static final String LOST = "the connection is lost";
  private static final long RETRY_MS = 250;
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(3);

  /** What each kind of waiting message may take: an eighth of the heap, in bytes. */
  public static final long HEAP_SHARE = Runtime.getRuntime().maxMemory() / 8;

  /** What an empty message takes while it waits. */
  private static final int MESSAGE_BYTES_MIN = 256;

  private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

  private final Waiting waiting;
  private final LinkState state;
  private final Options options;
  private final Watcher watcher;
  private volatile Connection connection;

  /** A link on which nothing waits to be published. */
  public NatsLink(URI url, String name, LinkState state, Watcher watcher) {
    this(url, name, state, watcher, Waiting.NONE);
  }

  /** Connects on {@link #start}; the URL has the credentials, if any. */
  public NatsLink(URI url, String name, LinkState state, Watcher watcher, Waiting waiting) {
    super("nats-link", waiting.drain().plus(CLOSE_BOUND));
    this.state = state;
    this.waiting = waiting;
    this.watcher = watcher;
    this.options =
        new Options.Builder()
            .server(url.toString())
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
  }

  /**
   * Makes a dispatcher in which messages may wait that fill an eighth of the heap; it drops any
   * more, and the watcher is called.
   */
  public static Dispatcher dispatcher(Connection connection, MessageHandler handler) {
    Dispatcher made = connection.createDispatcher(handler);
    made.setPendingLimits(HEAP_SHARE / MESSAGE_BYTES_MIN, HEAP_SHARE);
    return made;
  }

  public LinkState state() {
    return state;
  }

  /** Returns the connection, also while it reconnects; empty before the first one. */
  public Optional<Connection> connection() {
    return Optional.ofNullable(connection);
  }

  /** Connects, and returns when the connection is closed. */
  @Override
  protected long work() throws InterruptedException {
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
        while (!isClosed() && made.getStatus() != Connection.Status.CLOSED) {
          await(Long.MAX_VALUE);
        }
      } finally {
        drain(made);
        made.close();
      }
    } catch (IOException | RuntimeException e) {
      state.down(words(e));
    }
    return RETRY_MS;
  }

  /** Empties the outbox, because closing a connection drops it. */
  private void drain(Connection made) throws InterruptedException {
    long deadlineNs = waiting.nanoClock().getAsLong() + waiting.drain().toNanos();
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
      leftNs = deadlineNs - waiting.nanoClock().getAsLong();
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
        if (!isClosed()) {
          state.down(LOST);
        }
      }
      case CLOSED -> wake();
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
