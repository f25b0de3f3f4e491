package simulations.mixed;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import simulations.fanout.EventText;
import simulations.run.SequenceOrder;

/**
 * One viewer of an item: follows the sequence of its events and the price by a few numbers. Not
 * thread-safe; whoever reads it waits until its user has ended.
 */
final class Watcher {
  private static final String TYPE = "\"type\"";
  private static final String AMOUNT = "\"amount\"";
  private static final String SEQUENCE = "\"sequence\"";

  private final Shared shared;
  private final MixedItem item;
  private final int number;
  private final long intendedNs;
  private final SequenceOrder order = new SequenceOrder();
  private long highestCents;
  private long fallen;
  private long gaps;
  private long received;
  private long untimed;
  private long endSequence = EventText.NONE;
  private double longestMs;
  private boolean welcomed;
  private boolean over;
  private Outcome outcome = Outcome.OK;

  /**
   * What all viewers of a phase share.
   *
   * @param phase of the run
   * @param recorders take the lags
   * @param tally takes the counts
   * @param nanoClock monotonic nanoseconds
   * @param closing whether every bid has been made, so that the next change of the item is its end
   * @param givesUp whether something went wrong around the load
   */
  record Shared(
      Phase phase,
      Recorders recorders,
      Tally tally,
      LongSupplier nanoClock,
      BooleanSupplier closing,
      BooleanSupplier givesUp) {}

  /**
   * @param number among the users, from 1
   * @param intendedNs when it was meant to connect
   */
  Watcher(Shared shared, MixedItem item, int number, long intendedNs) {
    this.shared = shared;
    this.item = item;
    this.number = number;
    this.intendedNs = intendedNs;
  }

  MixedItem item() {
    return item;
  }

  /** A frame came. */
  Watcher onFrame(String text) {
    long nowNs = shared.nanoClock().getAsLong();
    shared.tally().event();
    if (!welcomed) {
      welcomed = true;
      shared.recorders().of(shared.phase(), Kpi.CONNECT).record(nowNs - intendedNs);
    }
    long sequence = EventText.number(text, SEQUENCE);
    long cents = EventText.cents(text, AMOUNT);
    if (EventText.says(text, TYPE, "state")) {
      order.begin(Math.max(0, sequence));
      highestCents = Math.max(0, EventText.cents(text, "\"current_bid\""));
    } else if (EventText.says(text, TYPE, "gap")) {
      gaps++;
    } else if (sequence != EventText.NONE) {
      order.take(sequence, 0);
      if (cents != EventText.NONE) {
        onBid(cents, nowNs);
      } else if (shared.closing().getAsBoolean()) {
        endSequence = EventText.says(text, TYPE, "closed") ? sequence : sequence - 1;
        over = true;
      }
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

  /** The longest lag so far in ms. */
  double longestMs() {
    return longestMs;
  }

  /** The number of the event that ended the item; {@link EventText#NONE} if it saw none. */
  long endSequence() {
    return endSequence;
  }

  /**
   * It has left.
   *
   * @param failure how it ended too early, or null if it left by itself
   * @return what became of it
   */
  Outcome finish(Outcome failure) {
    boolean sound = welcomed && order.isRight() && fallen + gaps == 0;
    outcome = failure != null ? failure : sound ? Outcome.OK : Outcome.INVALID;
    Tally tally = shared.tally();
    tally.add("viewers_connected", welcomed ? 1 : 0);
    tally.add("viewers_survived", welcomed && failure == null ? 1 : 0);
    tally.add("broadcasts_received", received);
    tally.add("broadcasts_untimed", untimed);
    tally.add("broadcasts_lost", order.lost());
    tally.add("broadcasts_duplicated", order.duplicated());
    tally.add("broadcasts_swapped", order.late());
    return outcome;
  }

  /** What is wrong with what it saw, in words; empty if nothing is. */
  Optional<String> wrong() {
    String who = "viewer " + number + " of item " + item.name();
    if (!welcomed || (outcome != Outcome.OK && outcome != Outcome.INVALID)) {
      return Optional.of(who + " did not stay to the end (" + outcome.counter() + ")");
    }
    if (order.lost() > 0) {
      return Optional.of(
          who
              + " never got sequence "
              + order.firstLost()
              + " in its turn, "
              + order.lost()
              + " in all");
    }
    if (order.isRight() && fallen + gaps == 0) {
      return Optional.empty();
    }
    return Optional.of(
        who
            + " got "
            + order.duplicated()
            + " events twice and "
            + order.late()
            + " late, saw the price not rise "
            + fallen
            + " times, and was told of "
            + gaps
            + " gaps");
  }

  private void onBid(long cents, long nowNs) {
    fallen += cents <= highestCents ? 1 : 0;
    highestCents = Math.max(highestCents, cents);
    long sentNs = item.sentNs(cents);
    if (sentNs == Long.MIN_VALUE) {
      untimed++;
      return;
    }
    received++;
    shared.recorders().of(shared.phase(), Kpi.BROADCAST_LAG).record(nowNs - sentNs);
    longestMs = Math.max(longestMs, (nowNs - sentNs) / 1e6);
  }
}
