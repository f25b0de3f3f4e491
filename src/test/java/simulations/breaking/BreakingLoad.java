package simulations.breaking;

import io.netty.channel.EventLoopGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import kpi.Figure;
import kpi.Kpi;
import kpi.MetricsSource;
import kpi.Phase;
import kpi.Sample;
import simulations.auction.AuctionLoad;
import simulations.auction.Bidder;
import simulations.breaking.StepSchedule.Next;
import simulations.breaking.StepSchedule.Step;
import simulations.run.Arrivals;
import simulations.run.Console;
import simulations.run.Load;
import simulations.run.Run;
import simulations.run.RunFigures;

/** The steps that the users of one run share, and what each process used in them. Thread-safe. */
public final class BreakingLoad implements Load {
  final AuctionLoad auction;
  final double boundMs;
  private final Run run;
  private final StepSchedule schedule;
  private volatile int loops = 1;
  private List<StepUse> uses = List.of();

  public BreakingLoad(AuctionLoad auction, BreakingSettings settings) {
    this.auction = auction;
    this.run = auction.run();
    this.boundMs = settings.steps().p99Bound().toNanos() / 1e6;
    this.schedule =
        new StepSchedule(settings.steps(), run.nanoClock(), step -> Console.line(line(step)));
  }

  long nanos() {
    return run.nanoClock().getAsLong();
  }

  Next next() {
    return run.goesOn() ? schedule.next() : new Next.Over();
  }

  void ended(Next.Bid bid, long readyNs, Bidder bidder) {
    schedule.ended(bid, readyNs, bidder.callNs(), bidder.decidedNs());
    if (bidder.decidedNs() >= 0) {
      auction.recording(Phase.MEASURE).of(Kpi.BID_DUE).record(bidder.decidedNs() - bid.dueNs());
    }
  }

  void count(EventLoopGroup group) {
    loops = (int) StreamSupport.stream(group.spliterator(), false).count();
  }

  int loops() {
    return loops;
  }

  /** Returns the steps that are over; after {@link #figures}. */
  List<StepUse> uses() {
    return uses;
  }

  @Override
  public List<Arrivals> schedules() {
    return auction.schedules();
  }

  /** Also prints the table of the steps: what each process used is known only now. */
  @Override
  public Map<String, Figure> figures(double measuredS) {
    uses = schedule.steps().stream().map(this::use).toList();
    Console.line("");
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (StepUse use : uses) {
      Console.line(line(use));
      Step step = use.step();
      String name = "step" + step.number() + ".";
      put(figures, name, Kpi.OFFERED_PER_S, step.offeredPerS());
      put(figures, name, Kpi.DECIDED_PER_S, step.decidedPerS());
      put(figures, name, Kpi.STEP_P99, step.p99Ms());
      put(figures, name, Kpi.ERROR_RATE, step.errorPct());
      put(figures, name, Kpi.WAKE_LAG, step.wakeLagMs());
      use.cores()
          .forEach((process, cores) -> put(figures, name + process + ".", Kpi.CPU_CORES, cores));
    }
    lastGood().ifPresent(step -> put(figures, "", Kpi.KNEE, step.decidedPerS()));
    figures.put(Kpi.ERROR_RATE.word(), auction.errors());
    return figures;
  }

  /** Returns the last step that kept the bounds; after {@link #figures}. */
  Optional<Step> lastGood() {
    return uses.stream().map(StepUse::step).filter(Step::isGood).reduce((before, last) -> last);
  }

  private StepUse use(Step step) {
    List<Sample> samples = run.sampler().samples();
    double fromS = run.timeline().secondsAt(step.fromNs());
    double toS = run.timeline().secondsAt(step.toNs());
    Map<String, Double> cores = new LinkedHashMap<>();
    for (MetricsSource source : run.processes().sources()) {
      String process = source.process();
      double cpuS =
          RunFigures.cpuAt(samples, process, toS) - RunFigures.cpuAt(samples, process, fromS);
      cores.put(process, cpuS / (toS - fromS));
    }
    return new StepUse(step, cores, Runtime.getRuntime().availableProcessors());
  }

  private static String line(Step step) {
    return String.format(
        Locale.ROOT,
        "  step %2d  offered %,8.0f/s  decided %,8.0f/s  p99 %8.1f ms  errors %5.2f %%  generator"
            + " late %6.1f ms  %s",
        step.number(),
        step.offeredPerS(),
        step.decidedPerS(),
        step.p99Ms(),
        step.errorPct(),
        step.wakeLagMs(),
        step.isGood() ? "good" : "broken");
  }

  private static String line(StepUse use) {
    String cores =
        use.cores().entrySet().stream()
            .map(each -> String.format(Locale.ROOT, " %s %.2f", each.getKey(), each.getValue()))
            .collect(Collectors.joining());
    String machine = String.format(Locale.ROOT, "  machine %.2f cores", use.step().machineCores());
    return line(use.step()) + machine + cores;
  }

  private static void put(Map<String, Figure> figures, String prefix, Kpi kpi, double value) {
    figures.put(prefix + kpi.word(), Figure.of(kpi, value));
  }
}
