package simulations.auction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import kpi.Tally;
import simulations.run.Audit;
import simulations.run.Counted;
import simulations.run.Load;
import verdict.Check;

/** Reconciles a whole run: rates, the history of the item, its stores and its viewers. */
final class ContendAudit implements Audit, Load {
  private final BidLoad load;
  private final BidReconciliation reconciliation;
  private long endNs;

  /**
   * @param load that is reconciled
   * @param reconciliation of the item
   */
  ContendAudit(BidLoad load, BidReconciliation reconciliation) {
    this.load = load;
    this.reconciliation = reconciliation;
  }

  @Override
  public void settle() {
    endNs = load.nanos();
    reconciliation.settle();
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    Bidding bidding = load.bidding(Phase.MEASURE);
    double steadyS = load.arrivals().steadyS(endNs);
    long accepted = bidding.steadyAccepted();
    long decided = accepted + bidding.steadyRejected();
    if (steadyS > 0 && decided > 0) {
      put(figures, Kpi.ACCEPTED_PER_S, accepted / steadyS);
      put(figures, Kpi.DECIDED_PER_S, decided / steadyS);
      put(figures, Kpi.ACCEPT_RATIO, 100.0 * accepted / decided);
    }
    put(figures, Kpi.ERROR_RATE, errorPct(load.tally(Phase.MEASURE)));
    return figures;
  }

  @Override
  public Map<String, Double> offered() {
    return load.arrivals().offered();
  }

  @Override
  public Map<String, Double> achieved() {
    return load.arrivals().achieved();
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = new ArrayList<>(reconciliation.checks());
    Map<String, Long> counted = load.tally(Phase.MEASURE).counters();
    checks.add(losersLost(counted));
    checks.add(wellFormed(counted));
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    return reconciliation.unchecked();
  }

  /** Requests that did not get the answer that was due, in per cent of all. */
  static double errorPct(Tally tally) {
    Map<String, Long> counted = tally.counters();
    long failed = sum(counted, "bids_undecided", "bids_unknown", "bids_refused", "reads_failed");
    long all =
        sum(counted, "bids_accepted", "bids_rejected", "reads")
            + sum(counted, "bids_undecided", "bids_unknown", "bids_refused");
    return all == 0 ? 100 : 100.0 * failed / all;
  }

  /** A bid at or below a price that its bidder had seen before. */
  static Check losersLost(Map<String, Long> counted) {
    return Counted.none(
        counted,
        "losing_bids_accepted",
        "losing_bids_rejected",
        "bids",
        "at or below a price seen before were accepted");
  }

  /** Status and body say the same, amounts are whole cents. */
  static Check wellFormed(Map<String, Long> counted) {
    return Counted.none(
        counted, "answers_wrong", "answers_well_formed", "answers", "contradicted themselves");
  }

  private static long sum(Map<String, Long> counted, String... names) {
    long sum = 0;
    for (String name : names) {
      sum += counted.getOrDefault(name, 0L);
    }
    return sum;
  }

  private static void put(Map<String, Figure> figures, Kpi kpi, double value) {
    figures.put(kpi.word(), Figure.of(kpi, value));
  }
}
