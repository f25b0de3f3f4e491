package targets.shared;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.Consumer;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to NATS, which connects and reconnects by itself, also when NATS is away at the
 * start or refuses the credentials. A link with a JetStream store creates it if it is missing,
 * after each connection, and checks every 2 s that it still exists; one with other settings is left
 * alone and not used. Thread-safe.
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

  /** Behind a leaf node the store may go while the connection stays. */
  private static final long CHECK_MS = 2000;

  private static final int NOT_FOUND = 10059;
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(3);

  /** What each kind of waiting message may take: an eighth of the heap, in bytes. */
  public static final long HEAP_SHARE = Runtime.getRuntime().maxMemory() / 8;

  /** What an empty message takes while it waits. */
  private static final int MESSAGE_BYTES_MIN = 256;

  private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

  private final Waiting waiting;
  private final LinkState state = new LinkState("NATS");
  private final Optional<Store> store;
  private final Optional<LinkState> storeState;
  private final Options options;
  private final Watcher watcher;
  private volatile Connection connection;

  /** A link on which nothing waits to be published. */
  public NatsLink(URI url, String name, Counters counters, Watcher watcher, Optional<Store> store) {
    this(url, name, counters, watcher, store, Waiting.NONE);
  }

  /** Connects on {@link #start}; the URL has the credentials, if any. */
  public NatsLink(
      URI url,
      String name,
      Counters counters,
      Watcher watcher,
      Optional<Store> store,
      Waiting waiting) {
    super("nats-link", waiting.drain().plus(CLOSE_BOUND));
    this.waiting = waiting;
    this.watcher = watcher;
    this.store = store;
    this.storeState = store.map(kept -> new LinkState("the JetStream store " + kept.name()));
    counters.counter("nats_losses", "Times NATS was lost", state::losses);
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

  /** Returns the states of NATS and of the store, if there is one. */
  public List<LinkState> states() {
    return Stream.concat(Stream.of(state), storeState.stream()).toList();
  }

  /** Returns true while NATS answers. */
  public boolean isUp() {
    return state.isUp();
  }

  /** Returns the connection while NATS and the store answer. */
  public Optional<Connection> ready() {
    return states().stream().allMatch(LinkState::isUp) ? connection() : Optional.empty();
  }

  /** Checks the store soon, because it did not answer. */
  public void check() {
    wake();
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
          await(TimeUnit.MILLISECONDS.toNanos(keepStore(made)));
        }
      } finally {
        drain(made);
        made.close();
      }
    } catch (IOException | RuntimeException e) {
      state.down(String.valueOf(e.getMessage()));
    }
    return RETRY_MS;
  }

  /** Returns the time until the next look at the store, in milliseconds. */
  private long keepStore(Connection made) {
    if (store.isEmpty()) {
      return Long.MAX_VALUE;
    }
    // The connection reports by itself that it is lost.
    return made.getStatus() != Connection.Status.CONNECTED || ensure(made, store.get())
        ? CHECK_MS
        : RETRY_MS;
  }

  /** Returns false if the store is to be tried again soon. */
  private boolean ensure(Connection made, Store kept) {
    LinkState ofStore = storeState.orElseThrow();
    try {
      JetStreamManagement management = made.jetStreamManagement(kept.options());
      Optional<String> difference = kept.difference(found(management, kept));
      difference.ifPresent(ofStore::down);
      if (difference.isEmpty() && !ofStore.isUp()) {
        ofStore.up();
        watcher.resubscribed(); // Messages may have been missed while it was out of reach.
      }
      return difference.isEmpty();
    } catch (JetStreamApiException e) {
      ofStore.down(e.getErrorDescription() + "; nats-server needs -js");
    } catch (IOException | RuntimeException e) {
      ofStore.down(String.valueOf(e.getMessage()));
    }
    return false;
  }

  /** Returns the configuration of the stream, which is created if it is missing. */
  private static StreamConfiguration found(JetStreamManagement management, Store kept)
      throws IOException, JetStreamApiException {
    try {
      return management.getStreamInfo(kept.name()).getConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NOT_FOUND) {
        throw e;
      }
      return management.addStream(kept.configuration()).getConfiguration();
    }
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
        wake();
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
        state.down(String.valueOf(e.getMessage()));
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
