package process;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * The collector pauses of this JVM since the last {@link #reset}: the longest and their sum, in
 * milliseconds. Phases that run beside the program are not pauses and are left out. Thread-safe.
 */
public final class GcPauses implements AutoCloseable {
  private final AtomicLong maxMs = new AtomicLong();
  private final AtomicLong sumMs = new AtomicLong();
  private final NotificationListener listener = this::onCollection;
  private final List<NotificationEmitter> emitters = new ArrayList<>();

  /** Starts listening. */
  public GcPauses() {
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (bean instanceof NotificationEmitter emitter && pauses(bean.getName())) {
        emitter.addNotificationListener(listener, null, null);
        emitters.add(emitter);
      }
    }
  }

  /** Forgets what was. */
  public void reset() {
    maxMs.set(0);
    sumMs.set(0);
  }

  /** The longest pause. */
  public long maxMs() {
    return maxMs.get();
  }

  /** The sum of all pauses. */
  public long sumMs() {
    return sumMs.get();
  }

  /** Stops listening. */
  @Override
  public void close() {
    for (NotificationEmitter emitter : emitters) {
      try {
        emitter.removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new IllegalStateException("a listener of ours was removed by somebody else", e);
      }
    }
    emitters.clear();
  }

  private static boolean pauses(String collector) {
    return !collector.contains("Concurrent") && !collector.endsWith("Cycles");
  }

  private void onCollection(Notification notification, Object handback) {
    if (!notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      return;
    }
    long ms =
        GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
            .getGcInfo()
            .getDuration();
    maxMs.accumulateAndGet(ms, Math::max);
    sumMs.addAndGet(ms);
  }
}
