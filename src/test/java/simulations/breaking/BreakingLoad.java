package simulations.breaking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import kpi.Timeline.Span;
import simulations.auction.AuctionLoad;
import simulations.auction.Bidder;
import simulations.breaking.StepSchedule.Next;
import simulations.breaking.StepSchedule.Step;
import simulations.run.Console;
import simulations.run.Recording;
import simulations.run.Run;

/** The steps that the users of one run share, and what each process used in them. Thread-safe. */
public final class BreakingLoad extends AuctionLoad {
  final double boundMs;
  private final StepSchedule schedule;

  /** At the begin and the end of each step, by turns. */
  private final Queue<CompletableFuture<CpuReading>> readings = new ConcurrentLinkedQueue<>();

  private List<StepUse> uses = List.of();

  /** Starts or reaches the auction. */
  public BreakingLoad(BreakingSettings settings, Run run) {
    super(settings, run);
    this.boundMs = settings.steps().boundMs();
    this.schedule =
        new StepSchedule(
            settings.steps(),
            run.nanoClock(),
            () -> readings.add(CpuReading.begin(run.processes().sources(), run.nanoClock())),
            step -> Console.line(step.line()));
  }

  Next next() {
    return run.goesOn() ? schedule.next() : new Next.Over();
  }

  void ended(Next.Bid bid, long readyNs, Bidder bidder) {
    schedule.ended(bid, readyNs, bidder.callNs(), bidder.decidedNs());
    Recording recording = recording(Phase.MEASURE);
    if (bidder.decidedNs() >= 0) {
      Bidder.answered(recording, bid.dueNs(), bidder.callNs(), bidder.decidedNs());
    } else {
      recording.of(Kpi.BID_DUE).failed(recording.nowNs() - bid.dueNs());
    }
  }

  /** Returns the steps that are over; after {@link #figures}. */
  List<StepUse> uses() {
    return uses;
  }

  /** Returns the steps: the rate rises from one to the next. */
  @Override
  public List<Span> level(List<Span> phases) {
    return schedule.steps().stream().map(this::span).toList();
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    List<CpuReading> edges = readings.stream().map(CompletableFuture::join).toList();
    uses = schedule.steps().stream().map(step -> use(step, edges)).toList();
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (StepUse use : uses) {
      figures.putAll(use.figures());
    }
    lastGood()
        .ifPresent(good -> figures.put(Kpi.KNEE.word(), Figure.of(Kpi.KNEE, good.decidedPerS())));
    figures.put(Kpi.ERROR_RATE.word(), Figure.of(Kpi.ERROR_RATE, errorPct()));
    return figures;
  }

  /** Returns the last step that kept the bounds; after {@link #figures}. */
  Optional<Step> lastGood() {
    return lastGood(uses);
  }

  static Optional<Step> lastGood(List<StepUse> uses) {
    return uses.stream().map(StepUse::step).filter(Step::isGood).reduce((before, last) -> last);
  }

  private static StepUse use(Step step, List<CpuReading> edges) {
    CpuReading end = edges.get(2 * step.number() - 1);
    CpuReading begin = edges.get(2 * step.number() - 2);
    return new StepUse(step, end.cores(begin), end.machineCores(begin), end.cpus());
  }

  private Span span(Step step) {
    double fromS = run.timeline().secondsAt(step.fromNs());
    return new Span("step " + step.number(), fromS, run.timeline().secondsAt(step.toNs()));
  }
}
