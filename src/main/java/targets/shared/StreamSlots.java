package targets.shared;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Counts the streams a target carries at this time, with the bound and the stop. Thread-safe. */
public final class StreamSlots {
  /** The answer to a request for a slot. */
  public enum Grant {
    /** To be given back once. */
    TAKEN,
    /** The bound is reached. */
    FULL,
    /** The target is stopping. */
    DRAINING
  }

  private final int max;
  private final LongSupplier nanoClock;
  private int active;
  private boolean draining;

  public StreamSlots(int max, LongSupplier nanoClock) {
    this.max = max;
    this.nanoClock = nanoClock;
  }

  public synchronized Grant take() {
    if (draining) {
      return Grant.DRAINING;
    }
    if (active >= max) {
      return Grant.FULL;
    }
    active++;
    return Grant.TAKEN;
  }

  public synchronized void giveBack() {
    active--;
    if (active == 0) {
      notifyAll();
    }
  }

  public synchronized int active() {
    return active;
  }

  public synchronized void drain() {
    draining = true;
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
