package targets.shared;

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

/**
 * Creates or updates a JetStream store after each connection to NATS, and checks every 2 s that it
 * still exists. The store republishes each message that it has stored, with its position, so every
 * live message is stored. Thread-safe.
 */
public final class StoreKeeper implements NatsLink.Watcher, Service.Part {
  /** A message whose id was stored within this time is not stored again. */
  private static final Duration DEDUPE_WINDOW = Duration.ofMinutes(2);

  private static final long RETRY_MS = 250;

  /** Behind a leaf node the store may go while the connection stays. */
  private static final long CHECK_MS = 2000;

  private static final int NOT_FOUND = 10059;

  private final LinkState state;
  private final Semaphore due = new Semaphore(0);
  private final StoreSettings settings;
  private final StreamConfiguration configuration;
  private final NatsLink.Watcher next;
  private final Thread thread = new Thread(this::run, "store-keeper");
  private volatile Connection connection;

  /**
   * @param settings place of the store
   * @param configuration of the store
   * @param next receives all events too
   */
  public StoreKeeper(
      StoreSettings settings, StreamConfiguration configuration, NatsLink.Watcher next) {
    this.settings = settings;
    this.configuration = configuration;
    this.next = next;
    this.state = new LinkState("the JetStream store " + configuration.getName());
    thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  /** Returns the state of the store. */
  public LinkState state() {
    return state;
  }

  /** Checks the store soon, because it did not answer. */
  public void check() {
    due.release();
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
        boolean urgent = due.tryAcquire(CHECK_MS, TimeUnit.MILLISECONDS);
        due.drainPermits();
        Connection used = connection;
        if (urgent ? !ensure(used) : !isThere(used)) {
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
          due.release();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns true also without a connection, whose own state reports that. */
  private boolean isThere(Connection used) {
    if (used == null || used.getStatus() != Connection.Status.CONNECTED) {
      return true;
    }
    try {
      used.jetStreamManagement(settings.options()).getStreamInfo(configuration.getName());
      return true;
    } catch (JetStreamApiException | IOException | RuntimeException e) {
      return false; // Then ensure() creates it, or finds the reason why it cannot.
    }
  }

  private boolean ensure(Connection used) {
    try {
      JetStreamManagement management = used.jetStreamManagement(settings.options());
      try {
        // In this order: adding an existing one may be refused for the space that it has already.
        management.updateStream(configuration);
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() != NOT_FOUND) {
          throw e;
        }
        management.addStream(configuration);
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

  /**
   * Returns the configuration of a store in files, without replicas, with direct reads.
   *
   * @param name of the store
   * @param subjects that it stores
   * @param live subjects on which it republishes
   * @param settings its limits
   */
  public static StreamConfiguration configuration(
      String name, String subjects, String live, StoreSettings settings) {
    Duration retain = settings.retain();
    return StreamConfiguration.builder()
        .name(name)
        .subjects(subjects)
        .storageType(StorageType.File)
        .discardPolicy(DiscardPolicy.Old)
        .maxAge(retain)
        .maxBytes(settings.bytes())
        .duplicateWindow(DEDUPE_WINDOW.compareTo(retain) < 0 ? DEDUPE_WINDOW : retain)
        .allowDirect(true)
        .republish(Republish.builder().source(subjects).destination(live).build())
        .build();
  }
}
