package kpi;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The collector pauses of this JVM since the last {@link #reset}: the longest and their sum, in
 * milliseconds. Concurrent phases are not pauses and are left out. Thread-safe.
 */
public final class GcPauses implements AutoCloseable {
  private final AtomicLong maxMs = new AtomicLong();
  private final AtomicLong sumMs = new AtomicLong();
  private final GcEvents events =
      new GcEvents(
          collector -> !collector.contains("Concurrent") && !collector.endsWith("Cycles"),
          pause -> {
            maxMs.accumulateAndGet(pause.getDuration(), Math::max);
            sumMs.addAndGet(pause.getDuration());
          });

  public void reset() {
    maxMs.set(0);
    sumMs.set(0);
  }

  public long maxMs() {
    return maxMs.get();
  }

  public long sumMs() {
    return sumMs.get();
  }

  @Override
  public void close() {
    events.close();
  }
}
