package simulations.auction;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import kpi.Kpi;
import kpi.Within;
import simulations.run.Recording;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/**
 * One user that bids on one item: follows the price by the last answer, bids above it, and now and
 * then at it or below it, which must lose. Used by one thread at a time.
 */
public final class Bidder extends PriceReader {
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  /** A bid that can win is at most so many steps above the price. */
  private static final int STEPS_MAX = 100;

  /** A bid that must lose is at most so many below it. */
  private static final int BELOW_MAX = 500;

  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  final AuctionItem item;
  private final Bidding bidding;
  private final AuctionSettings.Mix mix;
  private final String name;
  private final String keys;
  private final SplittableRandom random;
  private final long step;
  private long cents;
  private boolean mustLose;

  /** Whether the last bid was rejected by an answer without the price. */
  private boolean outbid;

  /** When the bid was sent for the first time, and for the last. */
  private long firstNs;

  private long callNs;

  /** The number of times that the bid was sent. */
  int attempts;

  /** Whether the bid may have been decided, without an answer that shows how. */
  boolean undecided;

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
    this.step = item.form.stepCents();
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
    return highestCents < 0 || outbid || random.nextInt(100) < mix.reads();
  }

  Duration thinks(Duration mean) {
    return around(mean, random);
  }

  void draw() {
    bids++;
    attempts = 0;
    long lowest = Math.max(0, highestCents);
    mustLose = lowest > step && random.nextInt(100) < mix.losers();
    if (!mustLose) {
      cents = lowest + step * (1 + random.nextInt(STEPS_MAX));
    } else if (random.nextBoolean()) {
      cents = lowest;
    } else {
      int below = (int) Math.min((lowest - 1) / step, BELOW_MAX);
      cents = lowest - step * (1 + random.nextInt(below));
    }
  }

  /** Returns the bid's key, by which the service recognises a repetition. */
  String key() {
    return keys + bids;
  }

  /** Returns the body of the bid, which is about to be sent. */
  String body() {
    callNs = recording.nowNs();
    if (attempts++ == 0) {
      firstNs = callNs;
    } else {
      recording.tally().add("bids_repeated", 1);
    }
    decidedNs = -1;
    open = true;
    begins();
    item.due(cents, callNs);
    return item.body(name, cents);
  }

  void decided(int status, byte[] body) {
    last = body;
    long nowNs = recording.nowNs();
    open = false;
    recording.tally().event();
    BidAnswer answer;
    try {
      answer = item.form.answer(body);
    } catch (IOException e) {
      contradicts();
      unknown(status);
      return;
    }
    switch (item.form.decision(status, answer)) {
      case ACCEPTED -> accepted(answer, nowNs);
      case REJECTED -> rejected(answer, nowNs);
      case WRONG -> {
        contradicts();
        unknown(status);
      }
      case OTHER -> undecided(status, answer);
    }
  }

  /** A bid that is short of the least raise was rejected rightly too. */
  private void rejected(BidAnswer answer, long nowNs) {
    long price = answer.currentCents();
    decided(Kpi.BID_REJECTED, price, nowNs);
    outbid = price < 0;
    long least = Math.max(1, cents - step + 1);
    item.add(new Rejected(firstNs, nowNs, name, least, price, answer.bidder()));
  }

  private void undecided(int status, BidAnswer answer) {
    boolean refused = status == UNAVAILABLE && answer.decided().equals("false");
    if (status >= SERVER_ERROR && !refused) {
      unknown(status);
      return;
    }
    recording.tally().add(refused ? "bids_undecided" : "bids_refused", 1);
    failed(item, Kpi.BID_ACCEPTED, callNs, status);
  }

  /** Ends an attempt; one without an answer may have been decided. */
  void endAttempt() {
    if (open) {
      unknown(0);
    }
    open = false;
  }

  /** Ends a bid, which is not repeated. */
  void endBid() {
    endAttempt();
    if (undecided) {
      item.add(new Unknown(firstNs, name, cents));
    }
    undecided = false;
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
    if (answer.currentCents() >= 0 && answer.currentCents() < cents) {
      contradicts();
    } else if (answer.currentCents() > cents) { // A later bid was accepted meanwhile.
      item.add(new Read(callNs, nowNs, answer.currentCents(), answer.bidder()));
    }
    long previous = answer.previousCents();
    OptionalLong beaten = previous >= 0 ? OptionalLong.of(previous) : OptionalLong.empty();
    item.add(new Accepted(firstNs, nowNs, name, cents, beaten));
  }

  private void decided(Kpi kpi, long priceCents, long nowNs) {
    recording.of(kpi).record(nowNs - callNs);
    if (!bidding.settings.think().isZero()) {
      recording.of(Kpi.BID_DUE).recordAtPace(nowNs - callNs, bidding.settings.think().toNanos());
    }
    bidding.decided(kpi == Kpi.BID_ACCEPTED, nowNs);
    undecided = false;
    decidedNs = nowNs;
    highestCents = Math.max(highestCents, priceCents);
  }

  private void unknown(int status) {
    recording.tally().add("bids_unknown", 1);
    undecided = true;
    failed(item, Kpi.BID_ACCEPTED, callNs, status);
  }
}
