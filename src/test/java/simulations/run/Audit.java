package simulations.run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The checks of one simulation, after its load. */
public interface Audit {
  /** Waits, within a bound, until everything under way at the targets has ended. */
  void settle();

  /** Declares and judges every check that the simulation has. */
  void check(Checks checks);

  /**
   * Evaluates a condition every 100 ms until it holds, at least once.
   *
   * @param bound after which it is not evaluated again
   * @return whether it held; false too if the thread was interrupted
   */
  static boolean until(Duration bound, BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNs >= bound.toNanos()) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
