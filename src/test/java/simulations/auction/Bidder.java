package simulations.auction;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import kpi.Kpi;
import kpi.Outcome;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/**
 * One user who bids on one item: knows the price from what it was answered last, bids above it, and
 * now and then at it or below it, which must lose. Used by one thread at a time.
 *
 * <p>A request is called at the last moment before Gatling sends it and has returned at the first
 * at which Gatling shows the answer, so the span that enters the history holds the true one.
 */
public final class Bidder {
  private static final int CREATED = 201;
  private static final int OK = 200;
  private static final int LIMITED = 429;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;
  private static final int HUNDRED = 100;

  /** A bid that can win is at most this much above the price. */
  private static final int STEP_MAX_CENTS = 100;

  /** A bid that must lose is at most this much below it. */
  private static final int BELOW_MAX_CENTS = 500;

  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  private final Bidding bidding;
  private final String name;
  private final SplittableRandom random;
  private long knownCents = -1;
  private long cents;
  private boolean mustLose;
  private long callNs;
  private boolean open;
  private long decidedNs = -1;
  private long bids;
  private Outcome outcome = Outcome.OK;

  Bidder(Bidding bidding, int index) {
    this.bidding = bidding;
    this.name = "u" + index;
    this.random = new SplittableRandom(bidding.mix().seed() + STRIDE * index);
  }

  /** The path of the item. */
  public String path() {
    return ItemApi.path(bidding.item());
  }

  /** True if the next bid is to begin with a question for the price. */
  public boolean wantsToRead() {
    return knownCents < 0 || random.nextInt(HUNDRED) < bidding.mix().readsPct();
  }

  /** A time around a mean, from a third to five thirds of it, in nanoseconds. */
  public long around(long meanNs) {
    return meanNs / 3 + (long) (random.nextDouble() * 4 / 3 * meanNs);
  }

  /** The question is about to be sent. */
  public void asks() {
    callNs = bidding.nanos();
    open = true;
  }

  /** The next bid's key, by which a repetition is known. */
  public String nextKey() {
    long lowest = Math.max(0, knownCents);
    mustLose = lowest > 1 && random.nextInt(HUNDRED) < bidding.mix().losersPct();
    if (!mustLose) {
      cents = lowest + 1 + random.nextInt(STEP_MAX_CENTS);
    } else if (random.nextBoolean()) {
      cents = lowest;
    } else {
      cents = lowest - 1 - random.nextInt((int) Math.min(lowest - 1, BELOW_MAX_CENTS));
    }
    return bidding.run() + "-" + name + "-" + bids++;
  }

  /** The bid's body; it is about to be sent. */
  public String body() {
    String body = "{\"user_id\":\"" + name + "\",\"amount\":" + Ledger.decimal(cents) + "}";
    callNs = bidding.nanos();
    decidedNs = -1;
    open = true;
    bidding.sent(cents, callNs);
    return body;
  }

  /** The question was answered. */
  public void told(int status, byte[] body) {
    long nowNs = bidding.nanos();
    open = false;
    bidding.tally().event();
    bidding.tally().add("reads", 1);
    try {
      BidAnswer answer = status == OK ? BidAnswer.read(body) : null;
      if (answer != null && answer.currentCents() >= 0) {
        bidding.took(Kpi.BID_READ, nowNs - callNs);
        knownCents = Math.max(knownCents, answer.currentCents());
        bidding.history().add(new Read(callNs, nowNs, answer.currentCents(), answer.bidder()));
        return;
      }
    } catch (IOException e) {
      wrong();
    }
    bidding.tally().add("reads_failed", 1);
    failed(status);
  }

  /** The bid was answered. */
  public void decided(int status, byte[] body) {
    long nowNs = bidding.nanos();
    open = false;
    bidding.tally().event();
    BidAnswer answer;
    try {
      answer = BidAnswer.read(body);
    } catch (IOException e) {
      wrong();
      unknown(status);
      return;
    }
    if (status == CREATED && answer.success()) {
      accepted(answer, nowNs);
    } else if (status == OK && !answer.success() && answer.currentCents() >= 0) {
      rejected(answer, nowNs);
    } else if (status == CREATED || status == OK) {
      wrong();
      unknown(status);
    } else if (status == UNAVAILABLE && answer.decided().equals("false")) {
      bidding.tally().add("bids_undecided", 1);
      failed(status);
    } else if (status >= SERVER_ERROR) {
      unknown(status);
    } else {
      bidding.tally().add("bids_refused", 1);
      failed(status);
    }
  }

  /** After a bid: true if it was answered; one that was not may have been decided. */
  public boolean endBid() {
    boolean answered = !open;
    if (open) {
      unknown(0);
    }
    open = false;
    return answered;
  }

  /** After a question. */
  public void endRead() {
    if (open) {
      bidding.tally().add("reads", 1);
      bidding.tally().add("reads_failed", 1);
      failed(0);
    }
    open = false;
  }

  /** When the last bid was decided; below 0 if it was not. */
  public long decidedNs() {
    return decidedNs;
  }

  /** When the last request was sent. */
  public long callNs() {
    return callNs;
  }

  /** How this user fared: the first failure, if there was one. */
  public Outcome outcome() {
    return outcome;
  }

  private void accepted(BidAnswer answer, long nowNs) {
    bidding.took(Kpi.BID_ACCEPTED, nowNs - callNs);
    bidding.decided(true, nowNs);
    decidedNs = nowNs;
    knownCents = Math.max(knownCents, cents);
    if (mustLose) {
      bidding.tally().add("losing_bids_accepted", 1);
    }
    if (answer.currentCents() >= 0 && answer.currentCents() != cents) {
      wrong();
    }
    OptionalLong previous =
        answer.previousCents() >= 0
            ? OptionalLong.of(answer.previousCents())
            : OptionalLong.empty();
    bidding.history().add(new Accepted(callNs, nowNs, name, cents, previous));
  }

  private void rejected(BidAnswer answer, long nowNs) {
    bidding.took(Kpi.BID_REJECTED, nowNs - callNs);
    bidding.decided(false, nowNs);
    decidedNs = nowNs;
    long seen = answer.currentCents();
    knownCents = Math.max(knownCents, seen);
    Optional<String> bidder = answer.bidder();
    bidding.history().add(new Rejected(callNs, nowNs, name, cents, seen, bidder));
  }

  private void unknown(int status) {
    bidding.tally().add("bids_unknown", 1);
    bidding.history().add(new Unknown(callNs, name, cents));
    failed(status);
  }

  private void wrong() {
    bidding.tally().add("answers_wrong", 1);
    outcome = outcome == Outcome.OK ? Outcome.INVALID : outcome;
  }

  private void failed(int status) {
    if (outcome == Outcome.OK) {
      boolean full = status == UNAVAILABLE || status == LIMITED;
      outcome = status == 0 ? Outcome.TIMEOUT : full ? Outcome.LIMITED : Outcome.INVALID;
    }
  }
}
