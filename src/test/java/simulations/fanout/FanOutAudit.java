package simulations.fanout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.PowerLaw;
import simulations.auction.Broadcasts;
import simulations.run.Audit;
import verdict.Check;

/** Compares the accepted bids of each step with what each of its viewers received. */
public final class FanOutAudit implements Audit {
  private final FanOutLoad load;
  private final Broadcasts broadcasts;

  public FanOutAudit(FanOutLoad load) {
    this.load = load;
    this.broadcasts = new Broadcasts(load.recording().tally());
  }

  @Override
  public void settle() {
    for (Step step : load.steps()) {
      step.item().done();
      broadcasts.compare(step.item(), step.viewers());
    }
  }

  @Override
  public List<Check> invariants() {
    return broadcasts.checks(load.steps().stream().mapToInt(s -> s.plan().viewers()).sum());
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (load.steps().size() > 1) {
      unchecked.put("slopes", "With several steps no stretch of the load is steady.");
    }
    if (load.steps().size() < PowerLaw.LEAST_POINTS) {
      unchecked.put("lag_growth_exponent", "It takes three steps at least (-Dsteps).");
    }
    return unchecked;
  }
}
