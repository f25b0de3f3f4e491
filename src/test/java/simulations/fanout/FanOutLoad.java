package simulations.fanout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import kpi.ProcessSample;
import kpi.Sample;
import simulations.auction.AuctionTargets;
import simulations.auction.AuctionTargets.Part;
import simulations.run.Arrivals;
import simulations.run.Load;
import simulations.run.PhaseNames;
import simulations.run.Recording;
import simulations.run.Run;

/** The steps that the viewers of one run share. Thread-safe. */
public final class FanOutLoad implements Load {
  final FanOutSettings settings;
  final Run run;
  final AuctionTargets targets;
  private final Optional<Step> warmUp;
  private final List<Step> steps = new ArrayList<>();

  /** Starts or reaches the auction, and opens an item for each step: none has earlier viewers. */
  public FanOutLoad(FanOutSettings settings, Run run) {
    this.settings = settings;
    this.run = run;
    this.targets = AuctionTargets.prepare(settings.auction(), run);
    this.warmUp =
        Optional.of(settings.warmUpStep())
            .filter(plan -> !settings.common().warmup().isZero())
            .map(plan -> step(plan, targets.runName() + "-warm-up", Optional.empty()));
    boolean several = settings.steps().size() > 1;
    for (Step.Plan plan : settings.steps()) {
      String own = targets.runName() + "-" + (steps.size() + 1);
      String name = settings.plan().itemId().orElse(own);
      Arrivals arrivals =
          new Arrivals(
              run,
              several ? plan.words() + "." : "",
              "viewers",
              several ? names(plan) : PhaseNames.WHOLE,
              new Arrivals.Plan(plan.viewers(), plan.rampup(), plan.bidding()));
      steps.add(step(plan, name, Optional.of(arrivals)));
    }
  }

  private PhaseNames names(Step.Plan plan) {
    return PhaseNames.of(plan.words(), steps.size() == settings.steps().size() - 1);
  }

  private Step step(Step.Plan plan, String item, Optional<Arrivals> arrivals) {
    return new Step(plan, targets.items().open(item), arrivals, this);
  }

  public AuctionTargets targets() {
    return targets;
  }

  /** Returns the step of the warm-up, on an item of its own. */
  public Optional<Step> warmUp() {
    return warmUp;
  }

  public List<Step> steps() {
    return List.copyOf(steps);
  }

  Recording recording() {
    return run.recording(Phase.MEASURE);
  }

  @Override
  public List<Arrivals> schedules() {
    return steps.stream().map(Step::arrivals).toList();
  }

  @Override
  public Set<String> begins() {
    return Set.of("viewer connect");
  }

  @Override
  public Optional<Gauge> gauge() {
    return Optional.of(new Gauge("broadcast", 0));
  }

  @Override
  public Map<String, Double> offered() {
    Map<String, Double> offered = Load.super.offered();
    for (Step step : steps) {
      offered.put(prefix(step) + "bids", (double) step.plan().bids());
      offered.put(prefix(step) + "bids_per_s", step.plan().perS());
    }
    return offered;
  }

  @Override
  public Map<String, Double> achieved() {
    Map<String, Double> achieved = Load.super.achieved();
    for (Step step : steps) {
      achieved.put(prefix(step) + "bids", (double) step.sent());
      achieved.put(prefix(step) + "bids_per_s", step.sentPerS());
    }
    return achieved;
  }

  private String prefix(Step step) {
    return steps.size() == 1 ? "" : step.plan().words() + ".";
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    LagByBid lags = LagByBid.of(largest().item());
    put(figures, "", Kpi.BROADCAST_LAG_P50_BY_BID_MEDIAN, lags.median(50));
    put(figures, "", Kpi.BROADCAST_LAG_P50_BY_BID_WORST, lags.worst(50));
    put(figures, "", Kpi.BROADCAST_LAG_P99_BY_BID_MEDIAN, lags.median(99));
    put(figures, "", Kpi.BROADCAST_LAG_P99_BY_BID_WORST, lags.worst(99));
    put(figures, "", Kpi.BROADCAST_LAG_LAST_BY_BID_MEDIAN, lags.median(100));
    put(figures, "", Kpi.BROADCAST_LAG_LAST_BY_BID_WORST, lags.worst(100));
    if (steps.size() > 1) {
      growth(figures);
    }
    int[] late =
        steps.stream().flatMapToInt(step -> Arrays.stream(step.lateUs())).sorted().toArray();
    if (late.length > 0) {
      put(figures, "", Kpi.WAKE_LAG, OptionalDouble.of(LagByBid.rank(late, 99) / 1e3));
    }
    Recording bids = recording();
    double unknown = bids.counted("bids_unknown");
    double all = unknown + bids.counted("bids_accepted") + bids.counted("bids_rejected");
    put(figures, "", Kpi.ERROR_RATE, OptionalDouble.of(all == 0 ? 100 : 100 * unknown / all));
    memory(figures, Part.BROADCAST.word());
    memory(figures, Run.INJECTOR);
    return figures;
  }

  private Step largest() {
    return steps.stream().max(Comparator.comparingInt(step -> step.plan().viewers())).orElseThrow();
  }

  /** How the lag grows with the number of viewers, if there are enough steps to tell. */
  private void growth(Map<String, Figure> figures) {
    double[] viewers = steps.stream().mapToDouble(step -> step.plan().viewers()).toArray();
    double[] medians = new double[steps.size()];
    for (int i = 0; i < medians.length; i++) {
      LagByBid lags = LagByBid.of(steps.get(i).item());
      OptionalDouble median = lags.overall(50);
      medians[i] = median.orElse(0);
      put(figures, prefix(steps.get(i)), Kpi.STEP_LAG_P50, median);
      put(figures, prefix(steps.get(i)), Kpi.STEP_LAG_P99, lags.overall(99));
    }
    put(figures, "", Kpi.LAG_GROWTH_EXPONENT, LagByBid.growth(viewers, medians));
  }

  private void memory(Map<String, Figure> figures, String process) {
    OptionalDouble each =
        rssPerViewerKb(
            run.sampler().samples(), process, run.measuredFromS(), largest().plan().viewers());
    put(figures, process + ".", Kpi.RSS_PER_VIEWER, each);
  }

  static OptionalDouble rssPerViewerKb(
      List<Sample> samples, String process, double measuredFromS, int viewers) {
    long before = 0;
    long most = 0;
    for (Sample sample : samples) {
      ProcessSample figure = sample.processes().get(process);
      if (figure != null) {
        before = before == 0 ? figure.rssBytes() : before;
        most = sample.t() >= measuredFromS ? Math.max(most, figure.rssBytes()) : most;
      }
    }
    boolean known = before > 0 && most > 0;
    return known ? OptionalDouble.of((most - before) / 1e3 / viewers) : OptionalDouble.empty();
  }

  private static void put(
      Map<String, Figure> figures, String prefix, Kpi kpi, OptionalDouble value) {
    value.ifPresent(found -> figures.put(prefix + kpi.word(), Figure.of(kpi, found)));
  }
}
