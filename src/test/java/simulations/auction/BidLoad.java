package simulations.auction;

import java.time.Duration;
import java.util.function.LongSupplier;
import kpi.Phase;
import kpi.Tally;
import simulations.run.Arrivals;
import simulations.run.Run;

/** What the users of one run share. Thread-safe. */
public final class BidLoad {
  private final ContendSettings settings;
  private final Run run;
  private final Arrivals arrivals;
  private final LongSupplier nanoClock;
  private final Bidding warmUp;
  private final Bidding measured;

  /**
   * @param item that all users bid on
   * @param run takes what is recorded
   * @param nanoClock monotonic nanoseconds
   */
  BidLoad(ContendSettings settings, String item, Run run, LongSupplier nanoClock) {
    this.settings = settings;
    this.run = run;
    this.nanoClock = nanoClock;
    ContendSettings.Plan plan = settings.plan();
    this.arrivals = new Arrivals(run, "users", plan.users(), plan.rampup(), plan.hold(), nanoClock);
    this.warmUp = bidding(AuctionScene.warmUpItem(item), item, Phase.WARM_UP);
    this.measured = bidding(item, item, Phase.MEASURE);
  }

  private Bidding bidding(String item, String word, Phase phase) {
    return new Bidding(
        item,
        settings.mix(),
        new Bidding.Books(
            phase,
            run.recorders(),
            run.tally(phase),
            new History(),
            nanoClock,
            phase == Phase.MEASURE ? arrivals::isSteady : nowNs -> false),
        word);
  }

  /** The settings of the run. */
  ContendSettings settings() {
    return settings;
  }

  /** The schedule by which users come. */
  Arrivals arrivals() {
    return arrivals;
  }

  /** Monotonic nanoseconds. */
  long nanos() {
    return nanoClock.getAsLong();
  }

  /** True while nothing has gone wrong around the load. */
  boolean goesOn() {
    return run.trouble().isEmpty();
  }

  /** Says that the warm-up begins. */
  void beginWarmUp() {
    run.beginWarmUp();
  }

  /** Takes counts. */
  Tally tally(Phase phase) {
    return run.tally(phase);
  }

  /** The bidders of a phase. */
  Bidding bidding(Phase phase) {
    return phase == Phase.MEASURE ? measured : warmUp;
  }

  /** How long a user thinks before the next bid. */
  Duration think(Bidder bidder) {
    return Duration.ofNanos(bidder.around(settings.plan().think().toNanos()));
  }
}
