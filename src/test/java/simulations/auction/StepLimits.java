package simulations.auction;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import simulations.auction.StepSchedule.Step;
import verdict.Numbers;

/**
 * Which resource ran out in a step, from what its processes took. A pure function.
 *
 * <p>In this order, for the generator comes first: a step is the generator's own if its users, free
 * and waiting, sent their bids too late by more than a quarter of the bound, if it used nine tenths
 * of its event loops, or if the machine was full and no process took more of it than the generator.
 * If programs outside the run took more of a full machine than any process of it, it was theirs.
 * Then a process whose one thread is full, then the machine, then a service that used nine tenths
 * of the processors. If none of these ran out, bids waited for something else.
 */
final class StepLimits {
  /** Redis runs commands on one thread. */
  private static final String SINGLE_THREADED = "redis";

  private static final double FULL = 0.9;
  private static final double LATE_SHARE = 0.25;

  private StepLimits() {}

  /** Who is to blame. */
  enum Blame {
    /** The load generator itself: nothing is known of the target. */
    GENERATOR,
    /** Programs outside the run: nothing is known of the target either. */
    OTHERS,
    /** The target, or the machine under it. */
    TARGET
  }

  /**
   * What was used in a step.
   *
   * @param step as it was judged
   * @param cores that each process of the run used; the generator by the name of the injector
   * @param machineCores that all programs used; below 0 if it is not known
   * @param cpus processors of the machine
   */
  record Use(Step step, Map<String, Double> cores, double machineCores, int cpus) {}

  /**
   * A limit that was met.
   *
   * @param sentence names the resource and how much of it was used
   */
  record Met(Blame blame, String sentence) {}

  /**
   * Decides.
   *
   * @param boundMs of the 99th percentile
   * @param injector the generator's name
   * @param loops its event loops
   */
  static Met of(Use use, double boundMs, String injector, int loops) {
    double own = use.cores().getOrDefault(injector, 0.0);
    Map<String, Double> others = new LinkedHashMap<>(use.cores());
    others.remove(injector);
    Map.Entry<String, Double> most =
        others.entrySet().stream().max(Map.Entry.comparingByValue()).orElse(Map.entry("", 0.0));
    boolean full = use.machineCores() >= FULL * use.cpus();
    if (use.step().wakeLagMs() > LATE_SHARE * boundMs) {
      return new Met(
          Blame.GENERATOR,
          "the generator: its free users sent their bids "
              + Numbers.words(use.step().wakeLagMs(), "ms")
              + " late (p99), with "
              + cores(own)
              + " of its own");
    }
    if (own >= FULL * Math.min(loops, use.cpus())) {
      return new Met(Blame.GENERATOR, "the generator: it used " + cores(own));
    }
    if (full && own >= most.getValue()) {
      return new Met(
          Blame.GENERATOR,
          "the generator: the machine was full, " + cores(own) + " of it the generator's");
    }
    double foreign =
        use.machineCores() - use.cores().values().stream().mapToDouble(Double::doubleValue).sum();
    if (full && foreign >= most.getValue()) {
      return new Met(
          Blame.OTHERS,
          "other programs: the machine was full, " + cores(foreign) + " of it theirs");
    }
    double redis = others.getOrDefault(SINGLE_THREADED, 0.0);
    if (redis >= FULL) {
      return new Met(Blame.TARGET, "the one thread of redis: " + cores(redis));
    }
    if (full) {
      return new Met(
          Blame.TARGET,
          "the machine's CPU: "
              + cores(use.machineCores())
              + " of "
              + use.cpus()
              + " in use, most of it by "
              + most.getKey()
              + " ("
              + cores(most.getValue())
              + "); the generator took "
              + cores(own));
    }
    return new Met(
        Blame.TARGET,
        "no CPU ("
            + most.getKey()
            + " used "
            + cores(most.getValue())
            + "): bids waited for something else");
  }

  private static String cores(double value) {
    return String.format(Locale.ROOT, "%.2f cores", value);
  }
}
