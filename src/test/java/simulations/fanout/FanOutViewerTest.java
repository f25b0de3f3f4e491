package simulations.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One viewer, by a clock that the test moves; the price was 5.00 before four bids. */
class FanOutViewerTest {
  private static final long MS = 1_000_000;

  private final AtomicLong clockNs = new AtomicLong(MS);
  private final Recorders recorders = new Recorders();
  private final Tally tally = new Tally();
  private final Step step =
      new Step(
          new Step.Plan(Phase.MEASURE, "i", 3, Duration.ofSeconds(1), 4, Duration.ofMillis(100)),
          Optional.empty());
  private final FanOutViewer viewer =
      new FanOutViewer(
          new FanOutViewer.Shared(recorders, tally, clockNs::get, () -> false), step, 1, 0);

  @BeforeEach
  void the_bids_begin() {
    step.found(500, 7);
    step.begin(10 * MS);
    for (int bid = 0; bid < 4; bid++) {
      step.answered(bid, true);
    }
    viewer.onFrame("{\"type\":\"connected\"}");
    viewer.onFrame("{\"type\":\"state\",\"sequence\":7,\"current_bid\":5.00}");
  }

  @Test
  void a_lag_begins_when_the_bid_was_due() {
    sees(0, 13);
    sees(1, 150);
    assertThat(viewer.lagUs(0)).isEqualTo(3_000);
    assertThat(viewer.lagUs(1)).as("due 100 ms after the first").isEqualTo(40_000);
    assertThat(viewer.longestMs()).isEqualTo(40);
    assertThat(recorders.of(Phase.MEASURE, Kpi.BROADCAST_LAG).rotate().getTotalCount())
        .isEqualTo(2);
    assertThat(step.seated()).isOne();
    assertThat(step.welcomed()).isOne();
  }

  @Test
  void who_saw_every_bid_once_and_in_order_is_right() {
    everything();
    assertThat(viewer.finish(null)).isEqualTo(Outcome.OK);
    assertThat(viewer.wrong()).isEmpty();
    assertThat(tally.counters())
        .containsEntry("broadcasts_received", 4L)
        .containsEntry("viewers_survived", 1L);
  }

  @Test
  void a_bid_that_never_came_is_named_by_its_sequence() {
    step.answered(1, false);
    sees(0, 20);
    sees(3, 320);
    assertThat(viewer.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(viewer.lost()).isOne();
    assertThat(viewer.wrong()).contains("viewer 2 of 3 never got sequence 9, 1 in all");
  }

  @Test
  void a_bid_whose_fate_nobody_knows_may_come_or_not() {
    step.unknown(2);
    sees(0, 20);
    sees(1, 120);
    sees(3, 320);
    assertThat(viewer.finish(null)).isEqualTo(Outcome.OK);
  }

  @Test
  void what_comes_twice_or_late_or_was_rejected_is_counted() {
    everything();
    sees(3, 330);
    assertThat(viewer.twice()).isOne();
    assertThat(viewer.finish(null)).isEqualTo(Outcome.INVALID);
    step.answered(2, false);
    assertThat(viewer.strange()).isOne();
  }

  @Test
  void a_price_that_fell_is_counted() {
    sees(1, 120);
    sees(0, 121);
    sees(2, 220);
    sees(3, 320);
    assertThat(viewer.late()).isOne();
    assertThat(viewer.lost()).isZero();
    assertThat(viewer.finish(null)).isEqualTo(Outcome.INVALID);
  }

  @Test
  void what_was_in_the_state_on_joining_need_not_come() {
    viewer.onFrame("{\"type\":\"state\",\"sequence\":9,\"current_bid\":5.02}");
    sees(2, 220);
    sees(3, 320);
    assertThat(viewer.finish(null)).isEqualTo(Outcome.OK);
  }

  @Test
  void bids_of_others_are_none_of_ours() {
    everything();
    viewer.onFrame("{\"type\":\"bid\",\"amount\":99.00}");
    viewer.onFrame("{\"type\":\"bid\",\"amount\":5.00}");
    assertThat(viewer.finish(null)).isEqualTo(Outcome.OK);
    assertThat(tally.counters()).containsEntry("broadcasts_foreign", 2L);
  }

  @Test
  void it_is_over_when_the_item_is_closed_after_the_last_bid() {
    everything();
    assertThat(viewer.onFrame("{\"type\":\"opened\",\"amount\":null}").isOver()).isFalse();
    step.done();
    assertThat(viewer.onFrame("{\"type\":\"closed\",\"amount\":null}").isOver()).isTrue();
  }

  @Test
  void who_was_cut_did_not_stay() {
    everything();
    assertThat(viewer.finish(Outcome.CLOSED_EARLY)).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(viewer.survived()).isFalse();
    assertThat(viewer.wrong().orElseThrow()).contains("viewer 2 of 3 did not stay to the end");
    assertThat(tally.counters())
        .containsEntry("viewers_connected", 1L)
        .doesNotContainKey("viewers_survived");
  }

  private void everything() {
    for (int bid = 0; bid < 4; bid++) {
      sees(bid, 12 + 100 * bid);
    }
  }

  private void sees(int bid, long atMs) {
    clockNs.set(atMs * MS);
    viewer.onFrame("{\"type\":\"bid\",\"sequence\":0,\"amount\":" + (501 + bid) / 100.0 + "}");
  }
}
