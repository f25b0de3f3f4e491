package simulations.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import simulations.auction.Bidder;
import simulations.auction.Bidding;
import simulations.auction.History;
import simulations.fanout.EventText;

/** One viewer of an item whose price was 5.00 at its fourth event. */
class WatcherTest {
  private static final long MS = 1_000_000;

  private final AtomicLong clockNs = new AtomicLong(MS);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Recorders recorders = new Recorders();
  private final Tally tally = new Tally();
  private final MixedItem item =
      new MixedItem(
          new Bidding(
              "i",
              new Bidding.Mix(0, 0, 1),
              new Bidding.Books(
                  Phase.MEASURE, recorders, tally, new History(), clockNs::get, nowNs -> false),
              "r"));
  private final Watcher watcher =
      new Watcher(
          new Watcher.Shared(
              Phase.MEASURE, recorders, tally, clockNs::get, closing::get, () -> false),
          item,
          3,
          0);

  @BeforeEach
  void it_joins() {
    watcher.onFrame("{\"type\":\"connected\"}");
    watcher.onFrame("{\"type\":\"state\",\"sequence\":4,\"current_bid\":5.00}");
  }

  @Test
  void who_saw_every_event_up_to_the_closing_is_right() {
    sees(5, "5.10");
    sees(6, "5.20");
    closing.set(true);
    assertThat(watcher.onFrame("{\"type\":\"closed\",\"sequence\":7,\"amount\":null}").isOver())
        .isTrue();
    assertThat(watcher.endSequence()).isEqualTo(7);
    assertThat(watcher.finish(null)).isEqualTo(Outcome.OK);
    assertThat(watcher.wrong()).isEmpty();
  }

  @Test
  void a_lag_begins_when_a_bid_of_that_amount_was_sent() {
    Bidder bidder = item.bidding().bidder();
    bidder.nextKey();
    String body = bidder.body();
    clockNs.addAndGet(30 * MS);
    sees(5, body.replaceFirst(".*\"amount\":([0-9.]+).*", "$1"));
    assertThat(watcher.longestMs()).isEqualTo(30);
    sees(6, "5000.00");
    watcher.finish(null);
    assertThat(recorders.of(Phase.MEASURE, Kpi.BROADCAST_LAG).rotate().getTotalCount()).isOne();
    assertThat(tally.counters())
        .containsEntry("broadcasts_received", 1L)
        .containsEntry("broadcasts_untimed", 1L);
  }

  @Test
  void an_event_that_is_missing_is_named() {
    sees(5, "5.10");
    sees(7, "5.30");
    assertThat(watcher.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(watcher.wrong())
        .contains("viewer 3 of item i never got sequence 6 in its turn, 1 in all");
  }

  @Test
  void a_price_that_does_not_rise_and_an_event_that_comes_twice_are_wrong() {
    sees(5, "5.00");
    sees(5, "5.00");
    assertThat(watcher.finish(null)).isEqualTo(Outcome.INVALID);
    assertThat(watcher.wrong().orElseThrow()).contains("1 events twice").contains("rise 2 times");
  }

  @Test
  void a_gap_that_is_told_is_a_gap() {
    watcher.onFrame("{\"type\":\"gap\",\"from\":5,\"to\":6}");
    assertThat(watcher.finish(null)).isEqualTo(Outcome.INVALID);
  }

  @Test
  void an_item_that_changes_before_the_end_is_not_over() {
    watcher.onFrame("{\"type\":\"closed\",\"sequence\":5,\"amount\":null}");
    assertThat(watcher.isOver()).isFalse();
    assertThat(watcher.endSequence()).isEqualTo(EventText.NONE);
    closing.set(true);
    watcher.onFrame("{\"type\":\"opened\",\"sequence\":6,\"amount\":null}");
    assertThat(watcher.endSequence()).as("the number of the closing").isEqualTo(5);
  }

  @Test
  void who_was_cut_did_not_stay() {
    assertThat(watcher.finish(Outcome.CLOSED_EARLY)).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(watcher.wrong().orElseThrow()).contains("did not stay to the end");
  }

  private void sees(long sequence, String amount) {
    watcher.onFrame("{\"type\":\"bid\",\"sequence\":" + sequence + ",\"amount\":" + amount + "}");
  }
}
