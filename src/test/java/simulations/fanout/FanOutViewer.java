package simulations.fanout;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;

/**
 * One viewer: takes every frame on its user's event loop, and keeps when it saw which bid, nothing
 * more. Not thread-safe; whoever reads it waits until its user has ended.
 */
final class FanOutViewer {
  private static final String TYPE = "\"type\"";
  private static final String AMOUNT = "\"amount\"";
  private static final String PRICE = "\"current_bid\"";
  private static final long NS_PER_US = 1_000;
  private static final double US_PER_MS = 1e3;

  private final Shared shared;
  private final Step step;
  private final int number;
  private final long intendedNs;

  /** The lag of each bid in microseconds, at least 1; 0 if it was not seen. */
  private final int[] lagsUs;

  private long stateCents = EventText.NONE;
  private int last = -1;
  private int received;
  private int twice;
  private int late;
  private int foreign;
  private int longestUs;
  private boolean welcomed;
  private boolean seated;
  private boolean over;
  private Outcome outcome = Outcome.OK;

  /**
   * What all viewers of a phase share.
   *
   * @param recorders take the lags
   * @param tally takes the counts
   * @param nanoClock monotonic nanoseconds
   * @param givesUp whether something went wrong around the load
   */
  record Shared(
      Recorders recorders, Tally tally, LongSupplier nanoClock, BooleanSupplier givesUp) {}

  /**
   * A viewer who is about to connect.
   *
   * @param number among the viewers of its step, from 0
   * @param intendedNs when it was meant to
   */
  FanOutViewer(Shared shared, Step step, int number, long intendedNs) {
    this.shared = shared;
    this.step = step;
    this.number = number;
    this.intendedNs = intendedNs;
    this.lagsUs = new int[step.plan().bids()];
    shared.tally().start(shared.nanoClock().getAsLong());
  }

  /** A frame came. */
  FanOutViewer onFrame(String text) {
    long nowNs = shared.nanoClock().getAsLong();
    shared.tally().event();
    if (!welcomed) {
      welcomed = true;
      shared.recorders().of(phase(), Kpi.CONNECT).record(nowNs - intendedNs);
      step.welcome();
    }
    long cents = EventText.cents(text, AMOUNT);
    if (cents != EventText.NONE) {
      onBid(step.bid(cents), nowNs);
    } else if (EventText.says(text, TYPE, "state")) {
      onState(EventText.cents(text, PRICE));
    } else if (step.isDone()) {
      // The item was closed, or opened again: nothing that it was to see can follow.
      over |= EventText.says(text, TYPE, "closed") || EventText.says(text, TYPE, "opened");
    }
    return this;
  }

  /** True if it need not stay. */
  boolean isOver() {
    return over || shared.givesUp().getAsBoolean();
  }

  boolean isConnected() {
    return welcomed;
  }

  /**
   * It has left.
   *
   * @param failure how it ended too early, or null if it left by itself
   * @return what became of it
   */
  Outcome finish(Outcome failure) {
    boolean sound = welcomed && lost() + twice + late + strange() == 0;
    outcome = failure != null ? failure : sound ? Outcome.OK : Outcome.INVALID;
    Tally tally = shared.tally();
    tally.end(outcome, shared.nanoClock().getAsLong());
    tally.add("broadcasts_received", received);
    tally.add("broadcasts_foreign", foreign);
    tally.add("viewers_connected", welcomed ? 1 : 0);
    tally.add("viewers_survived", welcomed && failure == null ? 1 : 0);
    return outcome;
  }

  /** The longest lag so far in ms. */
  double longestMs() {
    return longestUs / US_PER_MS;
  }

  /** The lag of a bid in microseconds; 0 if it was not seen. */
  int lagUs(int bid) {
    return lagsUs[bid];
  }

  /** True if it stayed until the end. */
  boolean survived() {
    return welcomed && (outcome == Outcome.OK || outcome == Outcome.INVALID);
  }

  /** Accepted bids that it should have seen and did not. */
  int lost() {
    int lost = 0;
    for (int bid = from(); bid < lagsUs.length; bid++) {
      lost += isLost(bid) ? 1 : 0;
    }
    return lost;
  }

  /** Bids that came more than once. */
  int twice() {
    return twice;
  }

  /** Bids that came after a higher one: it saw the price fall. */
  int late() {
    return late;
  }

  /** Bids that it saw though they were rejected. */
  int strange() {
    int strange = 0;
    for (int bid = 0; bid < lagsUs.length; bid++) {
      strange += lagsUs[bid] > 0 && !step.mayBeSeen(bid) ? 1 : 0;
    }
    return strange;
  }

  /** What is wrong with what it saw, in words; empty if nothing is. */
  Optional<String> wrong() {
    String who = "viewer " + (number + 1) + " of " + step.plan().viewers();
    if (!survived()) {
      return Optional.of(who + " did not stay to the end (" + outcome.counter() + ")");
    }
    for (int bid = from(); bid < lagsUs.length; bid++) {
      if (isLost(bid)) {
        return Optional.of(who + " never got " + step.words(bid) + ", " + lost() + " in all");
      }
    }
    if (twice + late + strange() > 0) {
      return Optional.of(
          who
              + " got "
              + twice
              + " bids twice, "
              + late
              + " after a higher one and "
              + strange()
              + " that were rejected");
    }
    return Optional.empty();
  }

  private boolean isLost(int bid) {
    return lagsUs[bid] == 0 && step.isAccepted(bid);
  }

  /** The first bid that is not in the state that it was told. */
  private int from() {
    long first = stateCents < 0 ? 0 : step.bid(stateCents) + 1;
    return (int) Math.min(Math.max(0, first), lagsUs.length);
  }

  private void onBid(long bid, long nowNs) {
    if (bid < 0 || bid >= lagsUs.length) {
      foreign++;
      return;
    }
    int index = (int) bid;
    long lagNs = nowNs - step.dueNs(index);
    received++;
    shared.recorders().of(phase(), Kpi.BROADCAST_LAG).record(lagNs);
    if (lagsUs[index] > 0) {
      twice++;
      return;
    }
    late += index < last ? 1 : 0;
    last = Math.max(last, index);
    lagsUs[index] = (int) Math.min(Math.max(1, lagNs / NS_PER_US), Integer.MAX_VALUE);
    longestUs = Math.max(longestUs, lagsUs[index]);
  }

  private void onState(long cents) {
    stateCents = cents;
    if (!seated) {
      seated = true;
      step.seat();
    }
  }

  private Phase phase() {
    return step.plan().phase();
  }
}
