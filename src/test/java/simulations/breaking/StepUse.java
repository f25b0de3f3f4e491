package simulations.breaking;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import kpi.Figure;
import kpi.Kpi;
import kpi.Seconds;
import simulations.breaking.StepSchedule.Step;
import simulations.run.Run;
import verdict.Numbers;

/**
 * What was used in a step.
 *
 * @param cores that each process of the run used
 * @param machineCores that all programs used; below 0 if it is not known
 * @param cpus that the run may use
 */
record StepUse(Step step, Map<String, Double> cores, double machineCores, double cpus) {
  /** Redis runs commands on one thread. */
  private static final String SINGLE_THREADED = "redis";

  private static final double FULL = 0.9;
  private static final double LATE_SHARE = 0.25;

  /** The owner of the resource that ran out, as the subject of a sentence. */
  enum Owner {
    GENERATOR("The generator"),
    /** Programs outside the run. */
    OTHERS("The machine"),
    /** The target, or the machine under it. */
    TARGET("The target");

    final String words;

    Owner(String words) {
      this.words = words;
    }
  }

  /** A resource that ran out, and how much of it was used. */
  record Exhausted(Owner owner, String words) {}

  /**
   * Returns the resource that ran out.
   *
   * <p>In this order, for the generator comes first: a step is the generator's own if its users,
   * free and waiting, sent their bids too late by more than a quarter of the bound, if it used nine
   * tenths of its event loops, or if the machine was full and no process took more of it than the
   * generator. Users who are late because a process of the target took most of a full machine are
   * not why, if that is less than the bound, and bids missed it by more than twice as much. If
   * programs outside the run took more of a full machine than any process of it, it was theirs.
   * Then a process whose one thread is full, then the machine. If none of these ran out, bids
   * waited for something else.
   *
   * @param boundMs of the 99th percentile
   * @param loops the generator's event loops
   */
  Exhausted exhausted(double boundMs, int loops) {
    double own = cores.getOrDefault(Run.INJECTOR, 0.0);
    Map.Entry<String, Double> most =
        cores.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(Run.INJECTOR))
            .max(Map.Entry.comparingByValue())
            .orElse(Map.entry("", 0.0));
    double foreign = machineCores - cores.values().stream().mapToDouble(each -> each).sum();
    double redis = cores.getOrDefault(SINGLE_THREADED, 0.0);
    boolean full = machineCores >= FULL * cpus;
    String largest = words(most.getValue());
    boolean crowdedOut =
        full
            && most.getValue() > Math.max(own, foreign)
            && step.wakeLagMs() < boundMs
            && step.p99Ms() - boundMs > Seconds.ENDS * step.wakeLagMs();
    if (step.wakeLagMs() > LATE_SHARE * boundMs && !crowdedOut) {
      String late = Numbers.words(step.wakeLagMs(), "ms");
      return generator(
          "its free users sent their bids %s late (p99), with %s of its own", late, own);
    } else if (own >= FULL * Math.min(loops, cpus)) {
      return generator("it used %2$s", "", own);
    } else if (full && own >= most.getValue()) {
      return generator("the machine was full, %2$s of it the generator's", "", own);
    } else if (full && foreign >= most.getValue()) {
      String theirs = "other programs: the machine was full, " + words(foreign) + " of it theirs";
      return new Exhausted(Owner.OTHERS, theirs);
    } else if (redis >= FULL) {
      return new Exhausted(Owner.TARGET, "the one thread of redis: " + words(redis));
    }
    String sentence =
        full
            ? "the machine's CPU: %s of %s in use, most of it by %s (%s); the generator took %s"
                .formatted(
                    words(machineCores), Numbers.plain(cpus), most.getKey(), largest, words(own))
            : "no CPU (%s used %s): bids waited for something else"
                .formatted(most.getKey(), largest);
    return new Exhausted(Owner.TARGET, sentence);
  }

  private static Exhausted generator(String words, String late, double own) {
    return new Exhausted(Owner.GENERATOR, "the generator: " + words.formatted(late, words(own)));
  }

  Map<String, Figure> figures() {
    String prefix = "step" + step.number() + ".";
    Map<String, Figure> figures = new LinkedHashMap<>();
    step.values().forEach((kpi, value) -> figures.put(prefix + kpi.word(), Figure.of(kpi, value)));
    cores.forEach(
        (process, used) ->
            figures.put(prefix + Kpi.CPU_CORES.of(process), Figure.of(Kpi.CPU_CORES, used)));
    return figures;
  }

  private static String words(double value) {
    return String.format(Locale.ROOT, "%.2f cores", value);
  }
}
