package simulations.fanout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import kpi.Phase;
import simulations.run.Arrivals;

/** So many viewers on one item, and the bids that are made for them. Thread-safe. */
final class Step {
  private static final long NS_PER_US = 1_000;
  private static final int REJECTED = 1;
  private static final int UNKNOWN = 2;
  private static final int ACCEPTED = 3;

  private final Plan plan;
  private final Optional<Arrivals> arrivals;
  private final AtomicIntegerArray answers;
  private final List<FanOutViewer> viewers = new ArrayList<>();
  private final AtomicInteger welcomed = new AtomicInteger();
  private final AtomicInteger seated = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private final int[] lateUs;
  private volatile long fromCents;
  private volatile long fromSequence = EventText.NONE;
  private volatile long beganNs;
  private volatile long lastSentNs;
  private volatile boolean done;

  /**
   * What is planned.
   *
   * @param phase of the run
   * @param item that is watched
   * @param viewers who come
   * @param rampup how long they take to, whole seconds
   * @param bids that are made once they are there
   * @param interval from one to the next
   */
  record Plan(Phase phase, String item, int viewers, Duration rampup, int bids, Duration interval) {
    /** How long the bids take by their schedule. */
    Duration bidding() {
      return interval.multipliedBy(bids);
    }

    /** The name of its users. */
    String words() {
      return phase == Phase.WARM_UP ? "warm-up" : "viewers_" + viewers;
    }
  }

  /**
   * @param arrivals by which viewers come; empty for a warm-up
   */
  Step(Plan plan, Optional<Arrivals> arrivals) {
    this.plan = plan;
    this.arrivals = arrivals;
    this.lateUs = new int[plan.bids()];
    this.answers = new AtomicIntegerArray(plan.bids());
  }

  Plan plan() {
    return plan;
  }

  Optional<Arrivals> arrivals() {
    return arrivals;
  }

  /** Takes a viewer; true for the first. */
  synchronized boolean add(FanOutViewer viewer) {
    viewers.add(viewer);
    return viewers.size() == 1;
  }

  /** The next viewer's number, from 0. */
  synchronized int next() {
    return viewers.size();
  }

  /** Everybody who came. */
  synchronized List<FanOutViewer> viewers() {
    return List.copyOf(viewers);
  }

  /** A viewer has heard from the service. */
  void welcome() {
    welcomed.incrementAndGet();
  }

  /** A viewer was told the state: from here on it gets every event. */
  void seat() {
    seated.incrementAndGet();
  }

  int welcomed() {
    return welcomed.get();
  }

  int seated() {
    return seated.get();
  }

  /**
   * What the item was before the first bid.
   *
   * @param cents its price
   * @param sequence of its last event; {@link EventText#NONE} if the service tells none
   */
  void found(long cents, long sequence) {
    fromCents = cents;
    fromSequence = sequence;
  }

  /** The schedule of the bids begins. */
  void begin(long nowNs) {
    beganNs = nowNs;
  }

  /** When a bid is due. */
  long dueNs(int bid) {
    return beganNs + bid * plan.interval().toNanos();
  }

  /** The amount of a bid. */
  long cents(int bid) {
    return fromCents + 1 + bid;
  }

  /** Which bid has this amount: below 0 or beyond the last for none of ours. */
  long bid(long cents) {
    return cents - fromCents - 1;
  }

  /** A bid was sent. */
  void sent(int bid, long nowNs) {
    lateUs[bid] = (int) ((nowNs - dueNs(bid)) / NS_PER_US);
    lastSentNs = nowNs;
    sent.incrementAndGet();
  }

  /** How late each bid was sent, in microseconds. */
  int[] lateUs() {
    return Arrays.copyOf(lateUs, sent.get());
  }

  /** A bid was answered. */
  void answered(int bid, boolean accepted) {
    answers.set(bid, accepted ? ACCEPTED : REJECTED);
  }

  /** Nobody knows what became of a bid. */
  void unknown(int bid) {
    answers.set(bid, UNKNOWN);
  }

  boolean isAccepted(int bid) {
    return answers.get(bid) == ACCEPTED;
  }

  /** True if a viewer may see the bid. */
  boolean mayBeSeen(int bid) {
    return answers.get(bid) != REJECTED;
  }

  /** Bids that were accepted. */
  int accepted() {
    int accepted = 0;
    for (int bid = 0; bid < plan.bids(); bid++) {
      accepted += isAccepted(bid) ? 1 : 0;
    }
    return accepted;
  }

  /** A bid in words, with the number of its event, as far as it is known. */
  String words(int bid) {
    int before = 0;
    boolean known = fromSequence >= 0;
    for (int each = 0; each < bid; each++) {
      before += isAccepted(each) ? 1 : 0;
      known &= answers.get(each) != UNKNOWN;
    }
    return known ? "sequence " + (fromSequence + before + 1) : "bid " + (bid + 1);
  }

  /** Every bid has its answer, or will have none. */
  void done() {
    done = true;
  }

  boolean isDone() {
    return done;
  }

  /** Bids that were sent. */
  int sent() {
    return sent.get();
  }

  /** Bids sent a second; 0 for fewer than two. */
  double sentPerS() {
    int intervals = sent.get() - 1;
    return intervals < 1 ? 0 : intervals / ((lastSentNs - beganNs) / 1e9);
  }
}
