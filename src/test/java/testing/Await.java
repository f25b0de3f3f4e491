package testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what others do, at most two minutes, and not beyond the test's own time-out. */
public final class Await {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final long POLL_NS = 10_000_000;

  private Await() {}

  public static void until(BooleanSupplier condition) {
    until(condition::getAsBoolean, holds -> holds);
  }

  /** Reads again and again until it is as wanted; returns what was read then. */
  public static <T> T until(Supplier<T> read, Predicate<T> wanted) {
    long startNs = System.nanoTime();
    T now = read.get();
    while (!wanted.test(now)) {
      boolean isOver = System.nanoTime() - startNs > BOUND.toNanos();
      if (isOver || Thread.currentThread().isInterrupted()) { // By the test's time-out.
        throw new AssertionError("at the end of the time it is still " + now);
      }
      LockSupport.parkNanos(POLL_NS);
      now = read.get();
    }
    return now;
  }
}
