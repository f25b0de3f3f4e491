package testing;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what others do, at most two minutes, and not beyond the test's own time-out. */
public final class Await {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final long POLL_NS = 10_000_000;

  private Await() {}

  /** Reads a value; a failure to read it, such as that of a connection, is one that is not yet. */
  public interface Read<T> {
    T get() throws Exception;
  }

  public static void until(Read<Boolean> condition) {
    until(condition, holds -> holds);
  }

  /** Reads again and again until it is as wanted; returns what was read then. */
  public static <T> T until(Read<T> read, Predicate<T> wanted) {
    long startNs = System.nanoTime();
    Exception failure = null;
    T now = null;
    do {
      try {
        now = read.get();
        if (wanted.test(now)) {
          return now;
        }
      } catch (RuntimeException e) {
        if (!(e instanceof UncheckedIOException)) {
          throw e;
        }
        failure = e;
      } catch (Exception e) {
        failure = e;
      }
      LockSupport.parkNanos(POLL_NS);
    } while (System.nanoTime() - startNs < BOUND.toNanos()
        && !Thread.currentThread().isInterrupted()); // By the test's time-out.
    throw new AssertionError("at the end of the time it is still " + now, failure);
  }
}
