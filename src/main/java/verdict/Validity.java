package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;

/**
 * Whether a run can be believed: the generator kept to its plan, did not stall, lost none of its
 * own samples, and the numbers contradict neither each other nor Little's law. A pure function of
 * what the run measured.
 */
public final class Validity {
  private Validity() {}

  /**
   * The bounds, all inclusive.
   *
   * @param startLagP99Ms how late the injector may start clients, 99th percentile
   * @param generatorLagP99Ms how late its event loops may be, 99th percentile
   * @param gcPauseMs the longest collector pause of the injector
   * @param gcSharePct the share of time in collector pauses
   * @param offeredPct the least share of the planned load that must be offered
   * @param foreignCpuPct the share of the machine that other programs may take
   * @param littlesLawPct how far mean concurrency may be from rate times time
   */
  public record Bounds(
      double startLagP99Ms,
      double generatorLagP99Ms,
      double gcPauseMs,
      double gcSharePct,
      double offeredPct,
      double foreignCpuPct,
      double littlesLawPct) {}

  /** Returns every check, in the order of a reader's questions. */
  public static List<Check> check(KpiReport report, Bounds bounds) {
    List<Check> checks = new ArrayList<>();
    checks.add(accounted(report));
    checks.add(offered(report, bounds));
    checks.add(lag(report, Kpi.START_LAG, "start_lag", bounds.startLagP99Ms()));
    checks.add(lag(report, Kpi.GENERATOR_LAG, "generator_lag", bounds.generatorLagP99Ms()));
    checks.add(pause(report, bounds));
    checks.add(pauses(report, bounds));
    if (report.figures().containsKey(Kpi.FOREIGN_CPU.word())) {
      checks.add(quiet(report, bounds));
    }
    checks.add(ordered(report));
    checks.add(recorded(report));
    checks.add(littlesLaw(report, bounds));
    return checks;
  }

  private static Check accounted(KpiReport report) {
    long started = report.counter("streams_started");
    long open = report.counter("streams_open_at_stop");
    long ended =
        report.counters().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("outcome_"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    boolean holds = started > 0 && started == ended + open;
    return Check.validity(
        "streams_accounted",
        holds,
        Numbers.count(started) + " = " + Numbers.count(ended) + " + " + Numbers.count(open),
        "started = ended + open, more than 0",
        started == 0
            ? "No stream was started."
            : holds
                ? "Every stream that started has ended or was open at the stop."
                : "Streams started, ended and open at the stop do not add up.");
  }

  private static Check offered(KpiReport report, Bounds bounds) {
    String worst = "";
    double share = 100;
    for (Map.Entry<String, Double> plan : report.offered().entrySet()) {
      double achieved = report.achieved().getOrDefault(plan.getKey(), 0.0);
      double pct = plan.getValue() > 0 ? 100 * achieved / plan.getValue() : 100;
      if (pct < share || worst.isEmpty()) {
        share = pct;
        worst = plan.getKey();
      }
    }
    String limit = ">= " + Numbers.words(bounds.offeredPct(), "%");
    if (worst.isEmpty()) {
      return Check.validity("offered_load", false, "none", limit, "No load was planned.");
    }
    boolean holds = share >= bounds.offeredPct();
    return Check.validity(
        "offered_load",
        holds,
        Numbers.words(share, "%") + " of " + worst,
        limit,
        holds
            ? "The planned load was offered."
            : "The injector offered only "
                + Numbers.words(share, "%")
                + " of the planned "
                + worst
                + "; the figures belong to a smaller load than planned.");
  }

  private static Check lag(KpiReport report, Kpi kpi, String name, double boundMs) {
    Percentiles lag = report.kpis().get(kpi.word());
    String limit = "p99 <= " + Numbers.words(boundMs, "ms");
    if (lag == null || lag.count() == 0) {
      return Check.validity(name, false, "none", limit, name + " was not measured.");
    }
    // With few samples the maximum stands in: it can only be larger.
    double value = lag.p99() == null ? lag.max() : lag.p99();
    boolean holds = value <= boundMs;
    String late =
        kpi == Kpi.START_LAG
            ? "The injector started clients later than planned (p99 "
            : "The injector's event loops ran late (p99 ";
    return Check.validity(
        name,
        holds,
        Numbers.words(value, "ms"),
        limit,
        holds
            ? kpi.definition() + ": within the bound."
            : late
                + Numbers.words(value, "ms")
                + "); it lacked CPU, and its latencies are its own as much as the target's.");
  }

  private static Check pause(KpiReport report, Bounds bounds) {
    return figure(
        report,
        Kpi.GC_PAUSE_MAX,
        "gc_pause",
        bounds.gcPauseMs(),
        "No collector pause of the injector was long enough to matter.",
        value ->
            "The injector stood still for "
                + value
                + " in one collection; give it more memory (-Dinjector.heap).");
  }

  private static Check pauses(KpiReport report, Bounds bounds) {
    return figure(
        report,
        Kpi.GC_SHARE,
        "gc_share",
        bounds.gcSharePct(),
        "The injector spent little time in collections.",
        value ->
            "The injector spent "
                + value
                + " of its time in collections; give it more memory (-Dinjector.heap).");
  }

  /** Made only where the system reports it, and where every loaded process is one of the run. */
  private static Check quiet(KpiReport report, Bounds bounds) {
    return figure(
        report,
        Kpi.FOREIGN_CPU,
        "machine_quiet",
        bounds.foreignCpuPct(),
        "Other programs left the machine to the run.",
        value ->
            "Other programs took "
                + value
                + " of the machine's CPU; stop them and run again, or allow more"
                + " (validity.foreign-cpu).");
  }

  private static Check ordered(KpiReport report) {
    List<String> wrong =
        report.kpis().entrySet().stream()
            .filter(entry -> !isOrdered(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    return Check.validity(
        "figures_ordered",
        wrong.isEmpty(),
        wrong.isEmpty() ? "all" : String.join(", ", wrong),
        "min <= mean <= max, p50 <= p95 <= p99",
        wrong.isEmpty()
            ? "No distribution contradicts itself."
            : "These distributions contradict themselves: " + String.join(", ", wrong) + ".");
  }

  /**
   * Two independent tallies: tokens counted one by one, and values in the histograms. A simulation
   * that times each token by itself records its lag; the others the first one and the gaps. Bids
   * that were decided have a value each.
   */
  private static Check recorded(KpiReport report) {
    long lags = count(report, Kpi.DELIVERY_LAG) + count(report, Kpi.BROADCAST_LAG);
    long bids = count(report, Kpi.BID_ACCEPTED) + count(report, Kpi.BID_REJECTED);
    long values = bids + (lags > 0 ? lags : count(report, Kpi.GAP) + count(report, Kpi.TTFT));
    long tokens =
        report.counter("tokens_received")
            + report.counter("broadcasts_received")
            + report.counter("bids_accepted")
            + report.counter("bids_rejected");
    boolean holds = tokens == values;
    return Check.validity(
        "samples_recorded",
        holds,
        Numbers.count(values),
        "= " + Numbers.count(tokens) + " tokens, broadcasts or bids",
        holds
            ? "The recorders hold a value for every token, broadcast or bid that came."
            : "The recorders hold "
                + Numbers.count(values)
                + " values for "
                + Numbers.count(tokens)
                + " tokens, broadcasts or bids: samples were lost or made up.");
  }

  private static Check littlesLaw(KpiReport report, Bounds bounds) {
    return figure(
        report,
        Kpi.LITTLES_LAW,
        "littles_law",
        bounds.littlesLawPct(),
        "Mean concurrency equals rate times time in the system.",
        value ->
            "Mean concurrency differs by "
                + value
                + " from rate times time in the system; one of the three was measured wrong.");
  }

  private static boolean isOrdered(Percentiles p) {
    if (p.count() == 0) {
      return true;
    }
    return p.min() <= p.mean()
        && p.mean() <= p.max()
        && inOrder(p.p50(), p.p95())
        && inOrder(p.p95(), p.p99())
        && inOrder(p.p99(), p.max());
  }

  private static boolean inOrder(Double lower, Double upper) {
    return lower == null || upper == null || lower <= upper;
  }

  private static long count(KpiReport report, Kpi kpi) {
    Percentiles percentiles = report.kpis().get(kpi.word());
    return percentiles == null ? 0 : percentiles.count();
  }

  /** A figure against its bound; one that was not measured is worse than any bound. */
  private static Check figure(
      KpiReport report,
      Kpi kpi,
      String name,
      double bound,
      String good,
      UnaryOperator<String> bad) {
    Figure figure = report.figures().get(kpi.word());
    String limit = "<= " + Numbers.words(bound, kpi.unit());
    if (figure == null) {
      return Check.validity(name, false, "none", limit, name + " was not measured.");
    }
    boolean holds = figure.value() <= bound;
    String words = Numbers.words(figure.value(), kpi.unit());
    return Check.validity(name, holds, words, limit, holds ? good : bad.apply(words));
  }
}
