package simulations.auction;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import kpi.CpuTime;
import kpi.Kpi;
import kpi.MetricsSource;
import kpi.Phase;
import kpi.Sample;
import kpi.Tally;
import simulations.auction.StepSchedule.Next;
import simulations.auction.StepSchedule.Step;
import simulations.run.Arrivals;
import simulations.run.Console;
import simulations.run.Run;
import simulations.run.RunFigures;

/** What the users of a stepped load share. Thread-safe. */
public final class StepLoad {
  private static final double WARM_UP_PER_S = 200;
  private static final double NS_PER_S = 1e9;

  private final BreakSettings settings;
  private final Run run;
  private final Arrivals arrivals;
  private final LongSupplier nanoClock;
  private final StepSchedule schedule;
  private final Bidding warmUp;
  private final Bidding measured;
  private final List<Optional<CpuTime>> marks = new ArrayList<>();
  private volatile int loops = 1;

  /**
   * @param item that is bid on
   * @param run takes what is recorded
   * @param nanoClock monotonic nanoseconds
   */
  StepLoad(BreakSettings settings, String item, Run run, LongSupplier nanoClock) {
    this.settings = settings;
    this.run = run;
    this.nanoClock = nanoClock;
    this.arrivals =
        new Arrivals(run, "users", settings.users(), settings.rampup(), settings.hold(), nanoClock);
    this.schedule = new StepSchedule(settings.steps(), nanoClock, watcher());
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

  private StepSchedule.Watcher watcher() {
    return new StepSchedule.Watcher() {
      @Override
      public void begins() {
        marks.add(CpuTime.now());
      }

      @Override
      public void ends() {
        marks.add(CpuTime.now());
      }

      @Override
      public void judged(Step step) {
        Console.line(StepTable.line(step));
      }
    };
  }

  /** The settings of the run. */
  BreakSettings settings() {
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

  /** How long a user of the warm-up thinks: all together bid at a moderate rate. */
  long warmUpThinkNs(Bidder bidder) {
    return bidder.around(Math.round(settings.users() * NS_PER_S / WARM_UP_PER_S));
  }

  /** What a user does next. */
  Next next() {
    return goesOn() ? schedule.next() : new Next.Over();
  }

  /** A bid came to its end. */
  void ended(Next.Bid bid, long readyNs, Bidder bidder) {
    schedule.ended(bid, readyNs, bidder.callNs(), bidder.decidedNs());
    if (bidder.decidedNs() >= 0) {
      run.recorders().of(Phase.MEASURE, Kpi.BID_DUE).record(bidder.decidedNs() - bid.dueNs());
    }
  }

  /** Counts the generator's event loops. */
  void count(EventLoopGroup group) {
    int found = 0;
    for (EventExecutor unused : group) {
      found++;
    }
    loops = found;
  }

  /** The event loops of the generator. */
  int loops() {
    return loops;
  }

  /** Steps that are over, with what was used in them; after the sampler has closed. */
  List<StepLimits.Use> uses() {
    List<Sample> samples = run.sampler().samples();
    List<StepLimits.Use> uses = new ArrayList<>();
    List<Step> steps = schedule.steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      double fromS = run.timeline().secondsAt(step.fromNs());
      double toS = run.timeline().secondsAt(step.toNs());
      Map<String, Double> cores = new LinkedHashMap<>();
      for (MetricsSource source : run.processes().sources()) {
        String process = source.process();
        double cpuS =
            RunFigures.cpuAt(samples, process, toS) - RunFigures.cpuAt(samples, process, fromS);
        cores.put(process, cpuS / (toS - fromS));
      }
      uses.add(use(step, cores, i, toS - fromS));
    }
    return uses;
  }

  private StepLimits.Use use(Step step, Map<String, Double> cores, int index, double lengthS) {
    Optional<CpuTime> from = marks.get(2 * index);
    Optional<CpuTime> to = marks.get(2 * index + 1);
    if (from.isEmpty() || to.isEmpty()) {
      return new StepLimits.Use(step, cores, -1, Runtime.getRuntime().availableProcessors());
    }
    int cpus = to.get().cpus();
    double busyPct = to.get().othersPct(from.get(), lengthS, 0);
    return new StepLimits.Use(step, cores, busyPct / 100 * cpus, cpus);
  }
}
