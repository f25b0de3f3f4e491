package simulations.fanout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import kpi.Figure;
import kpi.Kpi;
import kpi.PowerLaw;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.Tally;
import simulations.auction.AuctionPart;
import simulations.run.Audit;
import simulations.run.Counted;
import simulations.run.Load;
import simulations.run.Run;
import verdict.Check;
import verdict.Numbers;

/** Reconciles a whole run: what was accepted and what each viewer saw of it. */
final class FanOutAudit implements Audit, Load {
  private static final double HALF = 50;
  private static final double NEARLY_ALL = 99;
  private static final double LAST = 100;
  private static final double US_PER_MS = 1e3;
  private static final double BYTES_PER_KB = 1e3;

  private final FanOutLoad load;
  private Optional<String> wrong = Optional.empty();
  private int wrongViewers;

  FanOutAudit(FanOutLoad load) {
    this.load = load;
  }

  @Override
  public void settle() {
    Tally tally = load.tally();
    for (Step step : load.steps()) {
      for (FanOutViewer viewer : step.viewers()) {
        Optional<String> found = viewer.wrong();
        wrongViewers += found.isPresent() ? 1 : 0;
        wrong = wrong.or(() -> found);
        // A viewer that was cut cannot be blamed for what did not get through.
        tally.add("broadcasts_lost", viewer.survived() ? viewer.lost() : 0);
        tally.add("broadcasts_duplicated", viewer.twice());
        tally.add("broadcasts_swapped", viewer.late());
        tally.add("broadcasts_of_rejected", viewer.strange());
      }
    }
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    LagByBid lags = LagByBid.of(load.largest());
    put(figures, Kpi.LAG_P50_BY_BID_MEDIAN, lags.median(HALF));
    put(figures, Kpi.LAG_P50_BY_BID_WORST, lags.worst(HALF));
    put(figures, Kpi.LAG_P99_BY_BID_MEDIAN, lags.median(NEARLY_ALL));
    put(figures, Kpi.LAG_P99_BY_BID_WORST, lags.worst(NEARLY_ALL));
    put(figures, Kpi.LAG_LAST_BY_BID_MEDIAN, lags.median(LAST));
    put(figures, Kpi.LAG_LAST_BY_BID_WORST, lags.worst(LAST));
    growth(figures);
    wakeLag(figures);
    Map<String, Long> counted = load.tally().counters();
    long unknown = counted.getOrDefault("bids_unknown", 0L);
    long all = unknown + accepted() + counted.getOrDefault("bids_rejected", 0L);
    put(figures, Kpi.ERROR_RATE, OptionalDouble.of(all == 0 ? 100 : 100.0 * unknown / all));
    memory(figures, AuctionPart.BROADCAST.word());
    memory(figures, Run.INJECTOR);
    return figures;
  }

  @Override
  public Map<String, Double> offered() {
    return load.offered();
  }

  @Override
  public Map<String, Double> achieved() {
    return load.achieved();
  }

  @Override
  public List<Check> invariants() {
    Map<String, Long> counted = load.tally().counters();
    List<Check> checks = new ArrayList<>();
    checks.add(survived(counted));
    checks.add(complete());
    checks.add(
        Counted.none(counted, "broadcasts_lost", "no_broadcast_lost", "broadcasts", "never came"));
    checks.add(
        Counted.none(
            counted, "broadcasts_duplicated", "no_broadcast_duplicated", "frames", "came twice"));
    checks.add(
        Counted.none(
            counted, "broadcasts_swapped", "broadcasts_in_order", "broadcasts", "came late"));
    checks.add(
        Counted.none(
            counted,
            "broadcasts_of_rejected",
            "only_accepted_seen",
            "bids",
            "were seen that lost"));
    return checks;
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

  private long accepted() {
    return load.steps().stream().mapToLong(Step::accepted).sum();
  }

  private Check survived(Map<String, Long> counted) {
    long planned = load.steps().stream().mapToLong(step -> step.plan().viewers()).sum();
    long connected = counted.getOrDefault("viewers_connected", 0L);
    long survived = counted.getOrDefault("viewers_survived", 0L);
    boolean holds = planned == connected && connected == survived;
    return Check.invariant(
        "viewers_survived",
        holds,
        Numbers.count(survived) + " of " + Numbers.count(connected) + " connected",
        "all " + Numbers.count(planned),
        holds
            ? "Every viewer got in and stayed until the end."
            : Numbers.count(planned - connected)
                + " viewers did not get in, and "
                + Numbers.count(connected - survived)
                + " did not stay to the end.");
  }

  private Check complete() {
    long accepted = accepted();
    Check check =
        Check.invariant(
            "broadcast_complete",
            wrong.isEmpty(),
            wrong.isEmpty()
                ? Numbers.count(accepted) + " accepted bids"
                : Numbers.count(wrongViewers) + " viewers differ",
            "every accepted bid once to each viewer, in order",
            wrong
                .map(
                    words ->
                        "Not every viewer saw every accepted bid once and in order: " + words + ".")
                .orElse("Every viewer saw every accepted bid, once, at a rising price."));
    return accepted > 0 ? check : check.inconclusive("No bid was accepted.");
  }

  /** How the lag grows with the viewers, if there are enough steps to say. */
  private void growth(Map<String, Figure> figures) {
    List<Step> steps = load.steps();
    if (steps.size() < 2) {
      return;
    }
    double[] viewers = new double[steps.size()];
    double[] medians = new double[steps.size()];
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      LagByBid lags = LagByBid.of(step);
      viewers[i] = step.plan().viewers();
      OptionalDouble median = lags.overall(HALF);
      medians[i] = median.orElse(0);
      put(figures, step.plan().words(), Kpi.STEP_LAG_P50, median);
      put(figures, step.plan().words(), Kpi.STEP_LAG_P99, lags.overall(NEARLY_ALL));
    }
    PowerLaw.fit(viewers, medians)
        .ifPresent(law -> put(figures, Kpi.LAG_GROWTH_EXPONENT, OptionalDouble.of(law.exponent())));
  }

  private void wakeLag(Map<String, Figure> figures) {
    int[] late =
        load.steps().stream().flatMapToInt(step -> Arrays.stream(step.lateUs())).sorted().toArray();
    if (late.length > 0) {
      double ms = LagByBid.rank(late, NEARLY_ALL) / US_PER_MS;
      put(figures, Kpi.WAKE_LAG, OptionalDouble.of(ms));
    }
  }

  private void memory(Map<String, Figure> figures, String process) {
    Run run = load.run();
    long before = 0;
    long most = 0;
    for (Sample sample : run.sampler().samples()) {
      ProcessSample figure = sample.processes().get(process);
      if (Objects.nonNull(figure)) {
        before = before == 0 ? figure.rssBytes() : before;
        most = sample.t() >= run.measuredFromS() ? Math.max(most, figure.rssBytes()) : most;
      }
    }
    if (before > 0 && most > 0) {
      double each = Math.max(0, most - before) / BYTES_PER_KB / load.largest().plan().viewers();
      put(figures, process, Kpi.RSS_PER_VIEWER, OptionalDouble.of(each));
    }
  }

  private static void put(Map<String, Figure> figures, Kpi kpi, OptionalDouble value) {
    value.ifPresent(found -> figures.put(kpi.word(), Figure.of(kpi, found)));
  }

  private static void put(
      Map<String, Figure> figures, String process, Kpi kpi, OptionalDouble value) {
    value.ifPresent(found -> figures.put(kpi.of(process), Figure.of(kpi, found)));
  }
}
