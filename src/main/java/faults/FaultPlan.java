package faults;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which faults strike which parts, and when; data, the same for a seed. In HOCON or JSON:
 *
 * <pre>
 *   faults = [
 *     { at = 10s, for = 30s, whom = broadcast, what = kill }
 *     { at = 50s, for = 5s, gap = 10s, order = random, whom = [bids, redis], what = [stop, pause] }
 *     { at = 2m, for = 5s, whom = bids-redis, what = latency, delay = 100ms, direction = down }
 *   ]
 * </pre>
 *
 * <p>An entry with lists strikes each part with each fault, one after the other, a {@code gap} from
 * the end of one to the next. A process takes kill, stop, pause, full-disk and clock-step (by);
 * with {@code for = 0s}, kill and stop are restarts. A link takes latency (delay, jitter),
 * bandwidth (rate in bytes per second), slice (bytes, gap-between), slow-close (delay), black-hole,
 * half-open, reset, refuse; all but refuse have a direction: up, down, both.
 */
public record FaultPlan(List<Strike> strikes) {
  private static final String WHOM = "whom";
  private static final String WHAT = "what";

  private static final Map<String, Function<PlanEntry, Fault>> OF_PROCESSES = ofProcesses();

  private static final Map<String, Function<PlanEntry, Fault>> OF_LINKS =
      new TreeMap<>(
          Map.of(
              "latency", of -> new Latency(of.direction(), of.duration("delay"), jitter(of)),
              "bandwidth", of -> new Bandwidth(of.direction(), of.number("rate")),
              "slice",
                  of -> new Slice(of.direction(), of.number("bytes"), of.duration("gap-between")),
              "slow-close", of -> new SlowClose(of.direction(), of.duration("delay")),
              "black-hole", of -> new BlackHole(of.direction()),
              "half-open", of -> new HalfOpen(of.direction()),
              "reset", of -> new Reset(of.direction()),
              "refuse", of -> new Refuse()));

  private static Map<String, Function<PlanEntry, Fault>> ofProcesses() {
    Map<String, Function<PlanEntry, Fault>> all = new TreeMap<>();
    all.put("clock-step", entry -> new ClockStep(entry.signed("by")));
    for (ProcessFault each : ProcessFault.values()) {
      all.put(each.word(), entry -> each);
    }
    return all;
  }

  /**
   * One fault of one part.
   *
   * @param at from the start of the plan
   * @param length from the strike until it is healed
   */
  public record Strike(Duration at, Duration length, String whom, Fault what) {
    /** Returns when the fault is healed. */
    public Duration until() {
      return at.plus(length);
    }

    /** Returns the part and the fault, such as {@code broadcast kill}. */
    public String name() {
      return whom + " " + what.word();
    }
  }

  /** The parts of a run that a plan may name. */
  public record Parts(Set<String> processes, Set<String> links) {
    private Set<String> all() {
      return Stream.of(processes, links)
          .flatMap(Set::stream)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** A plan that cannot be used; each line names the entry, the error and the remedy. */
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Unusable(List<String> errors) {
      super(String.join("\n", errors));
    }

    /** Returns one sentence for each error, in the order of the entries. */
    public List<String> errors() {
      return getMessage().lines().toList();
    }
  }

  /** Strikes, which are sorted by their time. */
  public FaultPlan {
    strikes = strikes.stream().sorted(Comparator.comparing(Strike::at)).toList();
  }

  /**
   * Reads the entries of {@code faults}.
   *
   * @param seed of the random orders
   * @throws Unusable with every error
   */
  public static FaultPlan read(List<? extends Config> entries, Parts parts, long seed) {
    List<String> errors = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    List<Strike> strikes = new ArrayList<>();
    for (int number = 0; number < entries.size(); number++) {
      PlanEntry entry = new PlanEntry(number, entries.get(number), errors);
      strikes.addAll(strikes(entry, parts, random));
      entry.finish();
    }
    if (strikes.isEmpty() && errors.isEmpty()) {
      errors.add("faults is empty; give at least one");
    }
    FaultPlan plan = new FaultPlan(strikes);
    if (errors.isEmpty()) {
      plan.overlaps(errors);
    }
    if (!errors.isEmpty()) {
      throw new Unusable(errors);
    }
    return plan;
  }

  private static List<Strike> strikes(PlanEntry entry, Parts parts, SplittableRandom random) {
    Duration at = entry.duration("at");
    Duration length = entry.duration("for");
    Duration gap = entry.duration("gap", Duration.ZERO);
    boolean shuffled =
        entry.choice("order", "given", new TreeSet<>(Set.of("given", "random"))).equals("random");
    Map<String, Function<PlanEntry, Fault>> all = new TreeMap<>(OF_LINKS);
    all.putAll(OF_PROCESSES);
    List<String> whats = entry.words(WHAT, all.keySet());
    Map<String, Fault> faults = new TreeMap<>();
    whats.forEach(word -> faults.put(word, all.get(word).apply(entry)));
    List<Strike> pairs = new ArrayList<>();
    for (String whom : entry.words(WHOM, parts.all())) {
      for (String what : whats) {
        Set<String> taken = parts.links.contains(whom) ? OF_LINKS.keySet() : OF_PROCESSES.keySet();
        if (!taken.contains(what)) {
          entry.error(
              WHAT,
              "'%s' does not fit %s, which takes %s"
                  .formatted(what, whom, String.join(", ", taken)));
        }
        pairs.add(new Strike(at, length, whom, faults.get(what)));
      }
    }
    for (int last = pairs.size() - 1; shuffled && last > 0; last--) {
      Collections.swap(pairs, last, random.nextInt(last + 1));
    }
    List<Strike> strikes = new ArrayList<>();
    for (Strike pair : pairs) {
      Duration after = length.plus(gap).multipliedBy(strikes.size());
      strikes.add(new Strike(at.plus(after), length, pair.whom, pair.what));
    }
    return strikes;
  }

  private static Duration jitter(PlanEntry entry) {
    Duration jitter = entry.duration("jitter", Duration.ZERO);
    if (jitter.compareTo(entry.duration("delay")) > 0) {
      entry.error("jitter", "is longer than the delay");
    }
    return jitter;
  }

  private void overlaps(List<String> errors) {
    for (int one = 0; one < strikes.size(); one++) {
      Strike first = strikes.get(one);
      for (Strike next : strikes.subList(one + 1, strikes.size())) {
        if (next.whom.equals(first.whom) && next.at.compareTo(first.until()) < 0) {
          String sentence = "faults: %s at %s begins before %s of %s has ended; give it a later at";
          errors.add(
              sentence.formatted(next.name(), seconds(next.at), first.name(), seconds(first.at)));
        }
      }
    }
  }

  /** Returns the parts that it strikes. */
  public Set<String> parts() {
    return strikes.stream().map(Strike::whom).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns this plan, all of it so much later. */
  public FaultPlan after(Duration time) {
    return new FaultPlan(
        strikes.stream()
            .map(each -> new Strike(each.at.plus(time), each.length, each.whom, each.what))
            .toList());
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 1e3 + " s";
  }

  /** Returns when the last fault is healed. */
  public Duration end() {
    return strikes.stream().map(Strike::until).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }
}
