package targets.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many requests are proxied at this time, with the bound and the stop. Thread-safe. */
final class StreamSlots {
  /** What a request for a slot gets. */
  enum Grant {
    TAKEN,
    FULL,
    DRAINING
  }

  private final int max;
  private int active;
  private boolean draining;

  StreamSlots(int max) {
    this.max = max;
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
    long deadline = System.nanoTime() + bound.toNanos();
    try {
      long leftNs = bound.toNanos();
      while (active > 0 && leftNs > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        leftNs = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
