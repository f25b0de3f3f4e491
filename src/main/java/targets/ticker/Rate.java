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
  private static final long S_NS = 1_000_000_000;

  /** Returns a rate from 1 to 1,000,000,000 a second. */
  static Rate perSecond(int count) {
    long interval = S_NS / count;
    return new Rate(interval, S_NS - interval);
  }

  /**
   * Counts one more, in a mark that threads may share; false above the rate.
   *
   * @param mark at the beginning, the time then
   * @param nowNs monotonic time in nanoseconds
   */
  boolean take(AtomicLong mark, long nowNs) {
    while (true) {
      long old = mark.get();
      long from = old - nowNs > 0 ? old : nowNs;
      boolean good = from - nowNs <= burstNs;
      if (!good || mark.compareAndSet(old, from + intervalNs)) {
        return good;
      }
    }
  }
}
