package bench.relay;

import bench.Meter;
import bench.Table;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import kpi.Machine;
import stack.StackFailure;

/** {@code bench relay}: each lane at rising rates, until one does not hold. */
public final class RelayBench {
  private final RelaySettings settings;
  private final LongSupplier nanoClock;
  private final InstantSource wall;
  private final PrintWriter out;

  /**
   * @param nanoClock monotonic nanoseconds
   * @param wall stamps the messages
   * @param out takes a line after each step
   */
  public RelayBench(
      RelaySettings settings, LongSupplier nanoClock, InstantSource wall, PrintWriter out) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.wall = wall;
    this.out = out;
  }

  /**
   * Runs all lanes.
   *
   * @param folder takes a folder for each lane
   * @throws StackFailure if a process cannot be had
   */
  public RelayResult run(Path folder) {
    String loadBefore = Machine.load();
    List<LaneResult> lanes = new ArrayList<>();
    try {
      for (LaneKind kind : settings.lanes()) {
        try (Chain chain = Chain.start(kind, settings, folder.resolve(kind.word()))) {
          lanes.add(lane(chain));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while tokens were under way", e);
    }
    return new RelayResult(settings, lanes, loadBefore, Machine.load());
  }

  private LaneResult lane(Chain chain) throws InterruptedException {
    Passage passage = new Passage(chain, nanoClock, wall);
    List<Integer> rates = settings.rates();
    int usual = rates.get((rates.size() - 1) / 2);
    say("warm-up: ", step(passage, usual, settings.warmup(), 0));
    List<Step> steps = new ArrayList<>();
    int lowest = (int) Math.ceil(settings.streams() * 1e3 / settings.duration().toMillis());
    RateSearch.Found found =
        new RateSearch(rates, settings.refine(), settings.tries(), lowest)
            .run(
                (rate, attempt) -> {
                  Step step = step(passage, rate, settings.duration(), attempt);
                  steps.add(step);
                  say("", step);
                  return step.holds(settings.limit());
                });
    return new LaneResult(chain.kind(), chain.versions(), steps, found);
  }

  private Step step(Passage passage, int rate, Duration duration, int attempt)
      throws InterruptedException {
    StepLoad load = StepLoad.of(passage.nextName(), settings.streams(), rate, duration);
    Meter meter = passage.chain().meter(nanoClock);
    Passage.Passed passed = passage.pass(load, Passage.Moments.of(meter));
    return new Step(
        passage.chain().kind(),
        rate,
        attempt,
        load.tokens(),
        passed.produced(),
        passed.heard(),
        meter.cost());
  }

  private void say(String before, Step step) {
    List<String> reasons = step.reasons(settings.limit());
    out.printf(
        Locale.ROOT,
        "%s%-8s %s/s: %s of %s tokens, lag p50 %.2f p99 %.2f max %.1f ms,"
            + " publish p99 %.2f ms, others took %.0f %%; %s%n",
        before,
        step.lane().word(),
        Table.count(step.rate()),
        Table.count(step.heard().received()),
        Table.count(step.planned()),
        step.heard().lag().p50(),
        step.heard().lag().p99(),
        step.heard().lag().max(),
        step.produced().lag().p99(),
        step.cost().othersPct(),
        reasons.isEmpty() ? "holds" : String.join(", ", reasons));
    out.flush();
  }
}
