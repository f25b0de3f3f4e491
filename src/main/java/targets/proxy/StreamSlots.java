package targets.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How many requests are proxied at this time, with the bound and the stop. Thread-safe. */
final class StreamSlots {
  /** What a request for a slot gets. */
  enum Grant {
    TAKEN,
    FULL,
    DRAINING
  }

  private final int max;
  private final LongSupplier nanoClock;
  private int active;
  private boolean draining;

  StreamSlots(int max, LongSupplier nanoClock) {
    this.max = max;
    this.nanoClock = nanoClock;
  }

  synchronized Grant take() {
    if (draining) {
      return Grant.DRAINING;
    }
    if (active >= max) {
      return Grant.FULL;
    }
    active++;
    return Grant.TAKEN;
  }

  synchronized void giveBack() {
    active--;
    if (active == 0) {
      notifyAll();
    }
  }

  synchronized int active() {
    return active;
  }

  synchronized boolean isDraining() {
    return draining;
  }

  /**
   * From now on nobody gets a slot.
   *
   * @return false if this was so before
   */
  synchronized boolean drain() {
    boolean first = !draining;
    draining = true;
    return first;
  }

  /** Waits until no slot is taken, or the bound is over, or the thread is interrupted. */
  synchronized void awaitEmpty(Duration bound) {
    long deadline = nanoClock.getAsLong() + bound.toNanos();
    try {
      long leftNs = bound.toNanos();
      while (active > 0 && leftNs > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        leftNs = deadline - nanoClock.getAsLong();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
