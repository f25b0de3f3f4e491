package targets.ticker;

/**
 * So many a second, and a second's worth at once: the generic cell rate algorithm, whose whole
 * state is one number, kept by the caller. Immutable.
 *
 * @param intervalNs between two that are spread evenly
 * @param burstNs how far ahead of that one may be
 */
record Rate(long intervalNs, long burstNs) {
  /** Instead of a new mark: this one is too many. */
  static final long REFUSED = Long.MIN_VALUE;

  private static final long S_NS = 1_000_000_000;

  /** A rate from 1 to 1,000,000,000 a second. */
  static Rate perSecond(int count) {
    long interval = S_NS / count;
    return new Rate(interval, S_NS - interval);
  }

  /**
   * One more.
   *
   * @param mark what the last one returned; at the beginning, the time then
   * @param nowNs monotonic time in nanoseconds
   * @return the new mark, or {@link #REFUSED}, and then the old mark stays
   */
  long take(long mark, long nowNs) {
    long from = mark - nowNs > 0 ? mark : nowNs;
    return from - nowNs > burstNs ? REFUSED : from + intervalNs;
  }
}
