package simulations.auction;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kpi.Figure;
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
    String word = targets.runName();
    List<String> names = settings.itemNames(word);
    List<String> warmUp =
        settings.common().warmup().isZero()
            ? List.of()
            : names.stream().map(name -> name + "-warm-up").toList();
    Users users = settings.users();
    Arrivals arrivals =
        new Arrivals(run, "users", new Arrivals.Plan(users.count(), users.rampup(), users.hold()));
    return new AuctionLoad(
        settings,
        run,
        targets,
        arrivals,
        byPhase(
            new Bidding(run.recording(Phase.WARM_UP), settings, word + 0, nowNs -> false),
            new Bidding(run.recording(Phase.MEASURE), settings, word + 1, arrivals::isSteady)),
        byPhase(open(targets, warmUp), open(targets, names)));
  }

  private static <T> Map<Phase, T> byPhase(T warmUp, T measured) {
    return new EnumMap<>(Map.of(Phase.WARM_UP, warmUp, Phase.MEASURE, measured));
  }

  private static List<AuctionItem> open(AuctionTargets targets, List<String> names) {
    return names.stream().map(targets.items()::open).toList();
  }

  Bidding bidding(Phase phase) {
    return biddings.get(phase);
  }

  public Recording recording(Phase phase) {
    return bidding(phase).recording;
  }

  /** Returns the failed requests in per cent of all. */
  public double errorPct() {
    return bidding(Phase.MEASURE).errorPct();
  }

  public List<AuctionItem> items(Phase phase) {
    return items.get(phase);
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
  public Set<String> begins() {
    return Set.of("bidders", "users");
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    return bidding(Phase.MEASURE).figures(levelS);
  }
}
