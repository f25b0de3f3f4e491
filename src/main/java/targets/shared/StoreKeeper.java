package targets.shared;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Creates a JetStream store that is missing after each connection to NATS, and checks every 2 s
 * that it still exists. One with other settings is left alone and not used. Thread-safe.
 */
public final class StoreKeeper extends Worker implements NatsLink.Watcher {
  private static final long RETRY_MS = 250;

  /** Behind a leaf node the store may go while the connection stays. */
  private static final long CHECK_MS = 2000;

  private static final Duration CLOSE_BOUND = Duration.ofMillis(250);
  private static final int NOT_FOUND = 10059;

  private final LinkState state;
  private final Store store;
  private final NatsLink.Watcher next;
  private volatile Connection connection;

  /** A keeper that passes all events of the connection on. */
  public StoreKeeper(Store store, NatsLink.Watcher next) {
    super("store-keeper", CLOSE_BOUND);
    this.store = store;
    this.next = next;
    this.state = new LinkState("the JetStream store " + store.name());
  }

  public LinkState state() {
    return state;
  }

  /** Checks the store soon, because it did not answer. */
  public void check() {
    wake();
  }

  @Override
  public void connected(Connection made) {
    connection = made;
    wake();
    next.connected(made);
  }

  @Override
  public void resubscribed() {
    wake();
    next.resubscribed();
  }

  @Override
  public void dropped() {
    next.dropped();
  }

  @Override
  protected long work() throws InterruptedException {
    boolean urgent = await(TimeUnit.MILLISECONDS.toNanos(CHECK_MS));
    Connection used = connection;
    // The connection reports by itself that it is lost.
    boolean skips = used == null || (!urgent && used.getStatus() != Connection.Status.CONNECTED);
    if (isClosed() || skips || ensure(used)) {
      return 0;
    }
    wake();
    return RETRY_MS;
  }

  /** Returns the configuration of the stream, which is created if it is missing. */
  private StreamConfiguration found(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    try {
      return management.getStreamInfo(store.name()).getConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NOT_FOUND) {
        throw e;
      }
      return management.addStream(store.configuration()).getConfiguration();
    }
  }

  private boolean ensure(Connection used) {
    try {
      JetStreamManagement management = used.jetStreamManagement(store.options());
      Optional<String> difference = store.difference(found(management));
      if (difference.isPresent()) {
        state.down(difference.get());
        return false;
      }
      if (!state.isUp()) {
        state.up();
        next.resubscribed(); // Messages may have been missed while the store was out of reach.
      }
      return true;
    } catch (JetStreamApiException e) {
      state.down(e.getErrorDescription() + "; nats-server needs -js");
    } catch (IOException | RuntimeException e) {
      state.down(String.valueOf(e.getMessage()));
    }
    return false;
  }
}
