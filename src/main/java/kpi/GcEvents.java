package kpi;

import static com.sun.management.GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Listens to the notifications of this JVM's garbage collectors. They come on a thread of the JVM,
 * a moment after the collection.
 */
public final class GcEvents {
  /** Share of the largest heap that stays in use after a full collection, in per cent. */
  static final int FULL_PERCENT = 85;

  private static final Set<String> HEAP_POOLS =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());

  private GcEvents() {}

  /**
   * Listens as long as the JVM lives.
   *
   * @param collectors chooses by the collector's name
   * @param onEvent called on the JVM's thread; must not block
   */
  static void listen(Predicate<String> collectors, Consumer<GcInfo> onEvent) {
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (bean instanceof NotificationEmitter emitter && collectors.test(bean.getName())) {
        emitter.addNotificationListener(
            (event, unused) -> {
              CompositeData data = (CompositeData) event.getUserData();
              onEvent.accept(GarbageCollectionNotificationInfo.from(data).getGcInfo());
            },
            event -> event.getType().equals(GARBAGE_COLLECTION_NOTIFICATION),
            null);
      }
    }
  }

  /**
   * Reports once that the heap of this JVM is about to run out: after a full collection {@value
   * #FULL_PERCENT} % or more of the maximum stay in use. Soon the JVM only collects, and then an
   * arbitrary thread gets an OutOfMemoryError.
   *
   * @param onFull gets the bytes in use; called on the JVM's thread, so it must not block
   */
  public static void onFullHeap(LongConsumer onFull) {
    onFullHeap(Runtime.getRuntime().maxMemory(), onFull);
  }

  static void onFullHeap(long maximum, LongConsumer onFull) {
    AtomicBoolean reported = new AtomicBoolean();
    listen(
        // Full collections of G1, Parallel and Serial; concurrent collectors have none.
        collector -> collector.startsWith("G1 Old") || collector.contains("MarkSweep"),
        collection -> {
          long used = heapAfter(collection);
          if (used >= maximum / 100 * FULL_PERCENT && reported.compareAndSet(false, true)) {
            onFull.accept(used);
          }
        });
  }

  /** Returns the bytes of heap in use after a collection. */
  static long heapAfter(GcInfo collection) {
    return collection.getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> HEAP_POOLS.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  /**
   * The collector pauses of this JVM since the last {@link #reset}: the longest and their sum, in
   * milliseconds. Concurrent phases are not pauses and are left out. Thread-safe.
   */
  public static final class Pauses {
    private final AtomicLong maxMs = new AtomicLong();
    private final AtomicLong sumMs = new AtomicLong();

    public Pauses() {
      listen(
          collector -> !collector.contains("Concurrent") && !collector.endsWith("Cycles"),
          pause -> {
            maxMs.accumulateAndGet(pause.getDuration(), Math::max);
            sumMs.addAndGet(pause.getDuration());
          });
    }

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
  }
}
