package simulations.auction;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import kpi.Kpi;
import kpi.Within;
import simulations.run.Recording;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/**
 * One user that bids on one item: follows the price by the last answer, bids above it, and now and
 * then at it or below it, which must lose. Used by one thread at a time.
 */
public final class Bidder extends PriceReader {
  private static final int CREATED = 201;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  /** A bid that can win is at most this much above the price. */
  private static final int STEP_MAX_CENTS = 100;

  /** A bid that must lose is at most this much below it. */
  private static final int BELOW_MAX_CENTS = 500;

  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  final AuctionItem item;
  private final Bidding bidding;
  private final AuctionSettings.Mix mix;
  private final String name;
  private final String keys;
  private final SplittableRandom random;
  private long cents;
  private boolean mustLose;
  private long callNs;
  private boolean open;
  private long decidedNs = -1;
  private long bids;

  /**
   * @param index of the bidder among those of its phase
   * @param keys begin its idempotency keys, and those of no other bidder
   */
  Bidder(Bidding bidding, AuctionItem item, int index, String keys) {
    super(bidding.recording, Kpi.BID_READ, "reads");
    this.bidding = bidding;
    this.mix = bidding.settings.mix();
    this.item = item;
    this.name = "u" + index;
    this.keys = keys;
    this.random = random(bidding.settings, index);
  }

  /** Returns the random numbers of one user, the same for a seed. */
  public static SplittableRandom random(AuctionSettings.OfUsers settings, int index) {
    return new SplittableRandom(settings.common().seed() + STRIDE * index);
  }

  /** Returns a random time from a third to five thirds of a mean. */
  public static Duration around(Duration mean, SplittableRandom random) {
    long meanNs = mean.toNanos();
    return Duration.ofNanos(meanNs / 3 + (long) (random.nextDouble() * 4 / 3 * meanNs));
  }

  /** Returns true if the next bid begins with a read of the price. */
  boolean readsFirst() {
    return highestCents() < 0 || random.nextInt(100) < mix.reads();
  }

  Duration thinks(Duration mean) {
    return around(mean, random);
  }

  /** Draws the next bid and returns its key, by which the service recognises a repetition. */
  String nextKey() {
    long lowest = Math.max(0, highestCents());
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
      contradicts();
      unknown(status);
      return;
    }
    if (status == CREATED && answer.success()) {
      accepted(answer, nowNs);
    } else if (status == OK && !answer.success() && answer.currentCents() >= 0) {
      decided(Kpi.BID_REJECTED, answer.currentCents(), nowNs);
      item.add(new Rejected(callNs, nowNs, name, cents, answer.currentCents(), answer.bidder()));
    } else if (status == CREATED || status == OK) {
      contradicts();
      unknown(status);
    } else if (status >= SERVER_ERROR
        && !(status == UNAVAILABLE && answer.decided().equals("false"))) {
      unknown(status);
    } else {
      recording.tally().add(status == UNAVAILABLE ? "bids_undecided" : "bids_refused", 1);
      failed(Kpi.BID_ACCEPTED, callNs, status);
    }
  }

  /** Ends a bid; one without an answer may have been decided. */
  void endBid() {
    if (open) {
      unknown(0);
    }
    open = false;
  }

  /** Records the answer to a bid of an open schedule, from its due time. */
  public static void answered(Recording recording, long dueNs, long callNs, long decidedNs) {
    recording.of(Kpi.BID_DUE).record(decidedNs - dueNs);
    recording.compare(Within.BID_ACCEPTED, decidedNs - callNs, decidedNs - dueNs);
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
    decided(Kpi.BID_ACCEPTED, cents, nowNs);
    if (mustLose) {
      recording.tally().add("losing_bids_accepted", 1);
    }
    if (answer.currentCents() >= 0 && answer.currentCents() != cents) {
      contradicts();
    }
    long previous = answer.previousCents();
    OptionalLong beaten = previous >= 0 ? OptionalLong.of(previous) : OptionalLong.empty();
    item.add(new Accepted(callNs, nowNs, name, cents, beaten));
  }

  private void decided(Kpi kpi, long priceCents, long nowNs) {
    recording.of(kpi).record(nowNs - callNs);
    if (!bidding.settings.think().isZero()) {
      recording.of(Kpi.BID_DUE).recordAtPace(nowNs - callNs, bidding.settings.think().toNanos());
    }
    bidding.decided(kpi == Kpi.BID_ACCEPTED, nowNs);
    decidedNs = nowNs;
    saw(priceCents);
  }

  private void unknown(int status) {
    recording.tally().add("bids_unknown", 1);
    item.add(new Unknown(callNs, name, cents));
    failed(Kpi.BID_ACCEPTED, callNs, status);
  }
}
