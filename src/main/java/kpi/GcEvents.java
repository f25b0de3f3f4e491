package kpi;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * Listens to the notifications of this JVM's garbage collectors. They come on a thread of the JVM,
 * a moment after the collection.
 */
final class GcEvents implements AutoCloseable {
  private final Consumer<GcInfo> onEvent;
  private final NotificationListener listener = this::onNotification;
  private final List<NotificationEmitter> emitters = new ArrayList<>();

  /**
   * Starts listening.
   *
   * @param collectors chooses by the collector's name
   * @param onEvent called on the JVM's thread; must not block
   */
  GcEvents(Predicate<String> collectors, Consumer<GcInfo> onEvent) {
    this.onEvent = onEvent;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (bean instanceof NotificationEmitter emitter && collectors.test(bean.getName())) {
        emitter.addNotificationListener(listener, null, null);
        emitters.add(emitter);
      }
    }
  }

  /** Stops listening. */
  @Override
  public void close() {
    for (NotificationEmitter emitter : emitters) {
      try {
        emitter.removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new IllegalStateException("another component removed this listener", e);
      }
    }
    emitters.clear();
  }

  private void onNotification(Notification notification, Object handback) {
    if (notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      onEvent.accept(
          GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
              .getGcInfo());
    }
  }
}
