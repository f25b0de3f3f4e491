package verdict;

import static verdict.Check.validity;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;
import settings.Option;
import verdict.Check.Outcome;

/**
 * Whether a run can be believed: the generator kept to its plan, did not stall, lost none of its
 * own samples, and the numbers contradict neither each other nor Little's law. A pure function of
 * what the run measured.
 */
public final class Validity {
  /** The check of the load, which a target can cut short. */
  public static final String OFFERED = "offered_load";

  private static final double NS_PER_MS = 1e6;
  private static final String QUIET = "machine_quiet";

  private Validity() {}

  /**
   * The bounds, all inclusive.
   *
   * @param startLagP99 how late the injector may start clients, 99th percentile
   * @param generatorLagP99 how late its event loops may be, 99th percentile
   * @param generatorStall the longest that an event loop may stand still
   * @param gcPause the longest collector pause of the injector
   * @param gcShare the percentage of time in collector pauses
   * @param offered the least percentage of the planned load that must be offered; at most as much
   *     may be offered beyond it
   * @param foreignCpu the percentage of the machine that other programs may take without a word
   * @param foreignWait how long threads may wait for those that take more, mean of each time
   * @param stolenCpu the percentage of the machine that its hypervisor may give to others
   * @param littlesLaw how far mean concurrency may be from rate times time, in per cent
   */
  public record Bounds(
      @Option(in = "0..1m") Duration startLagP99,
      @Option(in = "0..1m") Duration generatorLagP99,
      @Option(in = "0..1m") Duration generatorStall,
      @Option(in = "0..1m") Duration gcPause,
      @Option(in = "0..100") double gcShare,
      @Option(in = "0..100") double offered,
      @Option(in = "0..100") double foreignCpu,
      @Option(in = "0..1m") Duration foreignWait,
      @Option(in = "0..100") double stolenCpu,
      @Option(in = "0..100") double littlesLaw) {}

  /** The pace of a ramp: of a short one, what start_lag allows is more than a few per cent. */
  private static final String RAMP = "arrivals_per_s";

  private static final String HEAP = "; give it more memory (-Dinjector.heap).";
  private static final String AGAIN = "; run again without them.";

  /**
   * Returns every check, in the order of a reader's questions.
   *
   * @param limits the run's thresholds and SLOs, which say how late its generator may be
   */
  public static List<Check> check(KpiReport report, Bounds bounds, List<Threshold> limits) {
    return List.of(
        Recorded.accounted(report),
        offered(report, bounds.offered()),
        lag(
            report,
            Kpi.START_LAG,
            bounds.startLagP99(),
            "The injector started clients later than planned"),
        lag(
            report,
            Kpi.GENERATOR_LAG,
            bounds.generatorLagP99(),
            "The injector's event loops ran late"),
        stall(report, bounds.generatorStall()),
        most(
            report,
            "gc_pause",
            Kpi.GC_PAUSE_MAX,
            ms(bounds.gcPause()),
            "No collector pause of the injector was long enough to matter.",
            "The injector stood still for %s in one collection" + HEAP),
        most(
            report,
            "gc_share",
            Kpi.GC_SHARE,
            bounds.gcShare(),
            "The injector spent little time in collections.",
            "The injector spent %s of its time in collections" + HEAP),
        report.figures().containsKey(Kpi.FOREIGN_CPU.word())
            ? quiet(report, bounds, Threshold.leastSlackMs(limits))
            : unknownCpu(),
        Recorded.ordered(report),
        Latencies.possible(report),
        Latencies.nested(report),
        Recorded.complete(report),
        most(
            report,
            "littles_law",
            Kpi.LITTLES_LAW,
            bounds.littlesLaw(),
            "Rate times time in the system is what samples and Gatling's own users show.",
            "Rate times time in the system differs by %s of the users from what samples and"
                + " Gatling's own users show; one of them was measured wrong."));
  }

  /** Returns the checks that need no bound, such as those of sums of several generators. */
  static List<Check> ofCounts(KpiReport report) {
    return List.of(
        Recorded.accounted(report),
        Recorded.ordered(report),
        Latencies.possible(report),
        Latencies.nested(report),
        Recorded.complete(report));
  }

  /**
   * Returns the check of a figure, or the p99 of a distribution, that has a largest value; one that
   * was not measured is worse than any.
   *
   * @param good the reason if it holds
   * @param bad the reason if it does not, with %s for the value
   */
  private static Check most(
      KpiReport report, String check, Kpi kpi, double bound, String good, String bad) {
    String limit = (kpi.isDistribution() ? "p99 <= " : "<= ") + Numbers.words(bound, kpi.unit());
    OptionalDouble value = value(report, kpi);
    if (value.isEmpty()) {
      return validity(check, false, "none", limit, check + " was not measured.");
    }
    boolean holds = value.getAsDouble() <= bound;
    String words = Numbers.words(value.getAsDouble(), kpi.unit());
    return validity(check, holds, words, limit, holds ? good : bad.replace("%s", words));
  }

  /** With few samples the maximum stands in for the p99: it can only be larger. */
  private static OptionalDouble value(KpiReport report, Kpi kpi) {
    Percentiles values = report.kpis().get(kpi.word());
    if (kpi.isDistribution()) {
      return values == null
          ? OptionalDouble.empty()
          : values.stat(values.p99() == null ? "max" : "p99");
    }
    return report.figures().containsKey(kpi.word())
        ? OptionalDouble.of(report.figures().get(kpi.word()).value())
        : OptionalDouble.empty();
  }

  private static Check lag(KpiReport report, Kpi kpi, Duration bound, String bad) {
    String good = kpi.definition() + ": within the bound.";
    String end =
        bad + " (p99 %s); it lacked CPU, and its latencies are its own as much as the target's.";
    return most(report, kpi.word(), kpi, ms(bound), good, end);
  }

  private static Check stall(KpiReport report, Duration bound) {
    OptionalDouble from = value(report, Kpi.GENERATOR_STALL_AT);
    String moment =
        from.isEmpty() ? "" : ", from " + Numbers.words(from.getAsDouble(), "s") + " on";
    return most(
        report,
        "generator_stall",
        Kpi.GENERATOR_STALL,
        ms(bound),
        "The injector's event loops never stood still for long.",
        "The injector stood still for %s"
            + moment
            + "; what was late by then was late by its own fault, not the target's.");
  }

  private static double ms(Duration bound) {
    return bound.toNanos() / NS_PER_MS;
  }

  private static Check unknownCpu() {
    String reason =
        "The CPU of other programs is known only on Linux, and only if the run started every"
            + " target.";
    return new Check(QUIET, Check.Kind.VALIDITY, Outcome.NOT_EVALUATED, "", "", reason);
  }

  /**
   * Other programs that take much matter if the run waited for them, if the generator was so late
   * that this alone can miss a limit of the run, or if either is not known.
   */
  private static Check quiet(KpiReport report, Bounds bounds, double slackMs) {
    Check stolen =
        most(
            report,
            QUIET,
            Kpi.STOLEN_CPU,
            bounds.stolenCpu(),
            "",
            "The hypervisor gave %s of the machine's CPU to other machines; run again, or where"
                + " none share it.");
    if (stolen.outcome() != Outcome.PASS) {
      return stolen;
    }
    double others = value(report, Kpi.FOREIGN_CPU).orElseThrow();
    OptionalDouble wait = value(report, Kpi.FOREIGN_WAIT);
    double waitMs = wait.orElse(Double.NaN);
    double lagMs = value(report, Kpi.GENERATOR_LAG).orElse(Double.NaN);
    boolean few = others <= bounds.foreignCpu();
    boolean harmless = waitMs <= ms(bounds.foreignWait()) && lagMs <= slackMs;
    String much =
        "Other programs took %s of the CPU that the run may use; its threads waited %s for them at"
                .formatted(
                    Numbers.words(others, "%"),
                    wait.isEmpty() ? "an unknown time" : Numbers.words(waitMs, "ms"))
            + " a time, in the mean, and its injector was %s late (p99)%s"
                .formatted(
                    Numbers.words(lagMs, "ms"),
                    Double.isInfinite(slackMs)
                        ? ""
                        : ", where its limits leave " + Numbers.words(slackMs, "ms"));
    return new Check(
        QUIET,
        Check.Kind.VALIDITY,
        few ? Outcome.PASS : harmless ? Outcome.WARN : Outcome.INVALID,
        Numbers.words(others, "%"),
        "<= " + Numbers.words(bounds.foreignCpu(), "%"),
        few ? "Other programs left the machine to the run." : much + (harmless ? "." : AGAIN));
  }

  /** Returns true for the check of a machine of which other programs took much. */
  static boolean besideOthers(Check check) {
    return check.name().equals(QUIET) && check.outcome() == Outcome.WARN;
  }

  /** Returns the check of a machine with others on it as INVALID, and any other one unchanged. */
  static Check blamed(Check check) {
    String reason = check.reason().replaceFirst("\\.$", "; they may be why a threshold was missed");
    return besideOthers(check)
        ? validity(check.name(), false, check.figure(), check.limit(), reason + AGAIN)
        : check;
  }

  /** How much of the planned load was offered; whether it came in time, the lags say. */
  private static Check offered(KpiReport report, double leastPct) {
    double mostPct = 200 - leastPct;
    String limit = Numbers.plain(leastPct) + " to " + Numbers.words(mostPct, "%");
    Optional<String> worst =
        report.offered().keySet().stream()
            .filter(load -> !load.endsWith(RAMP))
            .max(Comparator.comparingDouble(load -> Math.abs(sharePct(report, load) - 100)));
    if (worst.isEmpty()) {
      return validity(OFFERED, false, "none", limit, "No load was planned.");
    }
    double share = sharePct(report, worst.get());
    String words = Numbers.words(share, "%");
    String bad =
        "The injector offered %s of the planned %s; the figures belong to a %s load than planned.";
    boolean holds = leastPct <= share && share <= mostPct;
    return validity(
        OFFERED,
        holds,
        words + " of " + worst.get(),
        limit,
        holds
            ? "The planned load was offered."
            : bad.formatted(words, worst.get(), share > 100 ? "larger" : "smaller"));
  }

  private static double sharePct(KpiReport report, String load) {
    double plan = report.offered().get(load);
    double achieved = report.achieved().getOrDefault(load, 0.0);
    return achieved == plan ? 100 : 100 * achieved / plan;
  }
}
