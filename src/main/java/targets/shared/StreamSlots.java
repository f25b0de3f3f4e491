package targets.shared;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts the streams a target carries at this time, with the bound and the stop. Thread-safe. */
public final class StreamSlots {
  private final int max;
  private final Semaphore free;
  private boolean draining;

  public StreamSlots(int max) {
    this.max = max;
    this.free = new Semaphore(max);
  }

  /** Takes a slot, to be given back once; false at the bound, and when the target stops. */
  public synchronized boolean take() {
    return !draining && free.tryAcquire();
  }

  public void giveBack() {
    free.release();
  }

  public int active() {
    return max - free.availablePermits();
  }

  public synchronized boolean isDraining() {
    return draining;
  }

  public synchronized void drain() {
    draining = true;
  }

  /** Waits until no slot is taken, or the bound is over, or the thread is interrupted. */
  void awaitEmpty(Duration bound) {
    try {
      if (free.tryAcquire(max, bound.toNanos(), TimeUnit.NANOSECONDS)) {
        free.release(max);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
