package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GcPausesTest {
  @Test
  void a_full_collection_is_seen_and_forgotten_by_reset() throws Exception {
    byte[][] live = new byte[2_000][10_000]; // Something to move: a pause of 0 ms says nothing.
    try (GcPauses pauses = new GcPauses()) {
      FullCollection.awaited();

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

    FullCollection.awaited();

    assertThat(pauses.sumMs()).isZero();
  }
}
