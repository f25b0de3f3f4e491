package simulations.auction;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongPredicate;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import simulations.auction.AuctionSettings.Users;
import simulations.run.Arrivals;
import simulations.run.Load;
import simulations.run.Recording;
import simulations.run.Run;

/**
 * The items, the bids and the arrivals that the users of one run share. Thread-safe.
 *
 * @param run that is loaded
 * @param targets of the load
 * @param users of the load
 * @param arrivals their schedule
 * @param biddings bids of each phase
 * @param items of each phase
 */
public record AuctionLoad(
    Run run,
    AuctionTargets targets,
    Users users,
    Arrivals arrivals,
    Map<Phase, Bidding> biddings,
    Map<Phase, List<AuctionItem>> items)
    implements Load {
  private static final double MS_PER_S = 1e3;

  /**
   * Opens the items.
   *
   * @param names of the items; those of the warm-up have names of their own
   */
  public static AuctionLoad open(Run run, AuctionTargets targets, Users users, List<String> names) {
    Arrivals arrivals =
        new Arrivals(run, "users", new Arrivals.Plan(users.count(), users.rampup(), users.hold()));
    Function<Phase, Bidding> bidding =
        phase -> {
          LongPredicate steady = phase == Phase.MEASURE ? arrivals::isSteady : nowNs -> false;
          return new Bidding(
              run.recording(phase),
              users.mix(),
              targets.runName() + (phase == Phase.MEASURE ? 1 : 0),
              steady);
        };
    List<String> warmUp =
        users.warmup().isZero()
            ? List.of()
            : names.stream().map(name -> name + "-warm-up").toList();
    return new AuctionLoad(
        run,
        targets,
        users,
        arrivals,
        Map.of(
            Phase.WARM_UP, bidding.apply(Phase.WARM_UP),
            Phase.MEASURE, bidding.apply(Phase.MEASURE)),
        Map.of(
            Phase.WARM_UP, warmUp.stream().map(targets::open).toList(),
            Phase.MEASURE, names.stream().map(targets::open).toList()));
  }

  /** Returns the bids of a phase. */
  public Bidding bidding(Phase phase) {
    return biddings.get(phase);
  }

  /** Returns the latencies and counts of a phase. */
  public Recording recording(Phase phase) {
    return bidding(phase).recording();
  }

  /** Returns the items of a phase. */
  public List<AuctionItem> items(Phase phase) {
    return items.get(phase);
  }

  /** Returns the only item of a phase. */
  public AuctionItem item(Phase phase) {
    return items(phase).get(0);
  }

  /** Returns the planned time of the arrival of a user of a phase, in monotonic nanoseconds. */
  long arrive(Phase phase) {
    return phase == Phase.MEASURE ? arrivals.arrive() : recording(phase).nowNs();
  }

  /** Returns true while a user of a phase that arrived at a time begins something new. */
  boolean goesOn(Phase phase, long arrivedNs) {
    return phase == Phase.MEASURE
        ? arrivals.wantsMore()
        : recording(phase).nowNs() - arrivedNs < users.warmup().toNanos() && run.goesOn();
  }

  @Override
  public Map<String, Double> offered() {
    return arrivals.offered();
  }

  @Override
  public Map<String, Double> achieved() {
    return arrivals.achieved();
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    double steadyS = measuredS - users.rampup().toMillis() / MS_PER_S;
    double holdS = users.hold().toMillis() / MS_PER_S;
    return bidding(Phase.MEASURE).figures(Math.min(steadyS, holdS));
  }

  /** Returns the share of failed requests alone. */
  public Figure errors() {
    return Figure.of(Kpi.ERROR_RATE, bidding(Phase.MEASURE).errorPct());
  }
}
