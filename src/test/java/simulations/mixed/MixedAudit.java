package simulations.mixed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import simulations.auction.ArchivedBids;
import simulations.auction.BidAnswer;
import simulations.auction.History;
import simulations.auction.ItemApi;
import simulations.auction.Ledger;
import simulations.auction.StoredBids.Unreadable;
import simulations.fanout.EventText;
import simulations.run.Audit;
import simulations.run.Counted;
import simulations.run.Load;
import verdict.BidAudit;
import verdict.BidOperation.Read;
import verdict.BidViolation;
import verdict.Check;
import verdict.Numbers;

/** Reconciles a whole run, item by item: histories, archive, and those who watched. */
final class MixedAudit implements Audit, Load {
  private static final long LOOK_MS = 100;

  /** If nothing has moved for so long, nothing will. */
  private static final int STILL_LOOKS = 30;

  private final MixedLoad load;
  private final ItemApi api;
  private final Optional<ArchivedBids> archive;
  private final Map<MixedItem, Ledger> ledgers = new LinkedHashMap<>();
  private long endNs;

  /**
   * @param api tells the final prices
   * @param archive of the bundled auction
   */
  MixedAudit(MixedLoad load, ItemApi api, Optional<ArchivedBids> archive) {
    this.load = load;
    this.api = api;
    this.archive = archive;
  }

  @Override
  public void settle() {
    endNs = load.nanos();
    for (MixedItem item : measured().items()) {
      readLast(item);
      ledgers.put(item, Ledger.of(item.bidding().history().bids(), 0));
    }
    archive.ifPresent(this::awaitArchive);
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    double steadyS = load.arrivals().steadyS(endNs);
    long accepted = 0;
    long decided = 0;
    for (MixedItem item : measured().items()) {
      accepted += item.bidding().steadyAccepted();
      decided += item.bidding().steadyAccepted() + item.bidding().steadyRejected();
    }
    if (steadyS > 0 && decided > 0) {
      put(figures, Kpi.ACCEPTED_PER_S, accepted / steadyS);
      put(figures, Kpi.DECIDED_PER_S, decided / steadyS);
      put(figures, Kpi.ACCEPT_RATIO, 100.0 * accepted / decided);
    }
    long failed =
        sum("bids_undecided", "bids_unknown", "bids_refused", "reads_failed", "looks_failed");
    long all =
        sum("bids_accepted", "bids_rejected", "bids_undecided", "bids_unknown", "bids_refused")
            + sum("reads", "looks");
    put(figures, Kpi.ERROR_RATE, all == 0 ? 100 : 100.0 * failed / all);
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
    Map<String, Long> counted = counted();
    List<Check> checks = new ArrayList<>();
    checks.add(linearizable());
    if (load.settings().plan().viewers() > 0) {
      checks.add(complete());
      checks.add(
          Counted.none(
              counted, "broadcasts_lost", "no_broadcast_lost", "events", "did not come in turn"));
      checks.add(
          Counted.none(
              counted, "broadcasts_duplicated", "no_broadcast_duplicated", "events", "came twice"));
      checks.add(
          Counted.none(
              counted, "broadcasts_swapped", "broadcasts_in_order", "events", "came late"));
    }
    archive.ifPresent(found -> checks.add(archived(found)));
    checks.add(
        Counted.none(
            counted,
            "losing_bids_accepted",
            "losing_bids_rejected",
            "bids",
            "at or below a price seen before were accepted"));
    checks.add(
        Counted.none(
            counted, "answers_wrong", "answers_well_formed", "answers", "contradicted themselves"));
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (archive.isEmpty()) {
      unchecked.put("archive_exact", "There is no archive that the run has started.");
    }
    if (load.settings().plan().viewers() == 0) {
      unchecked.put("broadcast_complete", "Nobody watches (-Dviewers).");
    }
    return unchecked;
  }

  private Check linearizable() {
    String wrong = "";
    long requests = 0;
    long leftOut = 0;
    for (MixedItem item : measured().items()) {
      History history = item.bidding().history();
      Optional<BidViolation> found = BidAudit.of(history.operations());
      requests += history.operations().size();
      leftOut += history.bidsLeftOut();
      if (wrong.isEmpty() && found.isPresent()) {
        wrong = "of item " + item.name() + ": " + found.get().sentence();
      }
    }
    Check check =
        Check.invariant(
            "bids_linearizable",
            wrong.isEmpty(),
            Numbers.count(requests) + " requests on " + Numbers.count(ledgers.size()) + " items",
            "as if one by one, each item",
            wrong.isEmpty()
                ? "On every item some order of the requests explains every answer."
                : "No order explains the answers " + wrong + ".");
    return leftOut == 0
        ? check
        : check.inconclusive(Numbers.count(leftOut) + " bids did not fit into the histories.");
  }

  private Check complete() {
    int wrongViewers = 0;
    Optional<String> first = Optional.empty();
    List<Watcher> watchers = measured().watchers();
    for (Watcher watcher : watchers) {
      Optional<String> found = watcher.wrong().or(() -> ending(watcher));
      wrongViewers += found.isPresent() ? 1 : 0;
      first = first.or(() -> found);
    }
    boolean holds = first.isEmpty() && watchers.size() == load.settings().plan().viewers();
    return Check.invariant(
        "broadcast_complete",
        holds,
        Numbers.count(watchers.size() - wrongViewers)
            + " of "
            + Numbers.count(watchers.size())
            + " viewers",
        "every accepted bid once, in order, prices rising",
        first
            .map(words -> "Not every viewer saw every accepted bid: " + words + ".")
            .orElse("Every viewer saw every accepted bid of its item, once, at a rising price."));
  }

  /** The item was opened, then came its bids, then it was closed: so many events there were. */
  private Optional<String> ending(Watcher watcher) {
    Ledger ledger = ledgers.get(watcher.item());
    long bids = watcher.endSequence() - 2;
    if (watcher.endSequence() == EventText.NONE) {
      return archive.isEmpty()
          ? Optional.empty() // A service of the user's own need not know closed items.
          : Optional.of("a viewer of item " + watcher.item().name() + " never saw its end");
    }
    return ledger.fits(bids) || archive.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "item "
                + watcher.item().name()
                + " ended after "
                + bids
                + " bids, and "
                + ledger.accepted()
                + " were accepted");
  }

  private Check archived(ArchivedBids from) {
    long rows = 0;
    long accepted = 0;
    String wrong = "";
    try {
      for (Map.Entry<MixedItem, Ledger> entry : ledgers.entrySet()) {
        long[] cents = from.cents(entry.getKey().name());
        rows += cents.length;
        accepted += entry.getValue().accepted();
        Optional<String> found = entry.getValue().differs(cents);
        if (wrong.isEmpty() && found.isPresent()) {
          wrong = "item " + entry.getKey().name() + ": " + found.get();
        }
      }
    } catch (Unreadable e) {
      return Check.invariant(
          "archive_exact", false, "unreadable", "readable", e.getMessage() + ".");
    }
    return Check.invariant(
        "archive_exact",
        wrong.isEmpty(),
        Numbers.count(rows) + " rows",
        Numbers.count(accepted) + " accepted, once and in order",
        wrong.isEmpty()
            ? "Every accepted bid is a row of the archive, once and in order."
            : "The archive differs from what was accepted, on " + wrong + ".");
  }

  private void readLast(MixedItem item) {
    long callNs = load.nanos();
    try {
      BidAnswer last = BidAnswer.read(api.read(item.name()));
      if (last.currentCents() >= 0) {
        item.bidding()
            .history()
            .add(new Read(callNs, load.nanos(), last.currentCents(), last.bidder()));
      }
    } catch (IOException e) {
      load.of(Phase.MEASURE).books().tally().add("answers_wrong", 1);
    }
  }

  /** Waits until the archive has every bid, or does not move any more, within the bound. */
  private void awaitArchive(ArchivedBids from) {
    long accepted =
        load.run().tally(Phase.WARM_UP).counters().getOrDefault("bids_accepted", 0L)
            + counted().getOrDefault("bids_accepted", 0L);
    long before = -1;
    int still = 0;
    long boundMs = load.settings().plan().drainWithin().toMillis();
    try {
      for (long waitedMs = 0; waitedMs < boundMs; waitedMs += LOOK_MS) {
        long there = from.count();
        still = there == before ? still + 1 : 0;
        before = there;
        if (there >= accepted || still >= STILL_LOOKS) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      }
    } catch (Unreadable e) {
      return; // Told by the check, which reads it again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private MixedPhase measured() {
    return load.of(Phase.MEASURE);
  }

  private Map<String, Long> counted() {
    return load.run().tally(Phase.MEASURE).counters();
  }

  private long sum(String... names) {
    Map<String, Long> counted = counted();
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
