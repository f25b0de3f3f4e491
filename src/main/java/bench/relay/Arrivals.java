package bench.relay;

import bench.Lag;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Which tokens of a step came, and how late. Thread-safe. */
final class Arrivals {
  private static final long HIGHEST_NS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;
  private static final long LOOK_MS = 20;

  private final StepLoad load;
  private final Histogram lag = new Histogram(1, HIGHEST_NS, DIGITS);
  private final BitSet came;
  private long startNs;
  private int received;
  private int repeated;
  private int unknown;

  Arrivals(StepLoad load) {
    this.load = load;
    this.came = new BitSet(load.tokens());
  }

  /** The step starts at this time, from which all its tokens are due. */
  synchronized void begin(long atNs) {
    startNs = atNs;
  }

  /**
   * A token came.
   *
   * @param stream its conversation
   * @param sequence its place there
   * @param nowNs when it came
   */
  synchronized void take(int stream, long sequence, long nowNs) {
    int token = load.token(stream, sequence);
    if (token < 0) {
      unknown++;
    } else if (came.get(token)) {
      repeated++;
    } else {
      came.set(token);
      received++;
      long lateNs = nowNs - startNs - load.dueNs(token);
      lag.recordValue(Math.min(HIGHEST_NS, Math.max(1, lateNs)));
    }
  }

  /**
   * Waits until so many tokens came, nothing came for a while, or the time is up.
   *
   * @param quiet how long nothing may come
   * @param bound how long it may take altogether
   */
  synchronized void await(int tokens, Duration quiet, Duration bound) throws InterruptedException {
    long quietLooks = quiet.toMillis() / LOOK_MS;
    long looks = bound.toMillis() / LOOK_MS;
    int before = received;
    for (long silent = 0; received < tokens && silent < quietLooks && looks > 0; looks--) {
      wait(LOOK_MS);
      silent = received == before ? silent + 1 : 0;
      before = received;
    }
  }

  /** What came so far. */
  synchronized Summary summary() {
    return new Summary(received, repeated, unknown, Lag.of(lag));
  }

  /**
   * What came.
   *
   * @param received tokens, each counted once
   * @param repeated tokens that had come already
   * @param unknown events that are no token of the step
   * @param lag from when a token was due to when it came
   */
  record Summary(int received, int repeated, int unknown, Lag lag) {}
}
