package targets.ticker;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate per second with bursts of one second: the generic cell rate algorithm, whose whole state
 * is one number, kept by the caller. Immutable.
 *
 * @param intervalNs between two that are spread evenly
 * @param burstNs lead over the even spread that is allowed
 */
record Rate(long intervalNs, long burstNs) {
  /** Returned in place of a new mark above the rate. */
  static final long REFUSED = Long.MIN_VALUE;

  private static final long S_NS = 1_000_000_000;

  /** Returns a rate from 1 to 1,000,000,000 a second. */
  static Rate perSecond(int count) {
    long interval = S_NS / count;
    return new Rate(interval, S_NS - interval);
  }

  /**
   * Counts one more.
   *
   * @param mark the last result; at the beginning, the time then
   * @param nowNs monotonic time in nanoseconds
   * @return the new mark, or {@link #REFUSED}, which leaves the old one in force
   */
  long take(long mark, long nowNs) {
    long from = mark - nowNs > 0 ? mark : nowNs;
    return from - nowNs > burstNs ? REFUSED : from + intervalNs;
  }

  /** Counts one more in a mark that threads share; false above the rate. */
  boolean take(AtomicLong mark, long nowNs) {
    while (true) {
      long old = mark.get();
      long next = take(old, nowNs);
      if (next == REFUSED || mark.compareAndSet(old, next)) {
        return next != REFUSED;
      }
    }
  }
}
