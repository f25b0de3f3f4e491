package simulations.auction;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import simulations.auction.AuctionSettings.Users;
import simulations.run.Arrivals;
import simulations.run.Load;
import simulations.run.Recording;
import simulations.run.Run;

/** The items, the bids and the arrivals that the users of one run share. Thread-safe. */
public final class AuctionLoad implements Load {
  private static final double MS_PER_S = 1e3;

  private final Run run;
  private final AuctionTargets targets;
  private final Users users;
  private final Arrivals arrivals;
  private final Map<Phase, Bidding> biddings = new EnumMap<>(Phase.class);
  private final Map<Phase, List<AuctionItem>> items = new EnumMap<>(Phase.class);

  /**
   * Opens the items.
   *
   * @param names of the items; those of the warm-up have names of their own
   */
  public AuctionLoad(Run run, AuctionTargets targets, Users users, List<String> names) {
    this.run = run;
    this.targets = targets;
    this.users = users;
    this.arrivals =
        new Arrivals(run, "users", users.count(), users.rampup(), users.hold(), run.nanoClock());
    biddings.put(Phase.WARM_UP, bidding(Phase.WARM_UP, nowNs -> false));
    biddings.put(Phase.MEASURE, bidding(Phase.MEASURE, arrivals::isSteady));
    items.put(Phase.MEASURE, names.stream().map(targets::open).toList());
    items.put(
        Phase.WARM_UP,
        users.warmup().isZero()
            ? List.of()
            : names.stream().map(name -> targets.open(name + "-warm-up")).toList());
  }

  private Bidding bidding(Phase phase, LongPredicate steady) {
    return new Bidding(run.recording(phase), users.mix(), targets.runName(), steady);
  }

  /** Returns the run. */
  public Run run() {
    return run;
  }

  /** Returns the targets. */
  public AuctionTargets targets() {
    return targets;
  }

  /** Returns the users. */
  public Users users() {
    return users;
  }

  /** Returns the schedule of arrivals. */
  public Arrivals arrivals() {
    return arrivals;
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

  /** Returns the items of both phases. */
  List<AuctionItem> allItems() {
    List<AuctionItem> all = new ArrayList<>(items(Phase.MEASURE));
    all.addAll(items(Phase.WARM_UP));
    return all;
  }

  /**
   * A user of a phase arrives.
   *
   * @return when it was planned to, in monotonic nanoseconds
   */
  public long arrive(Phase phase) {
    return phase == Phase.MEASURE ? arrivals.arrive() : run.nanoClock().getAsLong();
  }

  /**
   * Returns true while a user begins something new.
   *
   * @param arrivedNs its arrival
   */
  public boolean goesOn(Phase phase, long arrivedNs) {
    return phase == Phase.MEASURE
        ? arrivals.wantsMore()
        : run.nanoClock().getAsLong() - arrivedNs < users.warmup().toNanos() && run.goesOn();
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
