package simulations.fanout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Phase;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionRecorder;
import simulations.run.Arrivals;

/**
 * A number of viewers on one item, and the bids that are made for them: the first is one cent above
 * the price found, each further one a cent more. Thread-safe.
 */
public final class Step {
  private static final long NS_PER_US = 1_000;
  private static final double NS_PER_S = 1e9;

  private final Plan plan;
  private final AuctionItem item;
  private final Optional<Arrivals> arrivals;
  private final List<AuctionRecorder> viewers = new ArrayList<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final int[] lateUs;
  private volatile long beganNs;
  private volatile long lastSentNs;

  /**
   * The plan of a step.
   *
   * @param phase of the run
   * @param viewers number of viewers
   * @param rampup how long they take to arrive, whole seconds
   * @param bids number of bids once they are there
   * @param interval from one bid to the next
   */
  public record Plan(Phase phase, int viewers, Duration rampup, int bids, Duration interval) {
    /** Returns how long the bids take by their schedule. */
    Duration bidding() {
      return interval.multipliedBy(bids);
    }

    /** Returns the name of the step. */
    public String words() {
      return phase == Phase.WARM_UP ? "warm-up" : "viewers_" + viewers;
    }
  }

  /**
   * @param item that is viewed
   * @param arrivals of the viewers; empty for a warm-up
   */
  Step(Plan plan, AuctionItem item, Optional<Arrivals> arrivals) {
    this.plan = plan;
    this.item = item;
    this.arrivals = arrivals;
    this.lateUs = new int[plan.bids()];
    item.keepDueTimes();
    item.ownBidsUpTo(0);
  }

  /** Returns the plan. */
  public Plan plan() {
    return plan;
  }

  AuctionItem item() {
    return item;
  }

  Optional<Arrivals> arrivals() {
    return arrivals;
  }

  /** Adds a viewer; returns true for the first. */
  synchronized boolean add(AuctionRecorder viewer) {
    viewers.add(viewer);
    return viewers.size() == 1;
  }

  /** Returns all viewers that have come. */
  synchronized List<AuctionRecorder> viewers() {
    return List.copyOf(viewers);
  }

  /** Begins the schedule of the bids. */
  void begin(long atNs) {
    beganNs = atNs;
    item.ownBidsUpTo(cents(plan.bids() - 1));
    for (int bid = 0; bid < plan.bids(); bid++) {
      item.due(cents(bid), dueNs(bid));
    }
  }

  /** Returns when a bid is due. */
  long dueNs(int bid) {
    return beganNs + bid * plan.interval().toNanos();
  }

  /** Returns the amount of a bid. */
  long cents(int bid) {
    return item.fromCents() + 1 + bid;
  }

  /** Notes that a bid was sent. */
  void sent(int bid, long nowNs) {
    lateUs[bid] = (int) ((nowNs - dueNs(bid)) / NS_PER_US);
    lastSentNs = nowNs;
    sent.incrementAndGet();
  }

  /** Returns how late each bid was sent, in microseconds. */
  int[] lateUs() {
    return Arrays.copyOf(lateUs, sent.get());
  }

  /** Returns the number of bids sent. */
  int sent() {
    return sent.get();
  }

  /** Returns the bids sent a second; the planned rate for a single bid, which has none. */
  double sentPerS() {
    int intervals = sent.get() - 1;
    double planned = NS_PER_S / plan.interval().toNanos();
    double reached = intervals < 1 ? 0 : intervals * NS_PER_S / (lastSentNs - beganNs);
    return plan.bids() < 2 ? planned : reached;
  }
}
