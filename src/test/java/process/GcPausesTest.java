package process;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GcPausesTest {
  @Test
  void a_full_collection_is_seen_and_forgotten_by_reset() throws Exception {
    byte[][] live = new byte[2_000][10_000]; // Something to move: a pause of 0 ms says nothing.
    try (GcPauses pauses = new GcPauses()) {
      collectUntilTold();

      assertThat(pauses.sumMs()).isPositive();
      assertThat(pauses.maxMs()).isBetween(1L, pauses.sumMs());

      pauses.reset();

      assertThat(pauses.sumMs()).isZero();
      assertThat(pauses.maxMs()).isZero();
    }
    assertThat(live).hasDimensions(2_000, 10_000);
  }

  @Test
  void nothing_is_counted_after_close() throws Exception {
    GcPauses pauses = new GcPauses();
    pauses.close();

    collectUntilTold();

    assertThat(pauses.sumMs()).isZero();
  }

  /** Listeners are told in the order in which they came: ours is told after the one under test. */
  private static void collectUntilTold() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    NotificationListener listener = (notification, handback) -> told.countDown();
    var beans =
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
}
