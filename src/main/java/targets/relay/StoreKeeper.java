package targets.relay;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Republish;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import targets.shared.LinkState;
import targets.shared.NatsLink;

/**
 * Sees to it that the JetStream store is there, whenever NATS is connected anew, and looks every 2
 * s whether it still is. The store republishes each token that it has stored, with its position:
 * what is heard live is stored.
 */
final class StoreKeeper implements NatsLink.Watcher, AutoCloseable {
  /** A message with an id that was seen so recently is not stored again. */
  private static final Duration DEDUPE_WINDOW = Duration.ofMinutes(2);

  private static final long RETRY_MS = 250;

  /** Behind a leaf node the store may go while the connection stays. */
  private static final long LOOK_EVERY_MS = 2000;

  private static final int NAME_IN_USE = 10058;

  private final LinkState state = new LinkState("the JetStream store " + Names.STORE);
  private final Semaphore due = new Semaphore(0);
  private final StoreSettings settings;
  private final NatsLink.Watcher next;
  private final Thread thread = new Thread(this::run, "store-keeper");
  private volatile Connection connection;

  /**
   * @param settings what the store keeps
   * @param next is told of everything too
   */
  StoreKeeper(StoreSettings settings, NatsLink.Watcher next) {
    this.settings = settings;
    this.next = next;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  LinkState state() {
    return state;
  }

  @Override
  public void connected(Connection made) {
    connection = made;
    due.release();
    next.connected(made);
  }

  @Override
  public void resubscribed() {
    due.release();
    next.resubscribed();
  }

  @Override
  public void dropped() {
    next.dropped();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        boolean asked = due.tryAcquire(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        due.drainPermits();
        Connection used = connection;
        if (asked ? !ensure(used) : !isThere(used)) {
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
          due.release();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** True also when nothing can be asked, which is the connection's trouble and not the store's. */
  private boolean isThere(Connection used) {
    if (used == null || used.getStatus() != Connection.Status.CONNECTED) {
      return true;
    }
    try {
      used.jetStreamManagement(settings.options()).getStreamInfo(Names.STORE);
      return true;
    } catch (JetStreamApiException | IOException | RuntimeException e) {
      return false; // Now it is made again, or the reason is found why it cannot be.
    }
  }

  private boolean ensure(Connection used) {
    try {
      JetStreamManagement management = used.jetStreamManagement(settings.options());
      try {
        management.addStream(configuration());
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() != NAME_IN_USE) {
          throw e;
        }
        management.updateStream(configuration()); // It is there, with other limits.
      }
      if (!state.isUp()) {
        state.up();
        next.resubscribed(); // Tokens may have passed unheard, if the store was out of reach.
      }
      return true;
    } catch (JetStreamApiException e) {
      state.down(e.getErrorDescription() + "; nats-server needs -js");
    } catch (IOException | RuntimeException e) {
      state.down(String.valueOf(e.getMessage()));
    }
    return false;
  }

  private StreamConfiguration configuration() {
    Duration retain = settings.retain();
    return StreamConfiguration.builder()
        .name(Names.STORE)
        .subjects(Names.STORED_SUBJECTS)
        .storageType(StorageType.File)
        .discardPolicy(DiscardPolicy.Old)
        .maxAge(retain)
        .maxBytes(settings.bytes())
        .duplicateWindow(DEDUPE_WINDOW.compareTo(retain) < 0 ? DEDUPE_WINDOW : retain)
        .allowDirect(true)
        .republish(
            Republish.builder()
                .source(Names.STORED_SUBJECTS)
                .destination(Names.LIVE_OF_STORED)
                .build())
        .build();
  }
}
