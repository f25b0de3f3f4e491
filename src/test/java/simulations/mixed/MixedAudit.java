package simulations.mixed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.Phase;
import simulations.auction.AuctionAudit;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionLoad;
import simulations.auction.Broadcasts;
import simulations.run.Audit;
import verdict.Check;

/** Compares, item by item, the clients' histories, the archive, and what viewers received. */
public final class MixedAudit implements Audit {
  private final AuctionLoad load;
  private final AuctionAudit auction;
  private final Population population;
  private final Broadcasts broadcasts;
  private final int planned;

  /** With the audit of the load's items, and the planned number of viewers. */
  public MixedAudit(AuctionLoad load, AuctionAudit auction, Population population, int planned) {
    this.load = load;
    this.auction = auction;
    this.population = population;
    this.broadcasts = new Broadcasts(load.recording(Phase.MEASURE).tally());
    this.planned = planned;
  }

  @Override
  public void settle() {
    auction.settle();
    for (AuctionItem item : load.items(Phase.MEASURE)) {
      broadcasts.compare(item, population.viewers(item));
    }
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = auction.ofBids();
    if (planned > 0) {
      checks.addAll(broadcasts.checks(planned));
    }
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>(auction.uncheckedOfBids());
    if (planned == 0) {
      unchecked.put("broadcast_complete", "There are no viewers (-Dviewers).");
    }
    return unchecked;
  }
}
