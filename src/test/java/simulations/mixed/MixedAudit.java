package simulations.mixed;

import java.util.Collection;
import kpi.Phase;
import simulations.auction.AuctionAudit;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionLoad;
import simulations.auction.AuctionRecorder;
import simulations.auction.Broadcasts;
import simulations.run.Checks;

/** Compares, item by item, the clients' histories, the archive, and what viewers received. */
public final class MixedAudit extends AuctionAudit {
  private final AuctionLoad load;
  private final Collection<AuctionRecorder> viewers;
  private final Broadcasts broadcasts;
  private final int planned;

  /** With the viewers that have come, and their planned number. */
  public MixedAudit(AuctionLoad load, Collection<AuctionRecorder> viewers, int planned) {
    super(load, 0);
    this.load = load;
    this.viewers = viewers;
    this.broadcasts = new Broadcasts(load.recording(Phase.MEASURE).tally());
    this.planned = planned;
  }

  @Override
  public void settle() {
    super.settle();
    for (AuctionItem item : load.items(Phase.MEASURE)) {
      broadcasts.compare(item, viewers.stream().filter(any -> any.item == item).toList());
    }
  }

  @Override
  public void check(Checks checks) {
    checkBids(checks);
    broadcasts.check(checks, planned);
  }
}
