package simulations.mixed;

import java.util.List;
import java.util.function.LongSupplier;
import kpi.Phase;
import simulations.auction.ItemApi;
import simulations.run.Arrivals;
import simulations.run.Run;

/** What the users of one run share. Thread-safe. */
public final class MixedLoad {
  private final MixedSettings settings;
  private final Run run;
  private final Arrivals arrivals;
  private final LongSupplier nanoClock;
  private final ItemApi api;
  private final MixedPhase warmUp;
  private final MixedPhase measured;

  /**
   * @param names of the items, the most popular first
   * @param run takes what is recorded
   * @param api closes the items in the end
   * @param nanoClock monotonic nanoseconds
   */
  MixedLoad(
      MixedSettings settings, List<String> names, Run run, ItemApi api, LongSupplier nanoClock) {
    this.settings = settings;
    this.run = run;
    this.api = api;
    this.nanoClock = nanoClock;
    MixedSettings.Plan plan = settings.plan();
    this.arrivals = new Arrivals(run, "users", plan.users(), plan.rampup(), plan.hold(), nanoClock);
    this.warmUp = phase(Phase.WARM_UP, names.stream().map(MixedLoad::warmUpItem).toList());
    this.measured = phase(Phase.MEASURE, names);
  }

  /** The item that takes an item's place in the warm-up. */
  static String warmUpItem(String item) {
    return item + "-warm-up";
  }

  MixedSettings settings() {
    return settings;
  }

  Run run() {
    return run;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  long nanos() {
    return nanoClock.getAsLong();
  }

  boolean goesOn() {
    return run.trouble().isEmpty();
  }

  MixedPhase of(Phase phase) {
    return phase == Phase.MEASURE ? measured : warmUp;
  }

  /** The last bidder has left: closes the items, by which their viewers know the end. */
  void close() {
    measured.close();
    Thread thread =
        new Thread(
            () -> {
              for (MixedItem item : measured.items()) {
                // Opened too: should the first get lost, the second tells viewers the end.
                api.change(item.name(), "close");
                api.change(item.name(), "open");
              }
            },
            "closer");
    thread.setDaemon(true);
    thread.start();
  }

  private MixedPhase phase(Phase phase, List<String> names) {
    return new MixedPhase(
        settings,
        new MixedPhase.Books(
            phase,
            run.recorders(),
            run.tally(phase),
            nanoClock,
            phase == Phase.MEASURE ? arrivals::isSteady : nowNs -> false,
            () -> !goesOn()),
        names);
  }
}
