package kpi;

import com.sun.management.GcInfo;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * Tells, once, that the heap of this JVM is about to run out: a collection of all of it has freed
 * so little that {@value #FULL_PERCENT} % or more of the maximum stay in use. What follows is time
 * spent in collections, and then an error in whatever thread happens to allocate.
 */
public final class FullHeap implements AutoCloseable {
  /** Percent of the largest heap that are in use after a full collection. */
  static final int FULL_PERCENT = 85;

  private final AtomicBoolean told = new AtomicBoolean();
  private final long maximum;
  private final LongConsumer onFull;
  private final GcEvents events;

  /**
   * Starts listening.
   *
   * @param onFull gets the bytes in use; called on the JVM's thread, so it must not block
   */
  public FullHeap(LongConsumer onFull) {
    this(Runtime.getRuntime().maxMemory(), onFull);
  }

  FullHeap(long maximum, LongConsumer onFull) {
    this.maximum = maximum;
    this.onFull = onFull;
    events = new GcEvents(FullHeap::collectsAll, this::onCollection);
  }

  /** Stops listening. */
  @Override
  public void close() {
    events.close();
  }

  /** G1, Parallel and Serial; the collectors that run beside the program have no such step. */
  private static boolean collectsAll(String collector) {
    return collector.startsWith("G1 Old") || collector.contains("MarkSweep");
  }

  private void onCollection(GcInfo collection) {
    long used = LiveHeap.after(collection);
    if (used >= maximum / 100 * FULL_PERCENT && told.compareAndSet(false, true)) {
      onFull.accept(used);
    }
  }
}
