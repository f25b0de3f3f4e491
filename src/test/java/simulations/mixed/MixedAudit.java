package simulations.mixed;

import kpi.Phase;
import simulations.auction.AuctionAudit;
import simulations.auction.AuctionLoad;
import simulations.auction.Broadcasts;
import simulations.run.Checks;

/** Compares, item by item, the clients' histories, the archive, and what viewers received. */
public class MixedAudit extends AuctionAudit {
  private final AuctionLoad load;
  private final Broadcasts broadcasts;
  private final int planned;

  /**
   * @param planned number of viewers
   * @param again whether viewers that are cut off connect again
   */
  public MixedAudit(AuctionLoad load, int planned, boolean again) {
    super(load, 0);
    this.load = load;
    this.broadcasts = new Broadcasts(load.recording(Phase.MEASURE).tally(), again);
    this.planned = planned;
  }

  @Override
  public void settle() {
    super.settle();
    load.items(Phase.MEASURE).forEach(broadcasts::compare);
  }

  @Override
  public void check(Checks checks) {
    checkBids(checks);
    broadcasts.check(checks, planned);
  }
}
