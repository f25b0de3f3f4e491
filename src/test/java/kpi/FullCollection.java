package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** A collection of the whole heap, after which every listener was notified. */
final class FullCollection {
  private FullCollection() {}

  /**
   * Collects and waits: listeners run in the order of their registration, the one under test first.
   */
  static void awaited() throws Exception {
    CountDownLatch notified = new CountDownLatch(1);
    NotificationListener listener =
        (notification, handback) -> {
          if (isRequested(notification)) {
            notified.countDown();
          }
        };
    List<NotificationEmitter> beans =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(NotificationEmitter.class::cast)
            .toList();
    for (NotificationEmitter bean : beans) {
      bean.addNotificationListener(listener, null, null);
    }
    try {
      System.gc();
      assertThat(notified.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      for (NotificationEmitter bean : beans) {
        bean.removeNotificationListener(listener);
      }
    }
  }

  /** Returns true for the requested collection; others may come in between. */
  private static boolean isRequested(Notification notification) {
    GarbageCollectionNotificationInfo info =
        GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
    return info.getGcCause().equals("System.gc()") && info.getGcAction().contains("major");
  }
}
