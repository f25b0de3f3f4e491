package simulations.fanout;

import simulations.auction.Broadcasts;
import simulations.run.Audit;
import simulations.run.Checks;

/** Compares the accepted bids of each step with what each of its viewers received. */
public final class FanOutAudit implements Audit {
  private final FanOutLoad load;
  private final Broadcasts broadcasts;

  public FanOutAudit(FanOutLoad load) {
    this.load = load;
    this.broadcasts = new Broadcasts(load.recording().tally(), false);
  }

  @Override
  public void settle() {
    for (Step step : load.steps()) {
      step.item().done();
      broadcasts.compare(step.item());
    }
  }

  @Override
  public void check(Checks checks) {
    broadcasts.check(checks, load.steps().stream().mapToInt(s -> s.plan().viewers()).sum());
  }
}
