package simulations.auction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import kpi.Outcome;
import org.junit.jupiter.api.Test;
import simulations.run.Options;
import simulations.run.Recording;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/** The bids of one bidder, and the history that it writes. */
class BidderTest {
  private final AtomicLong clock = new AtomicLong();
  private final Recording recording = Recording.ofStage(clock::get);
  private final AuctionItem item = new AuctionItem("item");

  @Test
  void reads_the_price_before_its_first_bid_and_bids_above_it() {
    Bidder bidder = bidding(0).bidder(item);
    assertThat(bidder.readsFirst()).isTrue();
    bidder.reads(item);
    clock.set(5);
    bidder.answered(200, json("{\"current_bid\":10.00,\"highest_bidder_id\":\"ann\"}"));
    assertThat(item.operations()).containsExactly(new Read(0, 5, 1000, Optional.of("ann")));
    assertThat(bidder.readsFirst()).isFalse();
    assertThat(bids(bidder)).isBetween(1001L, 1100L);
  }

  @Test
  void an_accepted_bid_is_kept_with_its_times_and_followed() {
    Bidder bidder = knowing(0);
    clock.set(10);
    long cents = bids(bidder);
    clock.set(30);
    bidder.decided(201, json("{\"success\":true,\"previous_bid\":10.00}"));
    bidder.endBid();
    assertThat(bids()).containsExactly(new Accepted(10, 30, "u0", cents, OptionalLong.of(1000)));
    assertThat(bids(bidder)).isGreaterThan(cents);
    assertThat(recording.counted("bids_accepted")).isOne();
    assertThat(recording.of(Kpi.BID_ACCEPTED).rotate().getTotalCount()).isOne();
  }

  @Test
  void a_rejected_bid_has_the_price_to_follow() {
    Bidder bidder = knowing(0);
    long cents = bids(bidder);
    bidder.decided(
        200, json("{\"success\":false,\"current_bid\":50.00,\"highest_bidder_id\":\"bob\"}"));
    assertThat(item.operations())
        .contains(new Rejected(0, 0, "u0", cents, 5000, Optional.of("bob")));
    assertThat(bids(bidder)).isGreaterThan(5000);
    assertThat(bidder.outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void a_bid_without_an_answer_may_have_been_decided() {
    Bidder bidder = knowing(0);
    long cents = bids(bidder);
    bidder.endBid();
    assertThat(bids()).containsExactly(new Unknown(0, "u0", cents));
    assertThat(bidder.outcome()).isEqualTo(Outcome.TIMEOUT);
  }

  @Test
  void a_503_counts_by_whether_it_was_decided() {
    Bidder bidder = knowing(0);
    bids(bidder);
    bidder.decided(503, json("{\"error\":\"away\",\"decided\":\"false\"}"));
    assertThat(bids()).isEmpty();
    bids(bidder);
    bidder.decided(503, json("{\"error\":\"away\",\"decided\":\"unknown\"}"));
    assertThat(bids()).hasSize(1);
    assertThat(bidder.outcome()).isEqualTo(Outcome.LIMITED);
    assertThat(bidding(0).errorPct()).isEqualTo(200.0 / 3);
  }

  @Test
  void status_and_body_that_contradict_each_other_are_counted() {
    Bidder bidder = knowing(0);
    bids(bidder);
    bidder.decided(200, json("{\"success\":true,\"current_bid\":20.00}"));
    assertThat(recording.counted("answers_wrong")).isOne();
    assertThat(bidder.outcome()).isEqualTo(Outcome.INVALID);
    assertThat(bids()).hasOnlyElementsOfType(Unknown.class);
  }

  @Test
  void losing_bids_are_at_or_below_the_price_and_to_accept_one_is_counted() {
    Bidder bidder = knowing(99);
    Set<Boolean> equal = new HashSet<>();
    long losing = 0;
    for (int i = 0; i < 200; i++) {
      long cents = bids(bidder);
      losing += cents <= 1000 ? 1 : 0;
      equal.add(cents == 1000);
    }
    assertThat(losing).isGreaterThan(180);
    assertThat(equal).containsExactlyInAnyOrder(true, false);
    bids(bidder);
    bidder.decided(201, json("{\"success\":true}"));
    assertThat(recording.counted("losing_bids_accepted")).isOne();
  }

  @Test
  void every_bid_has_a_key_of_its_own() {
    Bidding bidding = bidding(0);
    Set<String> keys = new HashSet<>();
    for (Bidder bidder : List.of(bidding.bidder(item), bidding.bidder(item))) {
      keys.addAll(List.of(bidder.nextKey(), bidder.nextKey()));
      assertThat(bidder.thinks(Duration.ofNanos(300)).toNanos()).isBetween(100L, 500L);
    }
    assertThat(keys).hasSize(4);
  }

  @Test
  void a_history_that_is_full_reports_the_bids_that_it_left_out() {
    AuctionItem small = new AuctionItem("small", 1);
    for (int i = 0; i < 3; i++) {
      small.add(new Unknown(0, "ann", 100));
      small.add(new Read(0, 1, 100, Optional.empty()));
    }
    assertThat(small.operations()).hasSize(2);
    assertThat(small.bidsLeftOut()).isEqualTo(2);
  }

  /** A bidder that has seen the price of 10.00. */
  private Bidder knowing(int losersPct) {
    Bidder bidder = bidding(losersPct).bidder(item);
    bidder.reads(item);
    bidder.answered(200, json("{\"current_bid\":10.00}"));
    return bidder;
  }

  private Bidding bidding(int losersPct) {
    var config = Options.config("contended-bids", "reads", "0", "losers", "" + losersPct);
    return new Bidding(recording, ContendSettings.read(config), "run", nowNs -> true);
  }

  private List<BidOperation> bids() {
    return item.operations().stream()
        .filter(each -> each instanceof Accepted || each instanceof Unknown)
        .toList();
  }

  /** Sends the next bid and returns its amount in cents. */
  private static long bids(Bidder bidder) {
    bidder.nextKey();
    String body = bidder.body();
    String text = body.substring(body.indexOf("\"amount\":") + 9, body.length() - 1);
    return Long.parseLong(text.replace(".", ""));
  }

  private static byte[] json(String text) {
    return text.getBytes(UTF_8);
  }
}
