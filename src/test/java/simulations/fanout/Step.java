package simulations.fanout;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Kpi;
import kpi.Phase;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionJourneys;
import simulations.auction.BidAnswer;
import simulations.auction.BidForm;
import simulations.auction.Bidder;
import simulations.auction.ItemApi;
import simulations.run.Arrivals;
import simulations.run.OpenSchedule;
import simulations.run.OpenSchedule.Due;
import simulations.run.Recording;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Unknown;

/**
 * A number of viewers on one item, and the bidder that waits for them: it sends each bid when it is
 * due, whether those before it were answered or not. The first bid is one cent above the price
 * found, each further one a cent more. Bids under way: at most timeout / interval. Thread-safe.
 */
public final class Step {
  private static final String USER = "gauntlet";
  private static final int LOOK = -1;
  private static final long LOOK_NS = 10_000_000;
  private static final long LEAD_NS = 100_000_000;

  /** A service that has not sent its state to any viewer by then does not send states. */
  private static final long STATELESS_NS = 2_000_000_000L;

  private static final Duration LAST_LOOK = Duration.ofMillis(50);

  private final Plan plan;
  private final AuctionItem item;
  private final Optional<Arrivals> arrivals;
  private final FanOutLoad load;
  private final ItemApi api;
  private final Recording recording;
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private final int[] lateUs;
  private OpenSchedule<Integer> schedule;
  private long untilNs;
  private long connectedNs = Long.MAX_VALUE;
  private volatile long beganNs;
  private volatile long lastSentNs;
  private volatile boolean over;

  /**
   * The plan of a step.
   *
   * @param rampup how long the viewers take to arrive, whole seconds
   */
  public record Plan(Phase phase, int viewers, Duration rampup, int bids, Duration interval) {
    double perS() {
      return 1e9 / interval.toNanos();
    }

    Duration bidding() {
      return interval.multipliedBy(bids);
    }

    /** Returns the name of the step. */
    public String words() {
      return phase == Phase.WARM_UP ? "warm-up" : "viewers_" + viewers;
    }
  }

  Step(Plan plan, AuctionItem item, Optional<Arrivals> arrivals, FanOutLoad load) {
    this.plan = plan;
    this.item = item;
    this.arrivals = arrivals;
    this.load = load;
    this.api = load.targets.items();
    this.recording = load.run.recording(plan.phase());
    this.lateUs = new int[plan.bids()];
    item.keepDueTimes();
    item.ownBidsUpTo(0);
  }

  public Plan plan() {
    return plan;
  }

  AuctionItem item() {
    return item;
  }

  Arrivals arrivals() {
    return arrivals.orElseThrow();
  }

  /**
   * Returns the journey of a viewer. The last one to leave waits for the bidder, so that a service
   * that refuses all viewers ends neither the step nor the run before all bids are sent.
   */
  public ChainBuilder viewer() {
    ChainBuilder view =
        AuctionJourneys.view(load.run, plan.phase(), session -> arrive(), load.settings.stay(plan))
            .doIf(session -> left.incrementAndGet() == plan.viewers())
            .then(asLongAs(session -> !over).on(pause(LAST_LOOK)));
    return arrivals.map(all -> all.arrive("plannedNs").exec(view)).orElse(view);
  }

  /** A viewer is about to connect; with the first, the bidder begins to wait. */
  private synchronized AuctionItem arrive() {
    if (schedule == null) {
      long nowNs = recording.nowNs();
      untilNs = nowNs + plan.rampup().plus(load.settings.plan().joinWithin()).toNanos();
      schedule =
          new OpenSchedule<>(
              "bidder", load.run.nanoClock(), this::following, all -> all.forEach(this::act));
      schedule.add(nowNs, LOOK);
    }
    return item;
  }

  /** Returns how late each bid was sent, in microseconds. */
  int[] lateUs() {
    return Arrays.copyOf(lateUs, sent.get());
  }

  int sent() {
    return sent.get();
  }

  /** Returns the bids sent a second; the planned rate for a single bid, which has none. */
  double sentPerS() {
    int intervals = sent.get() - 1;
    double reached = intervals < 1 ? 0 : intervals * 1e9 / (lastSentNs - beganNs);
    return plan.bids() < 2 ? plan.perS() : reached;
  }

  private Optional<Due<Integer>> following(Due<Integer> due) {
    int next = due.item() + 1;
    return due.item() == LOOK || next == plan.bids()
        ? Optional.empty()
        : Optional.of(new Due<>(dueNs(next), next));
  }

  private void act(Due<Integer> due) {
    if (!load.run.goesOn()) {
      end();
    } else if (due.item() != LOOK) {
      answers.add(send(due.item()));
      if (due.item() == plan.bids() - 1) {
        end();
      }
    } else if (viewersAreThere()) {
      begin();
      schedule.add(dueNs(0), 0);
    } else {
      schedule.add(recording.nowNs() + LOOK_NS, LOOK);
    }
  }

  private boolean viewersAreThere() {
    long nowNs = recording.nowNs();
    boolean connected = item.connected.get() >= plan.viewers();
    connectedNs = connected ? Math.min(connectedNs, nowNs) : Long.MAX_VALUE;
    boolean stateless = connected && item.seated.get() == 0 && nowNs - connectedNs > STATELESS_NS;
    boolean none = left.get() == plan.viewers() || nowNs >= untilNs;
    return item.seated.get() >= plan.viewers() || stateless || none;
  }

  private void begin() {
    item.begins(found());
    beganNs = recording.nowNs() + LEAD_NS;
    item.ownBidsUpTo(cents(plan.bids() - 1));
    for (int bid = 0; bid < plan.bids(); bid++) {
      item.due(cents(bid), dueNs(bid));
    }
  }

  private BidAnswer found() {
    try {
      return api.read(item);
    } catch (IOException e) {
      return BidAnswer.EMPTY; // The answers to its bids show the reason.
    }
  }

  private long dueNs(int bid) {
    return beganNs + bid * plan.interval().toNanos();
  }

  private long cents(int bid) {
    return item.fromCents() + item.form.stepCents() * (1 + bid);
  }

  private CompletableFuture<Void> send(int bid) {
    String body = item.body(USER, cents(bid));
    long sentNs = recording.nowNs();
    lateUs[bid] = (int) ((sentNs - dueNs(bid)) / 1_000);
    lastSentNs = sentNs;
    item.sent(cents(bid), sentNs);
    sent.incrementAndGet();
    return api.bid(item, body, load.settings.auction().service().timeout())
        .thenAccept(decision -> take(bid, sentNs, decision));
  }

  private void take(int bid, long sentNs, BidForm.Decision decision) {
    long nowNs = recording.nowNs();
    long cents = cents(bid);
    boolean accepted = decision == BidForm.Decision.ACCEPTED;
    if (!accepted && decision != BidForm.Decision.REJECTED) {
      item.add(new Unknown(sentNs, USER, cents));
      recording.tally().add("bids_unknown", 1);
      recording.of(Kpi.BID_DUE).failed(nowNs - dueNs(bid));
      return;
    }
    if (accepted) {
      item.add(new Accepted(sentNs, nowNs, USER, cents, OptionalLong.empty()));
    }
    recording.tally().add(accepted ? "bids_accepted" : "bids_rejected", 1);
    recording.of(accepted ? Kpi.BID_ACCEPTED : Kpi.BID_REJECTED).record(nowNs - sentNs);
    Bidder.answered(recording, dueNs(bid), sentNs, nowNs);
  }

  /** Waits for the answers; closes an item of the run's own, by which viewers know the end. */
  private void end() {
    schedule.close();
    answers.forEach(CompletableFuture::join);
    item.done();
    if (load.settings.plan().itemId().isEmpty()) {
      api.end(item);
    }
    over = true;
  }
}
