package targets.events;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import targets.events.EventsServer.Watch;

/**
 * The one thread that looks after all streams: it sends their keep-alive comments, closes clients
 * that do not read, and ends the streams when the server stops. It runs from the first registration
 * until nothing is registered, and again from the next one. Thread-safe.
 */
final class Watcher implements Watch {
  private static final long LOOK_MS = 100;

  private final Set<Watched> registered = ConcurrentHashMap.newKeySet();
  private final EventsServer.Metrics metrics;
  private final BooleanSupplier isStopping;
  private final LongSupplier nanoClock;
  private boolean runs;

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
    if (!runs) {
      runs = true;
      metrics.watchers.increment();
      metrics.watchersStarted.increment();
      Thread thread = new Thread(this::run, "events-watcher");
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public synchronized void remove(Watched watched) {
    if (registered.remove(watched)) {
      metrics.registered.decrement();
      notifyAll();
    }
  }

  private void run() {
    try {
      while (waitsForNext()) {
        boolean stopping = isStopping.getAsBoolean();
        long nowNs = nanoClock.getAsLong();
        registered.forEach(watched -> watched.look(nowNs, stopping));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until the next look is due; returns false if nothing is registered. */
  private synchronized boolean waitsForNext() throws InterruptedException {
    long dueNs = nanoClock.getAsLong() + LOOK_MS * 1_000_000;
    long leftMs = LOOK_MS;
    while (!registered.isEmpty() && leftMs > 0) {
      wait(leftMs);
      leftMs = (dueNs - nanoClock.getAsLong()) / 1_000_000;
    }
    if (registered.isEmpty()) {
      runs = false;
      metrics.watchers.decrement();
    }
    return runs;
  }
}
