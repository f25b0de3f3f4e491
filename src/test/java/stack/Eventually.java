package stack;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The one way in which a test of this room waits. */
final class Eventually {
  private static final int POLL_MS = 20;

  private Eventually() {}

  /** Polls until something holds; false if it does not within the bound. */
  static boolean holds(Duration bound, BooleanSupplier what) throws InterruptedException {
    long deadlineNs = System.nanoTime() + bound.toNanos();
    while (!what.getAsBoolean()) {
      if (System.nanoTime() - deadlineNs > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return true;
  }
}
