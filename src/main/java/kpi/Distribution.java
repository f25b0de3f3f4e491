package kpi;

import java.util.function.LongConsumer;
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
  private final long limitNs;
  private final LongConsumer late;
  private Histogram interval;

  /** Records values that have no limit. */
  public Distribution() {
    this(Long.MAX_VALUE, unused -> {});
  }

  /**
   * Records values of which a single one has a limit.
   *
   * @param late takes each value beyond the limit as soon as it ends, on any thread
   */
  Distribution(long limitNs, LongConsumer late) {
    this.limitNs = limitNs;
    this.late = late;
  }

  /** Records a value; below 0 counts as 0. Wait-free, unless it is beyond its limit. */
  public void record(long ns) {
    silent(ns);
    recorder.recordValue(Math.min(Math.max(0, ns), MAX_NS));
  }

  /** Notes a wait that ends now without a value, such as the last silence of a stream. */
  public void silent(long ns) {
    if (ns > limitNs) {
      late.accept(ns);
    }
  }

  /** Notes a request that failed now, however short its wait was. */
  public void failed(long ns) {
    late.accept(ns);
  }

  /**
   * Records a value of a closed loop, and those of the actions that its user would have begun
   * meanwhile at its own pace (HdrHistogram's correction for coordinated omission).
   *
   * @param paceNs time between two actions; 0 for no correction
   */
  public void recordAtPace(long ns, long paceNs) {
    recorder.recordValueWithExpectedInterval(Math.min(Math.max(0, ns), MAX_NS), paceNs);
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
