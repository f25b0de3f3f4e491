package simulations.events;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import simulations.run.Recording;

/**
 * The streams of one kind of clients, in one stage of a run. Thread-safe.
 *
 * @param name of their requests
 * @param target path and query
 * @param plan of each
 * @param recording of their phase
 * @param stays whether a client of an endless stream stays
 */
record Streams(
    String name,
    String target,
    Plan plan,
    Recording recording,
    BooleanSupplier stays,
    AtomicInteger begun) {
  Streams(String name, String target, Plan plan, Recording recording, BooleanSupplier stays) {
    this(name, target, plan, recording, stays, new AtomicInteger());
  }

  /**
   * The plan of each stream.
   *
   * @param count events after which a client leaves; 0 if it stays for the whole stage
   * @param isTimed whether first events and gaps are recorded
   * @param isNumbered whether events are known to be numbered from 1
   * @param resumedPct share of streams that are left in the middle and resumed
   * @param length of a stream, as planned
   * @param timeout beyond that length
   * @param gapMaxNs longest gap of a good stream
   * @param firstMaxNs longest time to the first event of a good stream
   */
  record Plan(
      int count,
      boolean isTimed,
      boolean isNumbered,
      int resumedPct,
      Duration length,
      Duration timeout,
      long gapMaxNs,
      long firstMaxNs) {
    Duration bound() {
      return length.plus(timeout);
    }
  }

  /** Returns the number of events after which the next stream is left, to be resumed; or 0. */
  int leaveNext() {
    long number = begun.incrementAndGet();
    boolean leaves = number * plan.resumedPct / 100 > (number - 1) * plan.resumedPct / 100;
    return leaves && plan.count > 1 ? plan.count / 2 : 0;
  }
}
