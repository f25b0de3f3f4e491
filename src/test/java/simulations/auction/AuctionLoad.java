package simulations.auction;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Phase;
import simulations.auction.AuctionSettings.Users;
import simulations.run.Arrivals;
import simulations.run.Load;
import simulations.run.Recording;
import simulations.run.Run;

/** The items, the bids and the arrivals that the users of one run share. Thread-safe. */
public class AuctionLoad implements Load {
  public final AuctionSettings.OfUsers settings;
  public final Run run;
  public final AuctionTargets targets;
  final Arrivals arrivals;
  private final Map<Phase, Bidding> biddings = new EnumMap<>(Phase.class);

  /** Starts or reaches the auction, and opens the items; the warm-up has items of its own. */
  public AuctionLoad(AuctionSettings.OfUsers settings, Run run) {
    this.settings = settings;
    this.run = run;
    this.targets = AuctionTargets.prepare(settings.auction(), run);
    Users users = settings.users();
    this.arrivals =
        new Arrivals(run, "users", new Arrivals.Plan(users.count(), users.rampup(), users.hold()));
    List<String> names = settings.itemNames(targets.runName());
    begin(Phase.WARM_UP, names.stream().map(name -> name + "-warm-up"), nowNs -> false);
    begin(Phase.MEASURE, names.stream(), arrivals::isSteady);
  }

  private void begin(Phase phase, Stream<String> names, LongPredicate steady) {
    boolean begins = phase == Phase.MEASURE || !settings.common().warmup().isZero();
    List<AuctionItem> items = names.filter(any -> begins).map(targets.items()::open).toList();
    String word = targets.runName() + phase;
    biddings.put(phase, new Bidding(run.recording(phase), settings, items, word, steady));
  }

  final Bidding bidding(Phase phase) {
    return biddings.get(phase);
  }

  public final Recording recording(Phase phase) {
    return bidding(phase).recording;
  }

  public final List<AuctionItem> items(Phase phase) {
    return bidding(phase).items;
  }

  /** Returns the failed requests in per cent of all. */
  protected final double errorPct() {
    return bidding(Phase.MEASURE).errorPct();
  }

  /** Returns true while a user of a phase that arrived at a time begins something new. */
  final boolean goesOn(Phase phase, long arrivedNs) {
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
