package simulations.run;

import io.gatling.core.CoreComponents;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.StreamSupport;
import kpi.GcEvents;
import kpi.GeneratorProbe;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.MachineUse;
import kpi.Phase;
import kpi.Recorders;
import kpi.RunFolder;
import kpi.Sampler;
import kpi.Seconds;
import kpi.Tally;
import kpi.Timeline;
import settings.BadSettings;
import verdict.Check;
import verdict.Criteria.Judgement;
import verdict.Verdict;

/**
 * One run, from its folder to its verdict: holds the recordings, watches the processes, and judges
 * once, whether the run ends by itself or is interrupted.
 */
public final class Run {
  /** Name of this JVM in the run. */
  public static final String INJECTOR = KpiReport.INJECTOR;

  private static final long STOP_BOUND_MS = 1_000;

  /**
   * Where there is no setsid(1) a terminal's signal ends targets and servers too: a death so
   * shortly before the interruption is part of it.
   */
  private static final double SAME_SIGNAL_S = 1;

  /** Freed when the heap is full, so that the users can end and the run can be judged. */
  private static final int RESERVE_BYTES = 12 * 1024 * 1024;

  private static final long MB = 1024 * 1024;

  final SimulationSettings settings;
  final CommonSettings common;
  final Instant started = Instant.now();
  final GcEvents.Pauses pauses = new GcEvents.Pauses();
  final GatlingCounts gatling = new GatlingCounts(System::nanoTime);
  private final RunFolder folder;
  private final Map<Phase, Tally> tallies =
      Map.of(Phase.WARM_UP, new Tally(), Phase.MEASURE, new Tally());
  private final Timeline timeline = new Timeline(System::nanoTime, "start");
  final Seconds seconds;
  final Recorders recorders;
  final Live live;
  private final RunProcesses processes;
  private final Optional<Seat.Row> seats;
  private final AtomicReference<Trouble> trouble = new AtomicReference<>();
  private final AtomicReference<byte[]> reserve = new AtomicReference<>(new byte[RESERVE_BYTES]);
  private volatile Phase phase = Phase.WARM_UP;
  private volatile Judgement judgement;
  private Judge judge;
  private Sampler sampler;
  private GeneratorProbe probe;
  private EventLoopGroup loops;
  final CommonStart start;
  private double measuredFromS;
  private double userSecondsBefore;
  private CompletableFuture<MachineUse> machineFrom =
      CompletableFuture.completedFuture(MachineUse.UNKNOWN);

  private Run(SimulationSettings settings, RunFolder folder, Live live) {
    this.live = live;
    this.settings = settings;
    this.common = settings.common();
    this.folder = folder;
    this.seconds =
        new Seconds(timeline, common.slos()::waitNs, Sampler.sampleS(settings.longest()));
    this.recorders = new Recorders(seconds);
    this.start = new CommonStart(common.choices().startAt(), started, nanoClock());
    this.processes =
        new RunProcesses(
            folder::log, common.processes(), settings.links(), common.seed(), nanoClock());
    GcEvents.onFullHeap(this::outOfMemory);
    if (common.shard().isPart()) {
      processes.sharesTargets();
    }
    this.seats =
        settings.reconnecting().map(waits -> new Seat.Row(waits, common.seed(), nanoClock()));
  }

  /**
   * Creates the run's folder. With {@code -Dupdate-baseline} the runs happen in processes of their
   * own, and this one ends with them.
   *
   * @throws BadSettings if the port of the live page cannot be had
   * @throws IOException if it cannot be created
   */
  static Run open(SimulationSettings settings) throws IOException {
    CommonSettings common = settings.common();
    if (common.choices().updateBaseline()) {
      Console.exit(new BaselineRuns(common).make());
    }
    common.access().install();
    Live live = Live.open(common);
    Path root = common.choices().outputDir();
    String mark = common.shard().mark();
    return new Run(
        settings,
        RunFolder.create(root, common.simulation(), common.profile(), Instant.now(), mark),
        live);
  }

  /** Starts sampling, and judges what there is if the process is interrupted. */
  void start(Judge with) throws IOException {
    judge = with;
    Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "interrupted run"));
    processes.onDeath(
        (name, code) ->
            trouble(Trouble.Kind.TARGET_DIED, name + " ended by itself, exit code " + code));
    ManifestFile.write(this);
    // Until the run has ended, its folder says that it has not, even after kill -9.
    String killed = "The run was killed before it could be judged.";
    folder.writeJson(
        "verdict.json",
        Verdict.of(List.of(Check.validity("run_completed", false, "no end", "completed", killed))));
    live.start(this, with);
    int everyS = Sampler.sampleS(settings.longest());
    sampler =
        new Sampler(
            folder,
            new Sampler.Measured(recorders, tallies, timeline, processes.sources(), everyS),
            sample -> {
              seconds.onSample(sample);
              live.onSample(sample);
            },
            e -> trouble(Trouble.Kind.CUT, "cannot write to the run folder: " + e.getMessage()));
    sampler.start();
  }

  /** Returns true from the first measured user to the verdict. */
  boolean isMeasuring() {
    return phase == Phase.MEASURE && judgement == null;
  }

  /** Listens to Gatling's statistics, and starts the lag timers on its event loops. */
  void probe(CoreComponents core) {
    gatling.listen(core);
    loops = core.eventLoopGroup();
    probe =
        new GeneratorProbe(loops, System::nanoTime, () -> recorders.of(phase, Kpi.GENERATOR_LAG));
  }

  /** Returns the way to services of the user's own. */
  public Access access() {
    return common.access();
  }

  /** Returns the number of the generator's event loops. */
  public int eventLoops() {
    return (int) StreamSupport.stream(loops.spliterator(), false).count();
  }

  /** Returns the lag timers; only once the measured phase has begun. */
  GeneratorProbe probe() {
    return probe;
  }

  /** Begins the warm-up, of which nothing is reported. */
  void beginWarmUp() {
    timeline.begin("warm-up");
    live.beginWarmUp(timeline.nowS());
  }

  /**
   * Begins a stage of the measured phase, with the first one the phase itself.
   *
   * @param rampS seconds until all users are there
   * @param untilS seconds until nothing new begins
   * @return its start in monotonic ns, which in a run of several generators may be soon
   */
  synchronized long beginStage(PhaseNames names, double rampS, double untilS) {
    long nowNs = nanoClock().getAsLong();
    long firstNs = nowNs;
    if (phase == Phase.WARM_UP) {
      firstNs = start.begin(nowNs);
      phase = Phase.MEASURE;
      pauses.reset();
      probe.reset();
      machineFrom = CompletableFuture.supplyAsync(MachineUse::now);
      measuredFromS = timeline.secondsAt(firstNs);
      userSecondsBefore = gatling.userSeconds();
    }
    live.beginStage(timeline.nowS(), untilS);
    timeline.begin(names.ramp());
    double waitS = (firstNs - nowNs) / 1e9;
    later(names.hold(), waitS + rampS);
    later(names.after(), waitS + untilS);
    return firstNs;
  }

  private void later(String name, double delayS) {
    CompletableFuture.delayedExecutor(Math.round(delayS * 1e3), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (judgement == null) {
                timeline.begin(name);
              }
            });
  }

  /** Returns true while nothing has gone wrong around the load; else users should leave. */
  public boolean goesOn() {
    return trouble.get() == null;
  }

  Optional<Trouble> trouble() {
    return Optional.ofNullable(trouble.get());
  }

  /** Ends sampling, reconciles, judges and writes everything, once. */
  synchronized Judgement judge() {
    if (judgement == null) {
      timeline.begin("reconcile");
      if (probe != null) {
        probe.close();
      }
      judgement = judge.judge();
      live.end(judgement);
      processes.stop();
    }
    return judgement;
  }

  /** Judges if users were still waiting when the run's time was up. */
  void end() {
    if (judgement == null) {
      int open = tallies.values().stream().mapToInt(Tally::open).sum();
      trouble(Trouble.Kind.HUNG, Trouble.hung(open, recorders.of(Phase.MEASURE)));
      Console.verdict(judge(), this);
    }
    processes.stop();
  }

  public RunProcesses processes() {
    return processes;
  }

  public RunFolder folder() {
    return folder;
  }

  /** Returns the latencies and counts of a phase. */
  public Recording recording(Phase of) {
    return new Recording(of, recorders, tallies.get(of), nanoClock());
  }

  /** Returns the seats of users who connect again; empty if they do not. */
  public Optional<Seat.Row> seats() {
    return seats;
  }

  /** Returns the clock of the run, in monotonic nanoseconds. */
  public LongSupplier nanoClock() {
    return System::nanoTime;
  }

  public Path logs() {
    return folder.log(INJECTOR).toAbsolutePath().getParent();
  }

  public Timeline timeline() {
    return timeline;
  }

  /** Returns the sampler; only after {@link #start}. */
  public Sampler sampler() {
    return sampler;
  }

  /** Returns the sum over time of Gatling's active users since the measured phase began. */
  double userSeconds() {
    return gatling.userSeconds() - userSecondsBefore;
  }

  /** Returns the start of the measured phase in seconds of the run; 0 if it did not begin. */
  public double measuredFromS() {
    return measuredFromS;
  }

  /** Returns the machine's CPU time at the start of the measured phase, if it is known. */
  MachineUse machineFrom() {
    return machineFrom.join();
  }

  private void trouble(Trouble.Kind kind, String sentence) {
    if (judgement == null
        && trouble.compareAndSet(null, new Trouble(kind, sentence, timeline.nowS()))) {
      Console.error(
          "%s at %s s; the run ends and is judged as far as it got."
              .formatted(sentence, Math.round(timeline.nowS())));
    }
  }

  private void outOfMemory(long usedBytes) {
    reserve.set(null);
    trouble(
        Trouble.Kind.CUT,
        "the generator's memory was full, %s of %s MB in use after a collection; give it more (%s)"
            .formatted(usedBytes / MB, Runtime.getRuntime().maxMemory() / MB, "-Dinjector.heap"));
  }

  private void interrupted() {
    if (judgement == null) {
      Trouble interruption = new Trouble(Trouble.Kind.CUT, "interrupted", timeline.nowS());
      trouble.updateAndGet(
          first ->
              first == null || interruption.atS() - first.atS() < SAME_SIGNAL_S
                  ? interruption
                  : first);
      if (loops != null) {
        probe.close(); // That the loops end is no stall.
        // The users stop here, so that they neither measure nor allocate while they are judged.
        // Bounded, for the thread that ends the process may be one of them.
        loops
            .shutdownGracefully(0, STOP_BOUND_MS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(STOP_BOUND_MS);
      }
      Console.verdict(judge(), this);
    }
    processes.stop();
  }
}
