package kpi;

import com.sun.management.GcInfo;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * Reports once that the heap of this JVM is about to run out: after a full collection {@value
 * #FULL_PERCENT} % or more of the maximum stay in use. Soon the JVM only collects, and then an
 * arbitrary thread gets an OutOfMemoryError.
 */
public final class FullHeap implements AutoCloseable {
  /** Share of the largest heap that stays in use after a full collection, in per cent. */
  static final int FULL_PERCENT = 85;

  private final AtomicBoolean reported = new AtomicBoolean();
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

  /**
   * Returns true for full collections of G1, Parallel and Serial; concurrent collectors have none.
   */
  private static boolean collectsAll(String collector) {
    return collector.startsWith("G1 Old") || collector.contains("MarkSweep");
  }

  private void onCollection(GcInfo collection) {
    long used = LiveHeap.after(collection);
    if (used >= maximum / 100 * FULL_PERCENT && reported.compareAndSet(false, true)) {
      onFull.accept(used);
    }
  }
}
