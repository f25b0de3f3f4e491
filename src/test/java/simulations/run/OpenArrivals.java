package simulations.run;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import kpi.Kpi;
import kpi.Phase;
import kpi.Timeline.Span;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;

/**
 * An open schedule of arrivals by rate, which wait for no answer. Users take them in their order;
 * if all are busy, an arrival waits for the first one that is free, which its latency includes.
 * Thread-safe.
 */
public final class OpenArrivals {
  /** The most arrivals of a run. */
  public static final int ARRIVALS_MAX = 1_000_000;

  /** The name of the number of arrivals in offered and achieved load. */
  public static final String COUNT = "arrivals";

  private static final double NS_PER_S = 1e9;

  /** Lets all users take an arrival before the first one is due. */
  private static final long LEAD_NS = 250_000_000;

  private final Recording recording;
  private final LongUnaryOperator begin;
  private final BooleanSupplier goesOn;
  private final Plan plan;
  private final long[] times;
  private int taken;
  private int begun;
  private long waited;
  private long unsent;
  private long firstNs;

  /** The gaps between arrivals. */
  public enum Pattern {
    /** As evenly as can be, at a rate that grows from 0 over the ramp and then stays. */
    RAMP,
    /** Each as long as the others. */
    CONSTANT,
    /** Exponential: arrivals are independent of each other. */
    POISSON,
    /** Gamma of a shape: below 1 in bursts, 1 as Poisson, above 1 more evenly. */
    GAMMA
  }

  /**
   * The plan of arrivals.
   *
   * @param perS rate; of {@link Pattern#RAMP} the one after the ramp
   * @param shape of {@link Pattern#GAMMA}
   * @param rampup time after which the load counts as level
   * @param hold time after that until nothing new arrives
   * @param patience how long after that an arrival may still wait for a free user
   * @param most arrivals; 0 for no bound but {@link #ARRIVALS_MAX}
   */
  public record Plan(
      Pattern pattern,
      double perS,
      double shape,
      Duration rampup,
      Duration hold,
      Duration patience,
      int most,
      long seed) {
    private double untilS() {
      return rampS() + hold.toMillis() / 1e3;
    }

    private double rampS() {
      return rampup.toMillis() / 1e3;
    }

    /** Returns the number of arrivals to expect, without the bound. */
    public double expected() {
      return dueBy(untilS());
    }

    /** Returns the largest number present to expect, if each arrival stays so long. */
    public double present(double stayS) {
      double unbound = expected() - dueBy(Math.max(0, untilS() - stayS));
      return Math.min(unbound, bound());
    }

    private double dueBy(double atS) {
      double climbS = pattern == Pattern.RAMP ? Math.min(atS, rampS()) : 0;
      return perS * (climbS * climbS / (2 * rampS()) + atS - climbS);
    }

    private int bound() {
      return most == 0 ? ARRIVALS_MAX : most;
    }

    /** Returns the time of each arrival since the first moment, in ns. */
    long[] times() {
      SplittableRandom random = new SplittableRandom(seed);
      double shapeOfGaps = pattern == Pattern.GAMMA ? shape : 1; // Poisson's have this one.
      ContinuousDistribution.Sampler gaps =
          GammaDistribution.of(shapeOfGaps, 1 / (shapeOfGaps * perS))
              .createSampler(random::nextLong);
      LongStream.Builder all = LongStream.builder();
      double atS = after(0, 0, gaps);
      for (int count = 1; atS < untilS() && count <= bound(); count++) {
        all.add(Math.round(atS * NS_PER_S));
        atS = after(atS, count, gaps);
      }
      return all.build().toArray();
    }

    /** Returns the time of the arrival with a number, from that of the one before. */
    private double after(double beforeS, int number, ContinuousDistribution.Sampler gaps) {
      return switch (pattern) {
        case RAMP -> {
          double climbed = perS * rampS() / 2;
          yield number < climbed
              ? Math.sqrt(2 * number * rampS() / perS)
              : rampS() + (number - climbed) / perS;
        }
        case CONSTANT -> number / perS;
        case POISSON, GAMMA -> beforeS + gaps.sample();
      };
    }
  }

  /** The arrivals of a run's measured phase, which begins with the first user. */
  public OpenArrivals(Run run, Plan plan) {
    this(
        run.recording(Phase.MEASURE),
        nowNs -> run.beginStage(PhaseNames.WHOLE, plan.rampS(), plan.untilS()),
        run::goesOn,
        plan,
        run.common.shard());
  }

  /**
   * @param begin the phase, by the time now; returns its start, both in monotonic ns
   */
  OpenArrivals(
      Recording recording,
      LongUnaryOperator begin,
      BooleanSupplier goesOn,
      Plan plan,
      Shard shard) {
    this.recording = recording;
    this.begin = begin;
    this.goesOn = goesOn;
    this.plan = plan;
    long[] all = plan.times();
    this.times = new long[shard.of(all.length)];
    Arrays.setAll(times, own -> all[shard.at(own)]);
  }

  /** Returns when the next arrival is due, in monotonic ns; empty if none is left for a user. */
  public synchronized OptionalLong next() {
    long nowNs = recording.nowNs();
    if (firstNs == 0) {
      firstNs = begin.applyAsLong(nowNs) + LEAD_NS;
    }
    if (!goesOn.getAsBoolean() || taken + unsent == times.length) {
      return OptionalLong.empty();
    }
    if ((nowNs - firstNs) / NS_PER_S > plan.untilS() + plan.patience().toMillis() / 1e3) {
      unsent = (long) times.length - taken; // All of them are due by now.
      return OptionalLong.empty();
    }
    long dueNs = firstNs + times[taken++];
    waited += dueNs < nowNs ? 1 : 0;
    return OptionalLong.of(dueNs);
  }

  /**
   * Records that an arrival begins now. How late it is beyond the wait for a free user is the
   * generator's.
   *
   * @param freeNs when a user took it
   */
  public synchronized void begun(long dueNs, long freeNs) {
    begun++;
    recording.of(Kpi.START_LAG).record(recording.nowNs() - Math.max(dueNs, freeNs));
  }

  /**
   * Returns the parts of the holds in which as many leave as arrive.
   *
   * @param stay time from each arrival until it leaves
   */
  public List<Span> level(List<Span> holds, Duration stay) {
    double steadyFromS = plan.pattern == Pattern.RAMP ? plan.rampS() : 0;
    double risesS = steadyFromS + (LEAD_NS + stay.toNanos()) / NS_PER_S - plan.rampS();
    return holds.stream()
        .map(hold -> new Span(hold.name(), hold.startS() + Math.max(0, risesS), hold.endS()))
        .filter(span -> span.startS() < span.endS())
        .toList();
  }

  /** Returns the planned load by name. */
  public Map<String, Double> offered() {
    return load(times.length);
  }

  /** Returns the load that arrived, under the same names; one that no user was free for has. */
  public synchronized Map<String, Double> achieved() {
    return load((double) (begun + unsent));
  }

  private Map<String, Double> load(double arrivals) {
    Map<String, Double> load = new LinkedHashMap<>();
    load.put(COUNT, arrivals);
    load.put("arrivals_per_s", arrivals / plan.untilS());
    return load;
  }

  /** Returns the number of arrivals that were due before a user was free. */
  public synchronized long waited() {
    return waited;
  }

  /** Returns the number of arrivals that no user was ever free for. */
  public synchronized long unsent() {
    return unsent;
  }
}
