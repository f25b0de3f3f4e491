package targets.events;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import targets.events.EventsServer.Watch;

/**
 * The one thread that looks after all streams: it sends their keep-alive comments, closes clients
 * that do not read, and ends the streams when the server stops. It runs from the first registration
 * until nothing is registered, and again from the next one. Thread-safe.
 */
final class Watcher implements Watch {
  private static final long LOOK_NS = 100_000_000;

  private final Set<Watched> registered = ConcurrentHashMap.newKeySet();
  private final EventsServer.Metrics metrics;
  private final BooleanSupplier isStopping;
  private final LongSupplier nanoClock;

  /** Null while nothing is registered. */
  private Thread thread;

  Watcher(EventsServer.Metrics metrics, BooleanSupplier isStopping, LongSupplier nanoClock) {
    this.metrics = metrics;
    this.isStopping = isStopping;
    this.nanoClock = nanoClock;
  }

  @Override
  public synchronized void add(Watched watched) {
    if (registered.add(watched)) {
      metrics.registered.increment();
    }
    if (thread == null) {
      metrics.watchers.increment();
      metrics.watchersStarted.increment();
      thread = new Thread(this::run, "events-watcher");
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public synchronized void remove(Watched watched) {
    if (registered.remove(watched)) {
      metrics.registered.decrement();
      if (registered.isEmpty()) {
        LockSupport.unpark(thread);
      }
    }
  }

  private void run() {
    while (goesOn()) {
      boolean stopping = isStopping.getAsBoolean();
      long nowNs = nanoClock.getAsLong();
      registered.forEach(watched -> watched.look(nowNs, stopping));
      LockSupport.parkNanos(LOOK_NS);
    }
  }

  private synchronized boolean goesOn() {
    if (registered.isEmpty()) {
      thread = null;
      metrics.watchers.decrement();
      return false;
    }
    return true;
  }
}
