package simulations.fanout;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import kpi.Phase;
import kpi.Tally;
import simulations.run.Arrivals;
import simulations.run.Run;
import simulations.run.Stretches;

/** What the viewers of one run share: the steps, and the bidder of each. Thread-safe. */
public final class FanOutLoad {
  private static final double NEVER_S = 1e6;

  private final FanOutSettings settings;
  private final Run run;
  private final URI api;
  private final LongSupplier nanoClock;
  private final List<Step> steps = new ArrayList<>();
  private boolean begun;
  private final Step warmUp;

  /**
   * @param items of the warm-up and then of each step
   * @param run takes what is recorded
   * @param api where bids are made
   * @param nanoClock monotonic nanoseconds
   */
  FanOutLoad(
      FanOutSettings settings, List<String> items, Run run, URI api, LongSupplier nanoClock) {
    this.settings = settings;
    this.run = run;
    this.api = api;
    this.nanoClock = nanoClock;
    FanOutSettings.Plan plan = settings.plan();
    this.warmUp =
        new Step(
            new Step.Plan(
                Phase.WARM_UP,
                items.get(0),
                plan.warmUpViewers(),
                plan.warmUpRamp(),
                plan.warmUpBids(),
                plan.warmUpInterval()),
            Optional.empty());
    for (int i = 0; i < plan.viewers().size(); i++) {
      int count = plan.viewers().get(i);
      Step.Plan of =
          new Step.Plan(
              Phase.MEASURE,
              items.get(i + 1),
              count,
              plan.rampup(count),
              plan.bids(),
              plan.interval());
      Arrivals arrivals = new Arrivals(run, "viewers", count, of.rampup(), of.bidding(), nanoClock);
      steps.add(new Step(of, Optional.of(arrivals)));
    }
  }

  FanOutSettings settings() {
    return settings;
  }

  /** The measured steps. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** The step that is cut. */
  Step warmUp() {
    return warmUp;
  }

  /** The step with most viewers. */
  Step largest() {
    Step largest = steps.get(0);
    for (Step step : steps) {
      largest = step.plan().viewers() > largest.plan().viewers() ? step : largest;
    }
    return largest;
  }

  /** What was counted in the measured phase. */
  Tally tally() {
    return run.tally(Phase.MEASURE);
  }

  /** The run. */
  Run run() {
    return run;
  }

  /** A viewer of a step arrives; with the first, its bidder begins. */
  synchronized FanOutViewer arrive(Step step) {
    Phase phase = step.plan().phase();
    if (phase == Phase.WARM_UP) {
      run.beginWarmUp();
    } else if (steps.size() > 1 && !begun) {
      // With several steps there is no stretch of steady load: connections come and go.
      begun = true;
      run.beginStage(Stretches.WHOLE, NEVER_S, 0);
    }
    long intendedNs = step.arrivals().map(Arrivals::arrive).orElseGet(nanoClock::getAsLong);
    FanOutViewer viewer =
        new FanOutViewer(
            new FanOutViewer.Shared(run.recorders(), run.tally(phase), nanoClock, this::givesUp),
            step,
            step.next(),
            intendedNs);
    if (step.add(viewer)) {
      bid(step);
    }
    return viewer;
  }

  /** How long a viewer of the step stays at most. */
  Duration patience(Step step) {
    return settings.plan().patience(step.plan().rampup(), step.plan().bidding());
  }

  /** What the plan asks for. */
  Map<String, Double> offered() {
    return load(
        Arrivals::offered,
        step -> step.plan().bids(),
        step -> 1e9 / step.plan().interval().toNanos());
  }

  /** What came of it. */
  Map<String, Double> achieved() {
    return load(Arrivals::achieved, Step::sent, FanOutLoad::sentPerS);
  }

  private static double sentPerS(Step step) {
    // One bid alone has no rate.
    return step.plan().bids() < 2 ? 1e9 / step.plan().interval().toNanos() : step.sentPerS();
  }

  /** A number of a step. */
  private interface Of<T> {
    T of(Step step);
  }

  private Map<String, Double> load(
      Function<Arrivals, Map<String, Double>> viewers, Of<Integer> bids, Of<Double> rate) {
    Map<String, Double> load = new LinkedHashMap<>();
    for (Step step : steps) {
      String prefix = steps.size() == 1 ? "" : step.plan().words() + ".";
      viewers
          .apply(step.arrivals().orElseThrow())
          .forEach((name, value) -> load.put(prefix + name, value));
      load.put(prefix + "bids", (double) bids.of(step));
      load.put(prefix + "bids_per_s", rate.of(step));
    }
    return load;
  }

  private boolean givesUp() {
    return run.trouble().isPresent();
  }

  private void bid(Step step) {
    Phase phase = step.plan().phase();
    FanOutSettings.Plan plan = settings.plan();
    BidSchedule.Terms terms =
        new BidSchedule.Terms(plan.timeout(), plan.joinWithin(), settings.item().isEmpty());
    BidSchedule.Books books =
        new BidSchedule.Books(run.recorders(), run.tally(phase), nanoClock, this::givesUp);
    Thread thread = new Thread(new BidSchedule(step, api, terms, books), "bidder");
    thread.setDaemon(true);
    thread.start();
  }
}
