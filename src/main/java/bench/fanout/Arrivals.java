package bench.fanout;

import bench.Lag;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Which messages came to which viewer, and how late. Thread-safe. */
final class Arrivals {
  private static final long HIGHEST_NS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;
  private static final long LOOK_MS = 20;

  private final long[] last;
  private long[] dueNs = {};
  private long first = 1;
  private Histogram lag = new Histogram(1, HIGHEST_NS, DIGITS);
  private long received;
  private long repeated;
  private int gone;

  Arrivals(int viewers) {
    last = new long[viewers];
  }

  /**
   * A step begins.
   *
   * @param firstNumber of its messages
   * @param dueAtNs when each of them is due
   */
  synchronized void begin(long firstNumber, long[] dueAtNs) {
    first = firstNumber;
    dueNs = dueAtNs.clone();
    lag = new Histogram(1, HIGHEST_NS, DIGITS);
    received = 0;
    repeated = 0;
  }

  /**
   * A message came to a viewer.
   *
   * @param number of the message; one that is not higher than the last one is a repetition
   * @param nowNs when it came
   */
  synchronized void take(int viewer, long number, long nowNs) {
    if (number < first || number >= first + dueNs.length) {
      return; // What greets a viewer, and what belongs to a step that is over.
    }
    if (number <= last[viewer]) {
      repeated++;
      return;
    }
    last[viewer] = number;
    received++;
    long lateNs = nowNs - dueNs[(int) (number - first)];
    lag.recordValue(Math.min(HIGHEST_NS, Math.max(1, lateNs)));
  }

  /** A viewer lost its connection. */
  synchronized void left() {
    gone++;
  }

  /**
   * Waits until all have come, nothing came for a while, or the time is up.
   *
   * @param quiet how long nothing may come
   * @param bound how long it may take altogether
   */
  synchronized void await(Duration quiet, Duration bound) throws InterruptedException {
    long quietLooks = quiet.toMillis() / LOOK_MS;
    long looks = bound.toMillis() / LOOK_MS;
    long before = received;
    for (long silent = 0; received < expected() && silent < quietLooks && looks > 0; looks--) {
      wait(LOOK_MS);
      silent = received == before ? silent + 1 : 0;
      before = received;
    }
  }

  /** True if every message of the step has come to every viewer. */
  synchronized boolean isComplete() {
    return received == expected();
  }

  /** What came so far. */
  synchronized Summary summary() {
    return new Summary(expected(), received, repeated, gone, Lag.of(lag));
  }

  private long expected() {
    return (long) last.length * dueNs.length;
  }

  /**
   * What came in a step.
   *
   * @param expected messages times viewers
   * @param received of them, each counted once
   * @param repeated came again, or after a later one
   * @param gone viewers that lost their connections, in all steps so far
   * @param lag from when a message was due to when it came to a viewer
   */
  record Summary(long expected, long received, long repeated, int gone, Lag lag) {
    long lost() {
      return expected - received;
    }
  }
}
