package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GcEventsTest {
  private static final int LIVE_BYTES = 20_000_000;
  private static final int HELD = 40_000_000;
  private static final long MOST_OF_IT = 30_000_000;

  private final byte[] live = new byte[LIVE_BYTES];

  @Test
  void a_heap_that_stays_full_is_reported_once_and_one_with_room_is_not() throws Exception {
    List<Long> full = new ArrayList<>();
    List<Long> roomy = new ArrayList<>();
    try (GcEvents small = GcEvents.onFullHeap(LIVE_BYTES, full::add);
        GcEvents large = GcEvents.onFullHeap(roomy::add)) {
      collect();
      collect();
      assertThat(full).hasSize(1).allMatch(used -> used >= live.length);
      assertThat(roomy).isEmpty();
      assertThat(small).isNotSameAs(large);
    }
  }

  @Test
  void a_pause_is_seen_forgotten_by_reset_and_not_counted_after_close() throws Exception {
    byte[][] moved = new byte[2_000][10_000]; // Something to move: a pause of 0 ms says nothing.
    GcPauses closed = new GcPauses();
    closed.close();
    try (GcPauses pauses = new GcPauses()) {
      collect();
      assertThat(pauses.sumMs()).isPositive();
      assertThat(pauses.maxMs()).isBetween(1L, pauses.sumMs());
      pauses.reset();
      assertThat(pauses.sumMs()).isZero();
      assertThat(pauses.maxMs()).isZero();
    }
    assertThat(closed.sumMs()).isZero();
    assertThat(moved).hasDimensions(2_000, 10_000);
  }

  @Test
  void the_live_heap_counts_what_is_held_and_not_what_was_dropped() throws Exception {
    ProcessFigures.now();
    collect();
    long before = ProcessFigures.now().heapLiveBytes();
    byte[][] held = new byte[1][HELD];
    collect();
    long holding = ProcessFigures.now().heapLiveBytes();
    held[0] = null;
    collect();
    assertThat(before).isPositive();
    assertThat(holding).isGreaterThan(before + MOST_OF_IT);
    assertThat(ProcessFigures.now().heapLiveBytes()).isPositive().isLessThan(holding - MOST_OF_IT);
  }

  /**
   * Collects the whole heap and waits: listeners run in the order of their registration, the one
   * under test first. Other collections may come in between.
   */
  private static void collect() throws Exception {
    CountDownLatch notified = new CountDownLatch(1);
    NotificationListener listener =
        (notification, handback) -> {
          CompositeData data = (CompositeData) notification.getUserData();
          GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from(data);
          if (info.getGcCause().equals("System.gc()") && info.getGcAction().contains("major")) {
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
    System.gc();
    assertThat(notified.await(10, TimeUnit.SECONDS)).isTrue();
    for (NotificationEmitter bean : beans) {
      bean.removeNotificationListener(listener);
    }
  }
}
