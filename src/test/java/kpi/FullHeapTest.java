package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FullHeapTest {
  private static final int LIVE_BYTES = 20_000_000;

  private final byte[] live = new byte[LIVE_BYTES];

  @Test
  void a_heap_that_stays_full_is_reported_once() throws Exception {
    List<Long> reports = new ArrayList<>();
    try (GcEvents heap = GcEvents.onFullHeap(LIVE_BYTES, reports::add)) {
      FullCollection.awaited();
      FullCollection.awaited();
      assertThat(reports).hasSize(1).allMatch(used -> used >= live.length);
      assertThat(heap).isNotNull();
    }
  }

  @Test
  void a_heap_with_room_is_not_reported() throws Exception {
    List<Long> reports = new ArrayList<>();
    try (GcEvents heap = GcEvents.onFullHeap(reports::add)) {
      FullCollection.awaited();
      assertThat(reports).isEmpty();
      assertThat(heap).isNotNull();
    }
  }
}
