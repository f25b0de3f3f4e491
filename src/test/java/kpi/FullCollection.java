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

/** A collection of the whole heap that every listener has been told of. */
final class FullCollection {
  private FullCollection() {}

  /** Listeners are told in the order in which they came: ours is told after the one under test. */
  static void untilTold() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    NotificationListener listener =
        (notification, handback) -> {
          if (isAskedFor(notification)) {
            told.countDown();
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
      assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      for (NotificationEmitter bean : beans) {
        bean.removeNotificationListener(listener);
      }
    }
  }

  /** Others may come in between, for a heap that is full or young. */
  private static boolean isAskedFor(Notification notification) {
    GarbageCollectionNotificationInfo info =
        GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
    return info.getGcCause().equals("System.gc()") && info.getGcAction().contains("major");
  }
}
