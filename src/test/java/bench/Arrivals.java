package bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/** Counts the deliveries of one load and measures how late each is. Thread-safe. */
final class Arrivals {
  private static final long HIGHEST_NS = TimeUnit.HOURS.toNanos(1);
  private static final double NS_PER_MS = 1e6;
  private static final long POLL_MS = 20;

  private final String id;
  private final Plan plan;
  private final Histogram lag = new Histogram(1, HIGHEST_NS, 3);
  private final BitSet arrived = new BitSet();
  private final BitSet reached = new BitSet();
  private final long[] startNs;
  private int received;
  private int failed;

  Arrivals(String id, Plan plan) {
    this.id = id;
    this.plan = plan;
    this.startNs = new long[plan.receivers()];
  }

  /** The counts of a load; the lag, how late messages are, in ms. */
  record Summary(int received, int lost, double p50Ms, double p99Ms, double maxMs) {}

  Plan plan() {
    return plan;
  }

  String stream(int receiver) {
    return id + "-" + receiver;
  }

  synchronized void start(long atNs) {
    Arrays.fill(startNs, atNs);
  }

  synchronized void start(int receiver) {
    startNs[receiver] = System.nanoTime();
  }

  /** Counts a message; any message shows that its receiver is connected. */
  synchronized void take(int receiver, long number) {
    int index = plan.index(receiver, number);
    reached.set(receiver);
    if (index >= 0 && !arrived.get(index)) {
      arrived.set(index);
      count(receiver, plan.dueNs(index));
    }
  }

  /** Counts an answer to the last request of a receiver. */
  synchronized void answered(int receiver) {
    count(receiver, 0);
  }

  private void count(int receiver, long dueNs) {
    received++;
    long lateNs = System.nanoTime() - startNs[receiver] - dueNs;
    lag.recordValue(Math.min(HIGHEST_NS, Math.max(1, lateNs)));
  }

  synchronized void failed() {
    failed++;
  }

  synchronized int received() {
    return received;
  }

  /** Waits until every receiver has a message; returns whether it does. */
  boolean awaitReached(Duration bound) throws InterruptedException {
    return await(bound, () -> reached.cardinality() == plan.receivers());
  }

  /** Waits for all deliveries, as long as some arrive. */
  void awaitAll(Duration quiet) throws InterruptedException {
    int before = -1;
    while (before < received() && !await(quiet, () -> received >= plan.deliveries())) {
      before = received();
    }
  }

  private synchronized boolean await(Duration bound, BooleanSupplier condition)
      throws InterruptedException {
    for (long left = bound.toMillis(); !condition.getAsBoolean() && left > 0; left -= POLL_MS) {
      wait(POLL_MS);
    }
    return condition.getAsBoolean();
  }

  synchronized Summary summary() {
    return new Summary(
        received,
        plan.kind() == Plan.Kind.CLOSED ? failed : plan.deliveries() - received,
        lag.getValueAtPercentile(50) / NS_PER_MS,
        lag.getValueAtPercentile(99) / NS_PER_MS,
        lag.getMaxValue() / NS_PER_MS);
  }
}
