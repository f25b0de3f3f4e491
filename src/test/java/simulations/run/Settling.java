package simulations.run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for the end of what is under way after the load. */
public final class Settling {
  private static final long PAUSE_MS = 100;

  private Settling() {}

  /**
   * Evaluates a condition until it holds, at least once.
   *
   * @param bound after which it is not evaluated again
   * @return whether it held; false too if the thread was interrupted
   */
  public static boolean until(Duration bound, BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNs >= bound.toNanos() || !pause()) {
        return false;
      }
    }
    return true;
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
