package kpi;

import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The heap in use right after the last collection, young or full: reachable objects, and garbage of
 * the old generation since its last collection. Unlike the heap in use at any moment it does not
 * rise and fall with every allocation. Thread-safe.
 */
final class LiveHeap implements AutoCloseable {
  private static final Set<String> POOLS =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());

  private final GcEvents events;
  private volatile long bytes = ProcessFigures.UNKNOWN;

  /** Starts listening. */
  LiveHeap() {
    events = new GcEvents(LiveHeap::frees, this::onCollection);
  }

  /** Returns bytes; {@value ProcessFigures#UNKNOWN} before the first collection. */
  long bytes() {
    return bytes;
  }

  /** Stops listening; the last figure stays. */
  @Override
  public void close() {
    events.close();
  }

  /**
   * Leaves out the pauses of concurrent collectors, which report them apart from their cycles, and
   * G1's marking, after which the young generation is as full as before.
   */
  private static boolean frees(String collector) {
    return !collector.contains("Concurrent") && !collector.endsWith("Pauses");
  }

  private void onCollection(GcInfo collection) {
    bytes = after(collection);
  }

  /** Returns the bytes of heap in use after a collection. */
  static long after(GcInfo collection) {
    return collection.getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> POOLS.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }
}
