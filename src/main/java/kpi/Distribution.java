package kpi;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * One KPI's values in one phase, in nanoseconds. Any number of threads record; one thread rotates.
 */
public final class Distribution {
  /** The largest value that can be recorded: an hour. */
  public static final long MAX_NS = 3_600_000_000_000L;

  /** Significant digits of every value. */
  public static final int DIGITS = 3;

  private final Recorder recorder;
  private final Histogram total = new Histogram(1, MAX_NS, DIGITS);
  private final long limitNs;
  private final LongConsumer late;
  private final LongConsumer each;
  private final LongAdder outside = new LongAdder();

  // Kept apart from the histogram, to hold it against.
  private final LongAdder count = new LongAdder();
  private final LongAdder sumNs = new LongAdder();
  private Histogram interval;

  /** Records values that have no limit. */
  public Distribution() {
    this(new Recorder(1, MAX_NS, DIGITS), Long.MAX_VALUE, unused -> {}, unused -> {});
  }

  /**
   * Records values by a recorder of {@value #DIGITS} digits up to {@link #MAX_NS}.
   *
   * @param late takes each value beyond the limit as soon as it ends, on any thread
   * @param each takes each value alike
   */
  public Distribution(Recorder recorder, long limitNs, LongConsumer late, LongConsumer each) {
    this.recorder = recorder;
    this.limitNs = limitNs;
    this.late = late;
    this.each = each;
  }

  /** Records a value of one clock; see {@link #record(long, long)}. */
  public void record(long ns) {
    record(ns, 0);
  }

  /**
   * Records the difference of two clocks. One that is below 0 by no more than their bound counts as
   * 0, to which it is equal as far as is known. What is below that, or above an hour, is no latency
   * and enters no histogram: it is counted. Wait-free, unless it is beyond its limit.
   *
   * @param boundNs how far the clocks may be apart; one below 0 is unknown, and explains nothing
   */
  public void record(long ns, long boundNs) {
    silent(ns);
    if (isPossible(ns, boundNs)) {
      long valueNs = Math.max(0, ns);
      add(1, valueNs);
      recorder.recordValue(valueNs);
      each.accept(valueNs);
    }
  }

  /** Returns true for a latency; counts any other value. */
  private boolean isPossible(long ns, long boundNs) {
    boolean possible = ns >= -Math.max(0, boundNs) && ns <= MAX_NS;
    if (!possible) {
      outside.increment();
    }
    return possible;
  }

  private void add(long values, long ns) {
    count.add(values);
    sumNs.add(ns);
  }

  /** Returns the number of values that were no latency. */
  public long outside() {
    return outside.sum();
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
    if (isPossible(ns, 0)) {
      long missed = paceNs > 0 ? Math.max(0, ns / paceNs - 1) : 0;
      add(1 + missed, ns * (1 + missed) - paceNs * missed * (missed + 1) / 2);
      recorder.recordValueWithExpectedInterval(ns, paceNs);
    }
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

  /** Returns the number of all values and their sum, which no histogram has been through. */
  public Percentiles.Sum sum() {
    return new Percentiles.Sum(count.sum(), sumNs.sum() / 1e6);
  }

  /** Returns all values up to the last rotation; only for the thread that rotates. */
  public Histogram total() {
    return total;
  }
}
