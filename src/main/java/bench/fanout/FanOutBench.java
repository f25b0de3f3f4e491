package bench.fanout;

import bench.Meter;
import bench.Programs;
import bench.Table;
import bench.TargetMemory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import kpi.Machine;
import kpi.ProcessFigures;
import stack.StackFailure;

/** {@code bench fanout}: each lane with the same viewers at rising rates, until one fails. */
public final class FanOutBench {
  private static final int FEW = 100;
  private static final int FEW_RATE = 50;
  private static final Duration FEW_TIME = Duration.ofSeconds(3);

  /** A message that all viewers get tells that all are there; so many are tried. */
  private static final int PROBES_MAX = 30;

  private static final Duration PROBE_BOUND = Duration.ofSeconds(2);

  /** What did not come is lost when nothing came for so long. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** However much still comes, it is not waited for any longer after the last one was said. */
  private static final Duration LATEST = Duration.ofSeconds(60);

  /** Descriptors that the bench needs beyond its viewers. */
  private static final int SPARE_FDS = 200;

  private final FanOutSettings settings;
  private final Venues venues;
  private final LongSupplier nanoClock;
  private final InstantSource wall;
  private final PrintWriter out;

  /**
   * @param programs where nginx is looked for
   * @param nanoClock monotonic nanoseconds
   * @param wall stamps the messages
   * @param out takes a line after each step
   */
  public FanOutBench(
      FanOutSettings settings,
      Programs programs,
      LongSupplier nanoClock,
      InstantSource wall,
      PrintWriter out) {
    this.settings = settings;
    this.venues = new Venues(settings, programs, wall);
    this.nanoClock = nanoClock;
    this.wall = wall;
    this.out = out;
  }

  /**
   * Runs all lanes.
   *
   * @param folder takes a folder for each lane
   * @throws StackFailure if a process cannot be had, or not so many descriptors
   */
  public FanOutResult run(Path folder) {
    checkDescriptors();
    String loadBefore = Machine.load();
    List<LaneResult> lanes = new ArrayList<>();
    try {
      for (LaneKind kind : settings.lanes()) {
        try (Venue venue = venues.start(kind, folder.resolve(kind.word()))) {
          lanes.add(lane(venue));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while messages were under way", e);
    }
    return new FanOutResult(settings, lanes, loadBefore, Machine.load());
  }

  @SuppressWarnings("try") // Viewers hear by themselves, until they are closed.
  private LaneResult lane(Venue venue) throws InterruptedException {
    Announcer announcer = new Announcer(venue.mouth(), nanoClock, wall);
    int few = Math.min(FEW, settings.viewers());
    Arrivals ofFew = new Arrivals(few);
    // Loads what every server has loaded, before the first look at its memory.
    try (Viewers viewers = Viewers.open(venue, few, ofFew, nanoClock)) {
      gather(announcer, ofFew);
      pass(announcer, FEW_RATE, FEW_TIME, ofFew);
    }
    LaneResult.Held before = held(venue);
    Arrivals arrivals = new Arrivals(settings.viewers());
    List<Step> steps = new ArrayList<>();
    try (Viewers viewers = Viewers.open(venue, settings.viewers(), arrivals, nanoClock)) {
      gather(announcer, arrivals);
      say(
          step(venue, announcer, settings.rates().get(0), settings.warmup(), arrivals),
          "warm-up: ");
      for (int rate : settings.rates()) {
        Step step = step(venue, announcer, rate, settings.duration(), arrivals);
        steps.add(step);
        say(step, "");
        if (!step.holds(settings.limit())) {
          break;
        }
      }
      return new LaneResult(
          venue.kind(), venue.server(), venue.versions(), steps, before, held(venue));
    }
  }

  private Step step(Venue venue, Announcer announcer, int rate, Duration length, Arrivals arrivals)
      throws InterruptedException {
    Meter meter = new Meter(() -> Meter.cpuS(venue.pids()), Map::of, nanoClock);
    meter.begins();
    pass(announcer, rate, length, arrivals);
    meter.ends();
    return new Step(venue.kind(), rate, arrivals.summary(), meter.cost());
  }

  private static void pass(Announcer announcer, int rate, Duration length, Arrivals arrivals)
      throws InterruptedException {
    announcer.say(FanOutSettings.messages(rate, length), rate, arrivals);
    arrivals.await(QUIET, LATEST);
  }

  /** A viewer that has connected may not be listening yet. */
  private static void gather(Announcer announcer, Arrivals arrivals) throws InterruptedException {
    for (int probe = 0; probe < PROBES_MAX; probe++) {
      announcer.say(1, 1, arrivals);
      arrivals.await(PROBE_BOUND, PROBE_BOUND);
      if (arrivals.isComplete()) {
        return;
      }
    }
    throw new StackFailure("after " + PROBES_MAX + " messages some viewers have not heard any");
  }

  private static LaneResult.Held held(Venue venue) {
    return new LaneResult.Held(venue.rssBytes(), venue.target().map(TargetMemory::of));
  }

  private void checkDescriptors() {
    ProcessFigures own = ProcessFigures.now();
    if (own.maxFds() >= 0 && own.maxFds() - own.openFds() < settings.viewers() + SPARE_FDS) {
      throw new StackFailure(
          "--viewers: %d need as many descriptors, and this process may have %d; write fewer, or"
                  .formatted(settings.viewers(), own.maxFds())
              + " raise the limit by ulimit -n");
    }
  }

  private void say(Step step, String before) {
    List<String> reasons = step.reasons(settings.limit());
    out.printf(
        Locale.ROOT,
        "%s%-9s %s/s: %s of %s, lag p50 %.2f p99 %.2f max %.1f ms, others took %.0f %%; %s%n",
        before,
        step.kind().word(),
        Table.count(step.rate()),
        Table.count(step.heard().received()),
        Table.count(step.heard().expected()),
        step.heard().lag().p50(),
        step.heard().lag().p99(),
        step.heard().lag().max(),
        step.cost().othersPct(),
        reasons.isEmpty() ? "holds" : String.join(", ", reasons));
    out.flush();
  }
}
