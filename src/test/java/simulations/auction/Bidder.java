package simulations.auction;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import kpi.Kpi;
import simulations.run.Recording;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/**
 * One user that bids on one item: follows the price by the last answer, bids above it, and now and
 * then at it or below it, which must lose. Used by one thread at a time; about the times in the
 * history see {@link PriceReader}.
 */
public final class Bidder {
  private static final int CREATED = 201;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  /** A bid that can win is at most this much above the price. */
  private static final int STEP_MAX_CENTS = 100;

  /** A bid that must lose is at most this much below it. */
  private static final int BELOW_MAX_CENTS = 500;

  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  final AuctionItem item;
  final PriceReader reader;
  private final Bidding bidding;
  private final AuctionSettings.Mix mix;
  private final Recording recording;
  private final String name;
  private final String keys;
  private final SplittableRandom random;
  private long cents;
  private boolean mustLose;
  private long callNs;
  private boolean open;
  private long decidedNs = -1;
  private long bids;

  Bidder(Bidding bidding, AuctionItem item, int index) {
    this.bidding = bidding;
    this.mix = bidding.settings.mix();
    this.item = item;
    this.recording = bidding.recording;
    this.reader = new PriceReader(recording, Kpi.BID_READ, "reads");
    this.name = "u" + index;
    this.keys = bidding.nextKeys();
    this.random = new SplittableRandom(bidding.settings.common().seed() + STRIDE * index);
  }

  /** Returns a random time from a third to five thirds of a mean. */
  public static Duration around(Duration mean, SplittableRandom random) {
    long meanNs = mean.toNanos();
    return Duration.ofNanos(meanNs / 3 + (long) (random.nextDouble() * 4 / 3 * meanNs));
  }

  /** Returns true if the next bid begins with a read of the price. */
  boolean readsFirst() {
    return reader.highestCents() < 0 || random.nextInt(100) < mix.reads();
  }

  Duration thinks(Duration mean) {
    return around(mean, random);
  }

  /** Draws the next bid and returns its key, by which the service recognises a repetition. */
  String nextKey() {
    long lowest = Math.max(0, reader.highestCents());
    mustLose = lowest > 1 && random.nextInt(100) < mix.losers();
    if (!mustLose) {
      cents = lowest + 1 + random.nextInt(STEP_MAX_CENTS);
    } else if (random.nextBoolean()) {
      cents = lowest;
    } else {
      cents = lowest - 1 - random.nextInt((int) Math.min(lowest - 1, BELOW_MAX_CENTS));
    }
    return keys + bids++;
  }

  /** Returns the body of the bid, which is about to be sent. */
  String body() {
    callNs = recording.nowNs();
    decidedNs = -1;
    open = true;
    item.due(cents, callNs);
    return body(name, cents);
  }

  /** Returns the body of a bid. */
  public static String body(String user, long cents) {
    return "{\"user_id\":\"" + user + "\",\"amount\":" + Ledger.decimal(cents) + "}";
  }

  void decided(int status, byte[] body) {
    long nowNs = recording.nowNs();
    open = false;
    recording.tally().event();
    BidAnswer answer;
    try {
      answer = BidAnswer.read(body);
    } catch (IOException e) {
      reader.contradicts();
      unknown(status);
      return;
    }
    if (status == CREATED && answer.success()) {
      accepted(answer, nowNs);
    } else if (status == PriceReader.OK && !answer.success() && answer.currentCents() >= 0) {
      rejected(answer, nowNs);
    } else if (status == CREATED || status == PriceReader.OK) {
      reader.contradicts();
      unknown(status);
    } else if (status == UNAVAILABLE && answer.decided().equals("false")) {
      recording.tally().add("bids_undecided", 1);
      reader.failed(status);
    } else if (status >= SERVER_ERROR) {
      unknown(status);
    } else {
      recording.tally().add("bids_refused", 1);
      reader.failed(status);
    }
  }

  /** Ends a bid; one without an answer may have been decided. */
  void endBid() {
    if (open) {
      unknown(0);
    }
    open = false;
  }

  /** Returns when the last bid was decided; below 0 if it was not. */
  public long decidedNs() {
    return decidedNs;
  }

  /** Returns when the last bid was sent. */
  public long callNs() {
    return callNs;
  }

  private void accepted(BidAnswer answer, long nowNs) {
    recording.of(Kpi.BID_ACCEPTED).record(nowNs - callNs);
    bidding.decided(true, nowNs);
    decidedNs = nowNs;
    reader.saw(cents);
    if (mustLose) {
      recording.tally().add("losing_bids_accepted", 1);
    }
    if (answer.currentCents() >= 0 && answer.currentCents() != cents) {
      reader.contradicts();
    }
    long previous = answer.previousCents();
    OptionalLong beaten = previous >= 0 ? OptionalLong.of(previous) : OptionalLong.empty();
    item.add(new Accepted(callNs, nowNs, name, cents, beaten));
  }

  private void rejected(BidAnswer answer, long nowNs) {
    recording.of(Kpi.BID_REJECTED).record(nowNs - callNs);
    bidding.decided(false, nowNs);
    decidedNs = nowNs;
    reader.saw(answer.currentCents());
    item.add(new Rejected(callNs, nowNs, name, cents, answer.currentCents(), answer.bidder()));
  }

  private void unknown(int status) {
    recording.tally().add("bids_unknown", 1);
    item.add(new Unknown(callNs, name, cents));
    reader.failed(status);
  }
}
