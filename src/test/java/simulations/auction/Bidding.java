package simulations.auction;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import kpi.Kpi;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;

/**
 * What the bidders on one item share. Thread-safe.
 *
 * <p>Counters of the tally: {@code bids_accepted}, {@code bids_rejected}; {@code bids_undecided}
 * nothing was done, and the client was told so; {@code bids_unknown} nobody knows; {@code
 * bids_refused} any other refusal; {@code reads}, {@code reads_failed}; {@code answers_wrong} those
 * that contradict themselves; {@code losing_bids_accepted}.
 */
public final class Bidding {
  private final String item;
  private final Mix mix;
  private final Phase phase;
  private final Recorders recorders;
  private final Tally tally;
  private final History history;
  private final LongSupplier nanoClock;
  private final LongPredicate steady;
  private final String run;
  private final LongAdder steadyAccepted = new LongAdder();
  private final LongAdder steadyRejected = new LongAdder();
  private volatile SentBids sent = (cents, nowNs) -> {};
  private final AtomicInteger bidders = new AtomicInteger();

  /** Hears of bids that are about to be sent, by many threads. */
  public interface SentBids {
    /**
     * A bid is about to be sent.
     *
     * @param cents its amount
     * @param nowNs the moment, monotonic
     */
    void sent(long cents, long nowNs);
  }

  /**
   * What a bidder does.
   *
   * @param readsPct rounds that begin with a question for the price; the others go by the last
   *     answer
   * @param losersPct bids that must lose: half of them equal a price that was seen, half are below
   * @param seed of everything random
   */
  public record Mix(int readsPct, int losersPct, long seed) {}

  /**
   * Where what bidders see goes.
   *
   * @param phase of the run
   * @param recorders take latencies
   * @param tally takes counts of that phase
   * @param history takes every request
   * @param nanoClock monotonic nanoseconds, also those of the history
   * @param steady whether the load is steady at a moment, for rates
   */
  public record Books(
      Phase phase,
      Recorders recorders,
      Tally tally,
      History history,
      LongSupplier nanoClock,
      LongPredicate steady) {}

  /**
   * @param item that is bid on
   * @param mix what each bidder does
   * @param run a word that no other run uses, for idempotency keys
   */
  public Bidding(String item, Mix mix, Books books, String run) {
    this.item = item;
    this.mix = mix;
    this.phase = books.phase();
    this.recorders = books.recorders();
    this.tally = books.tally();
    this.history = books.history();
    this.nanoClock = books.nanoClock();
    this.steady = books.steady();
    this.run = run;
  }

  /** The next bidder. */
  public Bidder bidder() {
    return new Bidder(this, bidders.getAndIncrement());
  }

  /** The item. */
  public String item() {
    return item;
  }

  /** Every request so far. */
  public History history() {
    return history;
  }

  /** Bids accepted while the load was steady. */
  public long steadyAccepted() {
    return steadyAccepted.sum();
  }

  /** Bids rejected while the load was steady. */
  public long steadyRejected() {
    return steadyRejected.sum();
  }

  Mix mix() {
    return mix;
  }

  String run() {
    return run;
  }

  Tally tally() {
    return tally;
  }

  long nanos() {
    return nanoClock.getAsLong();
  }

  void took(Kpi kpi, long ns) {
    recorders.of(phase, kpi).record(ns);
  }

  /** From now on, whenever a bid is about to be sent, its amount and the moment are told too. */
  public Bidding tellingBidsTo(SentBids listener) {
    sent = listener;
    return this;
  }

  void sent(long cents, long nowNs) {
    sent.sent(cents, nowNs);
  }

  void decided(boolean accepted, long nowNs) {
    tally.add(accepted ? "bids_accepted" : "bids_rejected", 1);
    if (steady.test(nowNs)) {
      (accepted ? steadyAccepted : steadyRejected).increment();
    }
  }
}
