package simulations.auction;

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
public record AuctionLoad(
    AuctionSettings.OfUsers settings,
    Run run,
    AuctionTargets targets,
    Arrivals arrivals,
    Map<Phase, Bidding> biddings,
    Map<Phase, List<AuctionItem>> items)
    implements Load {
  /** Starts or reaches the auction, and opens the items; the warm-up has items of its own. */
  public static AuctionLoad prepare(AuctionSettings.OfUsers settings, Run run) {
    AuctionTargets targets = AuctionTargets.prepare(settings.auction(), run);
    Users users = settings.users();
    boolean warmsUp = !settings.common().warmup().isZero();
    Arrivals arrivals =
        new Arrivals(run, "users", new Arrivals.Plan(users.count(), users.rampup(), users.hold()));
    Map<Phase, Bidding> biddings = new EnumMap<>(Phase.class);
    Map<Phase, List<AuctionItem>> items = new EnumMap<>(Phase.class);
    for (Phase phase : List.of(Phase.WARM_UP, Phase.MEASURE)) {
      boolean measured = phase == Phase.MEASURE;
      LongPredicate steady = measured ? arrivals::isSteady : nowNs -> false;
      String word = targets.runName() + (measured ? 1 : 0);
      biddings.put(phase, new Bidding(run.recording(phase), settings, word, steady));
      items.put(
          phase,
          settings.itemNames(targets.runName()).stream()
              .filter(name -> measured || warmsUp)
              .map(name -> targets.open(measured ? name : name + "-warm-up"))
              .toList());
    }
    return new AuctionLoad(settings, run, targets, arrivals, biddings, items);
  }

  public Users users() {
    return settings.users();
  }

  Bidding bidding(Phase phase) {
    return biddings.get(phase);
  }

  public Recording recording(Phase phase) {
    return bidding(phase).recording;
  }

  public List<AuctionItem> items(Phase phase) {
    return items.get(phase);
  }

  /** Returns the only item of a phase. */
  public AuctionItem item(Phase phase) {
    return items(phase).get(0);
  }

  /** Returns the planned time of a user's arrival, in monotonic nanoseconds. */
  long arrive(Phase phase) {
    return phase == Phase.MEASURE ? arrivals.arrive() : recording(phase).nowNs();
  }

  /** Returns true while a user of a phase that arrived at a time begins something new. */
  boolean goesOn(Phase phase, long arrivedNs) {
    return phase == Phase.MEASURE
        ? arrivals.wantsMore()
        : recording(phase).nowNs() - arrivedNs < settings.common().warmup().toNanos()
            && run.goesOn();
  }

  @Override
  public List<Arrivals> schedules() {
    return List.of(arrivals);
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    double steadyS = measuredS - users().rampup().toMillis() / 1e3;
    double holdS = users().hold().toMillis() / 1e3;
    return bidding(Phase.MEASURE).figures(Math.min(steadyS, holdS));
  }

  /** Returns the share of failed requests alone. */
  public Figure errors() {
    return Figure.of(Kpi.ERROR_RATE, bidding(Phase.MEASURE).errorPct());
  }
}
