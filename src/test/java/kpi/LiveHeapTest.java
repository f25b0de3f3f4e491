package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LiveHeapTest {
  private static final int HELD = 40_000_000;
  private static final long MOST_OF_IT = 30_000_000;

  @Test
  void is_unknown_before_the_first_collection() {
    try (LiveHeap heap = new LiveHeap()) {
      assertThat(heap.bytes()).isEqualTo(ProcessFigures.UNKNOWN);
    }
  }

  @Test
  void counts_what_is_held_and_not_what_was_dropped() throws Exception {
    try (LiveHeap heap = new LiveHeap()) {
      FullCollection.awaited();
      long before = heap.bytes();
      byte[][] held = new byte[1][HELD];
      FullCollection.awaited();
      long holding = heap.bytes();
      held[0] = null;
      FullCollection.awaited();
      long dropped = heap.bytes();

      assertThat(before).isPositive();
      assertThat(holding).isGreaterThan(before + MOST_OF_IT);
      assertThat(dropped).isPositive().isLessThan(holding - MOST_OF_IT);
    }
  }

  @Test
  void the_last_figure_stays_after_close() throws Exception {
    LiveHeap heap = new LiveHeap();
    FullCollection.awaited();
    heap.close();
    long last = heap.bytes();

    byte[] held = new byte[HELD];
    FullCollection.awaited();

    assertThat(heap.bytes()).isEqualTo(last);
    assertThat(held).hasSize(HELD);
  }
}
