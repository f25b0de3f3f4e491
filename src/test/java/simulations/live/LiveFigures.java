package simulations.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Percentiles;
import kpi.Phase;
import kpi.Recorders;
import kpi.Sample;
import kpi.Tally;
import org.HdrHistogram.Histogram;
import verdict.Check;
import verdict.Verdict;

/**
 * A run so far: the one source of everything that is shown of it while it goes on. Immutable.
 *
 * @param moment its last sample
 * @param users Gatling's active users
 * @param plannedEndS second of the run at which its load is to end; null while it is unknown
 * @param phases counts and distributions of each phase that has begun
 * @param figures single figures so far, by their names in {@code kpi.json}
 * @param verdict so far; null before the measured phase
 * @param ended whether the verdict is the run's own
 */
public record LiveFigures(
    Run run,
    Moment moment,
    int users,
    Double plannedEndS,
    Map<Phase, Recorded> phases,
    Map<String, Figure> figures,
    SoFar verdict,
    boolean ended) {
  private static final double NS_PER_MS = 1e6;

  /**
   * The run itself.
   *
   * @param folder its folder, which tells it from any other
   */
  public record Run(
      String simulation, String profile, String folder, String sentence, double longestS) {}

  /**
   * One second of the run.
   *
   * @param sample whose histograms are no longer read
   * @param latency the KPI of the line: the lag of each event if it is known, or the latency of
   *     accepted bids, else of first tokens
   */
  public record Moment(
      @JsonUnwrapped @JsonIgnoreProperties({"events", "started", "intervals"}) Sample sample,
      Kpi latency,
      Map<Kpi, Latency> latencies) {
    /** Percentiles of a KPI in ms. */
    public record Latency(long count, double p50, double p99) {
      private static Latency of(Histogram ns) {
        double p50 = ns.getValueAtPercentile(50) / NS_PER_MS;
        return new Latency(ns.getTotalCount(), p50, ns.getValueAtPercentile(99) / NS_PER_MS);
      }
    }

    /** Takes what is shown of a sample; on the thread that owns its histograms. */
    public static Moment of(Sample sample) {
      Map<Kpi, Latency> latencies = new EnumMap<>(Kpi.class);
      sample.intervals().forEach((kpi, values) -> latencies.put(kpi, Latency.of(values)));
      Kpi latency =
          Stream.of(Kpi.DELIVERY_LAG, Kpi.BROADCAST_LAG, Kpi.BID_DUE, Kpi.BID_ACCEPTED)
              .filter(latencies::containsKey)
              .findFirst()
              .orElse(Kpi.TTFT);
      return new Moment(sample, latency, latencies);
    }
  }

  /** All that was recorded in one phase. */
  public record Recorded(
      long started, long events, Map<Outcome, Long> ended, Map<Kpi, Percentiles> kpis) {
    /** Takes the totals of a phase; on the thread that rotates its recorders. */
    public static Recorded of(Phase phase, Recorders recorders, Tally tally) {
      Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        ended.put(outcome, tally.ended(outcome));
      }
      Map<Kpi, Percentiles> kpis = new EnumMap<>(Kpi.class);
      recorders.of(phase).forEach((kpi, values) -> kpis.put(kpi, Percentiles.of(kpi, values)));
      return new Recorded(tally.started(), tally.events(), ended, kpis);
    }
  }

  /**
   * A verdict, in short.
   *
   * @param troubles the checks that did not pass, the worst first; at most {@value #SHOWN}
   */
  public record SoFar(
      Check.Outcome word,
      String sentence,
      Map<Check.Outcome, Integer> outcomes,
      List<Check> troubles) {
    private static final int SHOWN = 8;

    public static SoFar of(Verdict verdict) {
      Map<Check.Outcome, Integer> outcomes = new LinkedHashMap<>();
      for (Check.Outcome outcome : Check.Outcome.values()) {
        outcomes.put(outcome, 0);
      }
      verdict.checks().forEach(check -> outcomes.merge(check.outcome(), 1, Integer::sum));
      boolean invalid = verdict.verdict() == Check.Outcome.INVALID;
      List<Check> troubles =
          verdict
              .troubles()
              .filter(check -> check.outcome() != Check.Outcome.NOT_EVALUATED)
              // Those of an invalid run say only that it is invalid.
              .filter(check -> !(invalid && check.outcome() == Check.Outcome.INCONCLUSIVE))
              .limit(SHOWN)
              .toList();
      return new SoFar(verdict.verdict(), verdict.sentence(), outcomes, troubles);
    }
  }
}
