package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Within;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Recording;
import verdict.BidOperation.Accepted;

/**
 * One viewer, by a clock that the test moves: the price was 5.00, then four bids of one cent more
 * each were due every 100 ms from 10 ms on.
 */
class AuctionRecorderTest {
  private static final long MS = 1_000_000;
  private static final long FROM = 500;

  private final AtomicLong clockNs = new AtomicLong(MS);
  private final Recording recording = Recording.ofStage(clockNs::get);
  private final AuctionItem item = new AuctionItem("i", BidForm.ORIGINAL);
  private final AuctionRecorder viewer = new AuctionRecorder(recording, item, () -> false);

  @BeforeEach
  void the_bids_begin() {
    clockNs.addAndGet(4 * MS);
    item.begins(new BidAnswer(false, FROM, BidAnswer.NONE, Optional.empty(), "", 7));
    item.ownBidsUpTo(FROM + 4);
    item.keepDueTimes();
    for (int bid = 1; bid <= 4; bid++) {
      item.due(FROM + bid, (100 * bid - 90) * MS);
    }
    viewer.onFrame("{\"type\":\"connected\"}");
    viewer.onFrame("{\"type\":\"state\",\"sequence\":7,\"current_bid\":5.00}");
  }

  @Test
  void a_lag_begins_when_the_bid_was_due() {
    seesAt(13, 1);
    seesAt(150, 2);
    List<Integer> lagsUs = new ArrayList<>();
    viewer.lags((cents, lagUs) -> lagsUs.add(lagUs));
    assertThat(lagsUs).containsExactly(3_000, 40_000);
    assertThat(viewer.longestMs()).isEqualTo(40);
    assertAnswer(recording, Kpi.BROADCAST_LAG, 3.0, 40.0);
    assertAnswer(recording, Kpi.CONNECT, 4.0);
    assertThat(item.connected).hasValue(1);
    assertThat(item.seated).hasValue(1);
  }

  /** The third bid is due at 210 ms, and sent later. */
  @ParameterizedTest
  @CsvSource({"250, 251, 0", "250, 249, 1"})
  void no_viewer_receives_a_bid_before_it_was_sent(long sentMs, long seenMs, long wrong) {
    item.sent(FROM + 3, sentMs * MS);
    seesAt(seenMs, 3);
    assertThat(recording.counted(Within.WAKE_LAG.counter())).isEqualTo(wrong);
  }

  @ParameterizedTest
  @CsvSource({
    "1 2 3 4,      1 2 3 4, 4, OK,      ''",
    "1 4,          1 3 4,   2, INVALID, 'never got sequence 9, 1 in all'",
    "1 2 3 4 90 0, 1 2 3 4, 4, OK,      ''",
    "2 1 3 4 4,    1 2 4,   5, INVALID, 'differs: 0 lost, 1 twice, 1 out of order, 1 not in any'",
  })
  void bids_received_are_compared_with_those_accepted(
      String seen, String accepted, long own, Outcome outcome, String wrong) {
    sees(numbers(seen));
    assertThat(ends(numbers(accepted))).isEqualTo(outcome);
    assertThat(viewer.wrong().orElse("")).startsWith(wrong);
    assertThat(viewer.wrong().isEmpty()).isEqualTo(outcome == Outcome.OK);
    assertThat(recording.counted("viewers_survived")).isOne();
    assertThat(recording.counted("broadcasts_received")).isEqualTo(own);
    assertThat(recording.counted("broadcasts_foreign")).isEqualTo(numbers(seen).length - own);
  }

  @Test
  void bids_in_the_state_on_joining_need_not_come() {
    viewer.onFrame("{\"type\":\"state\",\"sequence\":9,\"current_bid\":5.02}");
    sees(3, 4);
    assertThat(ends(1, 2, 3, 4)).isEqualTo(Outcome.OK);
    assertThat(item.seated).hasValue(1);
  }

  @Test
  void a_notice_of_a_gap_is_wrong() {
    sees(1, 2, 3, 4);
    viewer.onFrame("{\"type\":\"gap\",\"from\":5,\"to\":6}");
    assertThat(ends(1, 2, 3, 4)).isEqualTo(Outcome.INVALID);
    assertThat(viewer.wrong().orElseThrow()).contains("1 notices of a gap");
  }

  @Test
  void it_is_over_when_the_item_is_closed_after_the_last_bid() {
    sees(1, 2, 3, 4);
    assertThat(viewer.onFrame("{\"type\":\"opened\",\"amount\":null}").isOver()).isFalse();
    item.done();
    assertThat(viewer.onFrame("{\"type\":\"closed\",\"amount\":null}").isOver()).isTrue();
  }

  @Test
  void a_viewer_that_was_cut_off_did_not_stay() {
    sees(1, 2, 3, 4);
    item.done();
    assertThat(viewer.finish(Optional.of(Outcome.CLOSED_EARLY))).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(viewer.survived()).isFalse();
    assertThat(viewer.wrong().orElseThrow()).contains("did not stay to the end");
    assertThat(recording.counted("viewers_connected")).isOne();
    assertThat(recording.counted("viewers_survived")).isZero();
  }

  private Outcome ends(int... accepted) {
    for (int bid : accepted) {
      item.add(new Accepted(0, 1, "ann", FROM + bid, OptionalLong.empty()));
    }
    item.done();
    return viewer.finish(Optional.empty());
  }

  private static int[] numbers(String text) {
    return Stream.of(text.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
  }

  private void seesAt(long atMs, int bid) {
    clockNs.set(atMs * MS);
    sees(bid);
  }

  private void sees(int... bids) {
    for (int bid : bids) {
      viewer.onFrame(
          "{\"type\":\"bid\",\"sequence\":0,\"amount\":" + Ledger.decimal(FROM + bid) + "}");
    }
  }
}
