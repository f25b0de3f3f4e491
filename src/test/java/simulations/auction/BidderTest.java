package simulations.auction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static simulations.run.Answers.assertAnswer;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Within;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;
import simulations.run.Recording;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/** The bids of one bidder, and the history that it writes. */
class BidderTest {
  private static final long MS = 1_000_000;

  private final AtomicLong clock = new AtomicLong();
  private final Recording recording = Recording.ofStage(clock::get);
  private final AuctionItem item = new AuctionItem("item", BidForm.ORIGINAL);

  @Test
  void reads_the_price_before_its_first_bid_and_bids_above_it() {
    Bidder bidder = bidding(0).bidder(item);
    assertThat(bidder.readsFirst()).isTrue();
    bidder.reads(item);
    clock.set(5);
    bidder.answered(200, json("{'current_bid':10.00,'highest_bidder_id':'ann'}"));
    assertThat(item.operations()).containsExactly(new Read(0, 5, 1000, Optional.of("ann")));
    assertThat(bidder.readsFirst()).isFalse();
    assertThat(bids(bidder)).isBetween(1001L, 1100L);
  }

  @Test
  void a_bid_that_waits_also_stands_for_those_that_its_user_would_have_sent_meanwhile() {
    Bidder bidder = knowing(0);
    long unused = bids(bidder);
    clock.addAndGet(300 * MS);
    bidder.decided(201, json("{'success':true,'previous_bid':10.00}"));
    assertThat(recording.of(Kpi.BID_ACCEPTED).rotate().getTotalCount()).isEqualTo(1);
    // One each think time of 30 ms, the last one 30 ms before the answer.
    assertThat(recording.of(Kpi.BID_DUE).rotate().getTotalCount()).isEqualTo(10);
  }

  @Test
  void a_decided_bid_is_kept_with_its_times_and_the_price_followed() {
    Bidder bidder = knowing(0);
    clock.set(10);
    long first = bids(bidder);
    clock.set(30);
    bidder.decided(201, json("{'success':true,'previous_bid':10.00}"));
    bidder.endBid();
    assertThat(last()).isEqualTo(new Accepted(10, 30, "u0", first, OptionalLong.of(1000)));
    long second = bids(bidder);
    assertThat(second).isGreaterThan(first);
    bidder.decided(200, json("{'success':false,'current_bid':50,'highest_bidder_id':'bob'}"));
    assertThat(last()).isEqualTo(new Rejected(30, 30, "u0", second, 5000, Optional.of("bob")));
    assertThat(bids(bidder)).isGreaterThan(5000);
    assertThat(bidder.outcome).isEqualTo(Outcome.OK);
    assertThat(recording.counted("bids_accepted")).isOne();
    assertThat(recording.of(Kpi.BID_ACCEPTED).rotate().getTotalCount()).isOne();
  }

  /** A bid of 75 ms keeps a user who would bid every 30 ms from another one, 45 ms late. */
  @Test
  void each_answer_is_timed_from_its_sending_and_from_its_due_time() {
    Bidder bidder = knowing(0);
    bids(bidder);
    clock.set(75 * MS);
    bidder.decided(201, json("{'success':true,'previous_bid':10.00}"));
    bids(bidder);
    clock.addAndGet(20 * MS);
    bidder.decided(200, json("{'success':false,'current_bid':50}"));
    bidder.reads(item);
    clock.addAndGet(7 * MS);
    bidder.answered(200, json("{'current_bid':50}"));
    PriceReader browser = new PriceReader(recording, Kpi.BROWSE, "looks");
    browser.reads(item);
    clock.addAndGet(9 * MS);
    browser.answered(200, json("{'current_bid':50}"));
    assertAnswer(recording, Kpi.BID_ACCEPTED, 75.0);
    assertAnswer(recording, Kpi.BID_REJECTED, 20.0);
    assertAnswer(recording, Kpi.BID_DUE, 20.0, 45.0, 75.0);
    assertAnswer(recording, Kpi.BROWSE, 9.0);
    assertAnswer(recording, Kpi.BID_READ, 0.0, 7.0);
  }

  @Test
  void a_bid_of_an_open_schedule_is_timed_from_when_it_was_due_and_never_sent_before() {
    Bidder.answered(recording, 10 * MS, 13 * MS, 20 * MS);
    assertThat(recording.counted(Within.BID_ACCEPTED.counter())).isZero();
    Bidder.answered(recording, 10 * MS, 9 * MS, 22 * MS);
    assertThat(recording.counted(Within.BID_ACCEPTED.counter())).isOne();
    assertAnswer(recording, Kpi.BID_DUE, 10.0, 12.0);
  }

  @ParameterizedTest
  @CsvSource({
    "201, '{\"bid\":{\"state\":\"won\"}}',             bids_accepted",
    "200, '{\"bid\":{\"state\":\"won\"},\"now\":0}',   answers_wrong",
    "200, '{\"bid\":{\"state\":\"low\"},\"now\":99}',  bids_rejected",
    "409, '',                                      answers_wrong",
  })
  void an_answer_of_another_form_is_read_by_it(int status, String answer, String counter) {
    String[] options = {
      "host",
      "http://h:1",
      "bid.accepted",
      "200,201",
      "bid.rejected",
      "409,200",
      "bid.success",
      "/bid/state=won",
      "bid.price",
      "/now"
    };
    var config = Options.config("contended-bids", options);
    BidForm form = ContendSettings.read(config).auction().form();
    AuctionItem other = new AuctionItem("vase", form);
    Bidder bidder = bidding(0).bidder(other);
    bidder.draw();
    bidder.body();
    bidder.decided(status, json(answer));
    assertThat(recording.counted(counter)).isOne();
  }

  /** A bid without an answer may have been decided. */
  @ParameterizedTest
  @CsvSource({
    "0,   '',                                      1, TIMEOUT, bids_unknown",
    "503, '{\"decided\":\"false\"}',   0, LIMITED, bids_undecided",
    "503, '{\"decided\":\"unknown\"}', 1, LIMITED, bids_unknown",
    "200, '{\"success\":true,\"current_bid\":20}',   1, INVALID, answers_wrong",
  })
  void a_bid_that_was_not_decided_counts_by_its_answer(
      int status, String answer, int unknown, Outcome outcome, String counter) {
    Bidder bidder = knowing(0);
    long cents = bids(bidder);
    if (status > 0) {
      bidder.decided(status, json(answer));
    }
    bidder.endBid();
    assertThat(item.operations()).hasSize(1 + unknown);
    assertThat(unknown == 0 || last().equals(new Unknown(0, "u0", cents))).isTrue();
    assertThat(bidder.outcome).isEqualTo(outcome);
    assertThat(recording.counted(counter)).isOne();
    assertThat(bidding(0).errorPct()).as("one read, one bid").isEqualTo(50);
  }

  @ParameterizedTest
  @CsvSource({
    "0,   '',                  a bid had no answer",
    "401, '{''error'':''expired''}', 'a bid was answered: 401 {\"error\":\"expired\"}'",
    "500, '',                  a bid was answered: 500",
    "201, '<html>\n<p>',       a bid was answered: 201 <html>",
  })
  void the_first_request_that_failed_is_kept_in_words(int status, String answer, String words) {
    Bidder bidder = knowing(0);
    long unused = bids(bidder);
    if (status > 0) {
      bidder.decided(status, json(answer));
    }
    bidder.endBid();
    bidder.reads(item);
    bidder.answered(500, json("{}"));
    assertThat(item.firstFailure()).hasValue(words);
  }

  @Test
  void a_request_whose_kept_connection_is_cut_is_not_sent_again_by_Gatling() {
    Bidder bidder = knowing(0);
    long unused = bids(bidder);
    bidder.sends();
    assertThatThrownBy(bidder::sends).hasMessageContaining("the connection was cut");
    bidder.endBid();
    assertThat(bidder.outcome).isEqualTo(Outcome.RESET);
    assertThat(item.firstFailure()).hasValue("a bid had its connection cut before the answer");
    bidder.reads(item);
    bidder.sends();
  }

  @Test
  void a_later_price_in_the_answer_to_an_accepted_bid_is_one_that_was_seen() {
    Bidder bidder = knowing(0);
    clock.set(10);
    long cents = bids(bidder);
    bidder.decided(201, json("{'success':true,'current_bid':5000,'highest_bidder_id':'bob'}"));
    assertThat(item.operations())
        .contains(new Read(10, 10, 500_000, Optional.of("bob")))
        .contains(new Accepted(10, 10, "u0", cents, OptionalLong.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "{'current_bid':1}, ''",
    "{'current_bid':null}, ''",
    "{'id':'a'}, 'has no price at /current_bid (-Dbid.price): {\"id\":\"a\"}'",
    "<html>, is no JSON: <html>",
  })
  void an_item_without_a_price_is_no_item_to_bid_on(String answer, String why) {
    assertThat(BidForm.ORIGINAL.priceless(json(answer)).orElse("")).isEqualTo(why);
  }

  /** Its first attempt may have decided it. */
  @Test
  void a_repeated_bid_is_one_request_from_its_first_attempt_on() {
    Bidder bidder = knowing(0);
    clock.set(10);
    long cents = bids(bidder);
    String key = bidder.key();
    clock.set(20);
    bidder.decided(503, json("{'decided':'unknown'}"));
    assertThat(bidder.undecided).isTrue();
    assertThat(item.operations()).hasSize(1);
    assertThat(bidder.key()).isEqualTo(key);
    bidder.body();
    bidder.decided(503, json("{'decided':'false'}"));
    assertThat(bidder.undecided).as("it was not decided by this attempt").isTrue();
    bidder.body();
    clock.set(30);
    bidder.decided(201, json("{'success':true,'previous_bid':10.00}"));
    bidder.endBid();
    assertThat(last()).isEqualTo(new Accepted(10, 30, "u0", cents, OptionalLong.of(1000)));
    assertThat(item.operations()).hasSize(2);
    assertThat(recording.counted("bids_repeated")).isEqualTo(2);
    assertThat(item.failures()).hasSize(2);
    assertAnswer(recording, Kpi.BID_ACCEPTED, 10 / 1e6);
    bidder.draw();
    assertThat(bidder.key()).isNotEqualTo(key);
  }

  @Test
  void a_read_that_failed_is_an_error_of_the_service_and_no_lost_sample() {
    Bidder bidder = knowing(0);
    bidder.reads(item);
    bidder.answered(500, json("{}"));

    assertThat(recording.counted("reads")).isEqualTo(1);
    assertThat(recording.of(Kpi.BID_READ).rotate().getTotalCount()).isEqualTo(1);
    assertThat(recording.counted("reads_failed")).isEqualTo(1);
    assertThat(bidding(0).errorPct()).isEqualTo(50);
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
    bidder.decided(201, json("{'success':true}"));
    assertThat(recording.counted("losing_bids_accepted")).isOne();
  }

  @Test
  void every_bid_has_a_key_of_its_own() {
    Bidding bidding = bidding(0);
    Set<String> keys = new HashSet<>();
    for (Bidder bidder : List.of(bidding.bidder(item), bidding.bidder(item))) {
      for (int i = 0; i < 2; i++) {
        bidder.draw();
        keys.add(bidder.key());
      }
      assertThat(bidder.thinks(Duration.ofNanos(300)).toNanos()).isBetween(100L, 500L);
    }
    assertThat(keys).hasSize(4);
  }

  @Test
  void a_history_that_is_full_reports_what_it_left_out() {
    AuctionItem small = new AuctionItem("small", BidForm.ORIGINAL, 1);
    for (int i = 0; i < 3; i++) {
      small.add(new Unknown(0, "ann", 100));
      small.add(new Read(0, 1, 100, Optional.empty()));
    }
    assertThat(small.operations()).hasSize(2);
    String sentence = "2 %s of item small were not kept beside 1; shorten the run.";
    assertThat(small.bidsLeftOut()).contains(sentence.formatted("bids"));
    assertThat(small.observationsLeftOut()).contains(sentence.formatted("rejections and reads"));
  }

  /** A bidder that has seen the price of 10.00. */
  private Bidder knowing(int losersPct) {
    Bidder bidder = bidding(losersPct).bidder(item);
    bidder.reads(item);
    bidder.answered(200, json("{'current_bid':10.00}"));
    return bidder;
  }

  private Bidding bidding(int losersPct) {
    var config =
        Options.config("contended-bids", "think", "30ms", "reads", "0", "losers", "" + losersPct);
    return new Bidding(
        recording, ContendSettings.read(config), List.of(item), "run", nowNs -> true);
  }

  /** The newest operation but a read: rejected bids come after the others. */
  private BidOperation last() {
    return item.operations().stream()
        .filter(each -> !(each instanceof Read))
        .reduce((before, each) -> each)
        .orElseThrow();
  }

  /** Sends the next bid and returns its amount in cents. */
  private static long bids(Bidder bidder) {
    bidder.draw();
    String body = bidder.body();
    String text = body.substring(body.indexOf("\"amount\":") + 9, body.length() - 1);
    return Long.parseLong(text.replace(".", ""));
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }
}
