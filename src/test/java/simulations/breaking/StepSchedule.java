package simulations.breaking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import kpi.Distribution;
import kpi.Kpi;
import org.HdrHistogram.Histogram;
import settings.Option;

/**
 * Bids due by an open schedule, in steps of a rising rate. After each step is a breath in which
 * nothing is due; then the step is judged, and the first that breaks a bound is the last.
 * Thread-safe.
 *
 * <p>What is due shortly before the end of a step is sent in the breath while it can be within the
 * bound. Bids that no free user sent, and those without an answer at the end of the breath, took
 * longer than the bound: the breath is at least twice as long.
 */
final class StepSchedule {
  private static final double NS_PER_S = 1e9;
  private static final double NS_PER_MS = 1e6;
  private static final double P99 = 0.99;

  /**
   * Steps of a rising rate.
   *
   * @param start bids a second in the first step
   * @param factor of the rate from one step to the next
   * @param steps the most
   * @param errorBound threshold of failed bids, in per cent
   */
  public record Plan(
      @Option(in = "1..1e6") double start,
      @Option(in = "1.01..10") double factor,
      @Option(in = "1s..1h") Duration stepTime,
      @Option(in = "1..100") int steps,
      @Option(name = "p99-bound", in = "1ms..1m") Duration p99Bound,
      @Option(in = "0..100") double errorBound) {
    private static final Duration BREATH_MIN = Duration.ofMillis(500);

    /** Returns the time after a step in which nothing is due. */
    Duration breath() {
      Duration twice = p99Bound.multipliedBy(2);
      return twice.compareTo(BREATH_MIN) > 0 ? twice : BREATH_MIN;
    }

    Duration longest() {
      return stepTime.plus(breath()).multipliedBy(steps).plusSeconds(1);
    }

    double boundMs() {
      return p99Bound.toNanos() / NS_PER_MS;
    }

    double perS(int step) {
      return start * Math.pow(factor, step);
    }

    long bids(int step) {
      return Math.max(1, Math.round(perS(step) * stepTime.toNanos() / NS_PER_S));
    }
  }

  /** The next action of a user. */
  sealed interface Next {
    /** Sends a bid of a step, from 0, when it is due. */
    record Bid(int step, long dueNs) implements Next {}

    record Wait(long untilNs) implements Next {}

    record Over() implements Next {}
  }

  /**
   * One step that is over.
   *
   * @param number from 1
   * @param offeredPerS bids a second that were due
   * @param decidedPerS of those that were sent in the step
   * @param p99Ms from the moment at which a bid was due; of those without an answer, at least this
   * @param wakeLagMs 99th percentile of the generator's own lateness
   * @param toNs when its last bid was due
   * @param isGood true if it kept the bounds
   */
  record Step(
      int number,
      double offeredPerS,
      double decidedPerS,
      double p99Ms,
      double errorPct,
      double wakeLagMs,
      long fromNs,
      long toNs,
      boolean isGood) {
    Map<Kpi, Double> values() {
      Map<Kpi, Double> values = new LinkedHashMap<>();
      values.put(Kpi.OFFERED_PER_S, offeredPerS);
      values.put(Kpi.DECIDED_PER_S, decidedPerS);
      values.put(Kpi.STEP_P99, p99Ms);
      values.put(Kpi.ERROR_RATE, errorPct);
      values.put(Kpi.WAKE_LAG, wakeLagMs);
      return values;
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "  step %2d  offered %,8.0f/s  decided %,8.0f/s  p99 %8.1f ms  errors %5.2f %%  generator"
              + " late %6.1f ms  %s",
          number,
          offeredPerS,
          decidedPerS,
          p99Ms,
          errorPct,
          wakeLagMs,
          isGood ? "good" : "broken");
    }
  }

  private final Plan plan;
  private final LongSupplier nanoClock;
  private final Runnable onEdge;
  private final Consumer<Step> judged;
  private final List<Step> done = new ArrayList<>();
  private Distribution fromDue = new Distribution();
  private Distribution wakeLag = new Distribution();
  private long errors;
  private long startNs;
  private long issued;

  /** Of the bids that were sent in the step itself. */
  private long decided;

  private boolean begun;
  private boolean ended;
  private boolean over;

  /**
   * Neither callback may block.
   *
   * @param onEdge called when a step begins and when it ends, by turns
   * @param judged takes each step that is over
   */
  StepSchedule(Plan plan, LongSupplier nanoClock, Runnable onEdge, Consumer<Step> judged) {
    this.plan = plan;
    this.nanoClock = nanoClock;
    this.onEdge = onEdge;
    this.judged = judged;
  }

  /** Returns the next action of a user; the first call begins the first step. */
  synchronized Next next() {
    long nowNs = nanoClock.getAsLong();
    if (!begun) {
      begun = true;
      begin(nowNs);
    }
    if (!over && !ended && nowNs >= endNs()) {
      ended = true;
      onEdge.run();
    }
    if (!over && nowNs >= endNs() + plan.breath().toNanos()) {
      judge();
      if (!over) {
        begin(nowNs);
      }
    }
    if (over) {
      return new Next.Over();
    }
    long dueNs = startNs + Math.round(issued * NS_PER_S / plan.perS(step()));
    boolean isTooLate = nowNs >= endNs() && nowNs - dueNs >= plan.p99Bound().toNanos();
    if (issued < plan.bids(step()) && !isTooLate) {
      issued++;
      return new Next.Bid(step(), dueNs);
    }
    return new Next.Wait(nowNs < endNs() ? endNs() : endNs() + plan.breath().toNanos());
  }

  /**
   * Takes a bid that has ended.
   *
   * @param readyNs when a user was free for it
   * @param decidedNs when it was decided; below 0 if it was not
   */
  synchronized void ended(Next.Bid bid, long readyNs, long sentNs, long decidedNs) {
    if (over || bid.step() != step()) {
      return; // Too late: it has been judged as one without an answer.
    }
    if (decidedNs < 0) {
      errors++;
    } else {
      fromDue.record(decidedNs - bid.dueNs());
      decided += sentNs < endNs() ? 1 : 0;
    }
    if (readyNs <= bid.dueNs()) {
      wakeLag.record(sentNs - bid.dueNs());
    }
  }

  synchronized List<Step> steps() {
    return List.copyOf(done);
  }

  private int step() {
    return done.size();
  }

  private long endNs() {
    return startNs + plan.stepTime().toNanos();
  }

  private void begin(long nowNs) {
    startNs = nowNs;
    issued = 0;
    decided = 0;
    errors = 0;
    fromDue = new Distribution();
    wakeLag = new Distribution();
    ended = false;
    onEdge.run();
  }

  private void judge() {
    long planned = plan.bids(step());
    Histogram answers = fromDue.rotate();
    double errorPct = 100.0 * errors / planned;
    double p99Ms = p99Ns(planned - errors, answers) / NS_PER_MS;
    boolean good = errorPct <= plan.errorBound() && p99Ms <= plan.boundMs();
    Step judgedStep =
        new Step(
            step() + 1,
            plan.perS(step()),
            decided * NS_PER_S / plan.stepTime().toNanos(),
            p99Ms,
            errorPct,
            wakeLag.rotate().getValueAtPercentile(100 * P99) / NS_PER_MS,
            startNs,
            endNs(),
            good);
    done.add(judgedStep);
    over = !good || step() == plan.steps();
    judged.accept(judgedStep);
  }

  /** The percentile of all that were due and did not fail, answered or not. */
  private double p99Ns(long due, Histogram answers) {
    long answered = answers.getTotalCount();
    long rank = (long) Math.ceil(P99 * due);
    if (rank > answered) {
      long atLeast = plan.breath().toNanos();
      return Math.max(atLeast, answered == 0 ? 0 : answers.getMaxValue());
    }
    return answered == 0 ? 0 : answers.getValueAtPercentile(100.0 * rank / answered);
  }
}
