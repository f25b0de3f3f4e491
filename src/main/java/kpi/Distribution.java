package kpi;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * One KPI's values in one phase, in nanoseconds. Any number of threads record; one thread rotates.
 */
public final class Distribution {
  /** Larger values count as this one: an hour. */
  public static final long MAX_NS = 3_600_000_000_000L;

  /** Significant digits of every value. */
  static final int DIGITS = 3;

  private final Recorder recorder = new Recorder(1, MAX_NS, DIGITS);
  private final Histogram total = new Histogram(1, MAX_NS, DIGITS);
  private Histogram interval;

  /** Records a value; below 0 counts as 0. Wait-free. */
  public void record(long ns) {
    recorder.recordValue(Math.min(Math.max(0, ns), MAX_NS));
  }

  /**
   * Ends an interval and adds it to the total. The returned histogram belongs to the caller until
   * the next call.
   */
  public Histogram rotate() {
    interval = recorder.getIntervalHistogram(interval);
    total.add(interval);
    return interval;
  }

  /** Returns all values up to the last rotation; only for the thread that rotates. */
  public Histogram total() {
    return total;
  }
}
