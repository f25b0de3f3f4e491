package simulations.auction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import simulations.run.Checks;
import simulations.run.Recording;

/**
 * The bids of one phase, which all its bidders share. Thread-safe.
 *
 * <p>Counters of the tally: {@code bids_accepted}, {@code bids_rejected}; {@code bids_undecided}
 * refused without a decision; {@code bids_unknown} without an answer that decides them; {@code
 * bids_repeated} sent again; {@code bids_refused} any other refusal; {@code reads}, {@code
 * reads_failed}; {@code answers_wrong} those that contradict themselves; {@code
 * losing_bids_accepted}.
 */
final class Bidding {
  final Recording recording;
  final AuctionSettings.OfUsers settings;
  final List<AuctionItem> items;
  private final String word;
  private final LongPredicate steady;
  private final AtomicInteger bidders = new AtomicInteger();
  private final LongAdder steadyAccepted = new LongAdder();
  private final LongAdder steadyRejected = new LongAdder();

  /**
   * @param word that no other run or phase uses, for idempotency keys
   * @param steady returns true for a moment of steady load, for rates
   */
  Bidding(
      Recording recording,
      AuctionSettings.OfUsers settings,
      List<AuctionItem> items,
      String word,
      LongPredicate steady) {
    this.recording = recording;
    this.settings = settings;
    this.items = items;
    this.word = word;
    this.steady = steady;
  }

  Bidder bidder(AuctionItem item) {
    int index = bidders.getAndIncrement();
    return new Bidder(this, item, index, word + "-" + index + "-");
  }

  void decided(boolean accepted, long nowNs) {
    recording.tally().add(accepted ? "bids_accepted" : "bids_rejected", 1);
    if (steady.test(nowNs)) {
      (accepted ? steadyAccepted : steadyRejected).increment();
    }
  }

  /** Returns rates over the seconds of steady load, and the share of failed requests. */
  Map<String, Figure> figures(double steadyS) {
    Map<Kpi, Double> values = new LinkedHashMap<>();
    double accepted = steadyAccepted.sum();
    double decided = accepted + steadyRejected.sum();
    if (steadyS > 0 && decided > 0) {
      values.put(Kpi.ACCEPTED_PER_S, accepted / steadyS);
      values.put(Kpi.DECIDED_PER_S, decided / steadyS);
      values.put(Kpi.ACCEPT_RATIO, 100 * accepted / decided);
    }
    values.put(Kpi.ERROR_RATE, errorPct());
    Map<String, Figure> figures = new LinkedHashMap<>();
    values.forEach((kpi, value) -> figures.put(kpi.word(), Figure.of(kpi, value)));
    return figures;
  }

  /** Returns the requests that did not get the answer that was due, in per cent of all. */
  double errorPct() {
    double failed =
        sum("bids_undecided", "bids_unknown", "bids_refused", "reads_failed", "looks_failed");
    double all = sum("bids_accepted", "bids_rejected", "reads", "looks") + failed;
    return all == 0 ? 100 : 100 * failed / all;
  }

  void check(Checks checks) {
    String wrong = "at or below a price seen before were accepted";
    checks.of("losing_bids_rejected").none("losing_bids_accepted", "bids", wrong);
    wrong = "contradicted themselves";
    checks.of("answers_well_formed").none("answers_wrong", "answers", wrong);
  }

  private double sum(String... counters) {
    return Stream.of(counters).mapToLong(recording::counted).sum();
  }
}
