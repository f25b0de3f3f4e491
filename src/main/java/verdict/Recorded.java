package verdict;

import static verdict.Check.validity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;

/**
 * Whether the recorders lost, repeated or distorted anything, by what was counted apart from them.
 */
public final class Recorded {
  /** Counter of the streams that Gatling began, by its own statistics. */
  public static final String BEGUN = "gatling_streams_begun";

  /** Counter of the users that Gatling has left at the end, by its own statistics. */
  public static final String ACTIVE = "gatling_users_left";

  /** How far the mean of a histogram may be from that of the values themselves. */
  private static final double MEAN_SHARE = 0.002;

  private static final double MEAN_LEAST_MS = 0.001;

  /** Values and the counters that must equal them. */
  private static final Map<List<Kpi>, List<String>> RECORDED =
      Map.of(
          List.of(Kpi.RTT), List.of("pongs_received"),
          List.of(Kpi.RTT_SENT), List.of("pongs_received"),
          List.of(Kpi.BID_READ), List.of("reads"),
          List.of(Kpi.BROWSE), List.of("looks"),
          List.of(Kpi.BID_ACCEPTED, Kpi.BID_REJECTED), List.of("bids_accepted", "bids_rejected"));

  private Recorded() {}

  /** Gatling's own counts are the witness: the others come from one tally. */
  static Check accounted(KpiReport report) {
    long started = report.counter("streams_started");
    long open = report.counter("streams_open_at_stop");
    long ended =
        report.counters().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("outcome_"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    long begun = report.counters().getOrDefault(BEGUN, started);
    long active = report.counters().getOrDefault(ACTIVE, open);
    boolean adds = started == ended + open;
    // A request counts in Gatling once it has its answer.
    boolean witnessed = begun <= started && started <= begun + open && open <= active;
    String differ =
        Numbers.sentence(
            "The recorders counted %s streams, %s of them open at the stop; Gatling began %s and"
                + " had %s users left.",
            started, open, begun, active);
    String good =
        report.counters().containsKey(BEGUN)
            ? "Every stream that started has ended or was open at the stop."
            : "Every stream that started has ended or was open at the stop; Gatling counts none of"
                + " them in this mode, only users.";
    String bad = adds ? differ : "Streams started, ended and open at the stop do not add up.";
    boolean holds = started > 0 && adds && witnessed;
    return validity(
        "streams_accounted",
        holds,
        Numbers.count(started) + " = " + Numbers.count(ended) + " + " + Numbers.count(open),
        "started = ended + open, more than 0, as Gatling counted",
        holds ? good : started == 0 ? "No stream was started." : bad);
  }

  static Check ordered(KpiReport report) {
    List<String> wrong = names(report, values -> !isOrdered(values));
    List<String> apart = names(report, values -> !hasMean(values));
    return Check.none(
        "figures_ordered",
        wrong.isEmpty() ? apart : wrong,
        "all",
        "min <= mean <= max, percentiles in order, mean = sum / count",
        "No distribution contradicts itself, or the sum of its values.",
        "These distributions contradict "
            + (wrong.isEmpty() ? "the sums of their values" : "themselves")
            + ": %s.");
  }

  private static List<String> names(KpiReport report, Predicate<Percentiles> wrong) {
    return report.kpis().entrySet().stream()
        .filter(entry -> wrong.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The sum has not been through the histogram, whose buckets have three digits. */
  private static boolean hasMean(Percentiles p) {
    if (p.apart() == null || p.apart().count() == 0 || p.count() == 0) {
      return true;
    }
    double mean = p.apart().ms() / p.apart().count();
    return Math.abs(p.mean() - mean) <= Math.max(MEAN_SHARE * mean, MEAN_LEAST_MS);
  }

  /**
   * Holds values against what was counted one by one. A simulation that times each token by itself
   * records its lag; the others the first one and the gaps.
   */
  static Check complete(KpiReport report) {
    boolean lags =
        Latencies.count(report, Kpi.DELIVERY_LAG) + Latencies.count(report, Kpi.BROADCAST_LAG) > 0;
    Map<List<Kpi>, List<String>> pairs = new LinkedHashMap<>(RECORDED);
    List<String> came = List.of("tokens_received", "broadcasts_received", "events_timed");
    if (lags) {
      pairs.put(List.of(Kpi.DELIVERY_LAG, Kpi.BROADCAST_LAG), came);
    } else { // Those that state no time have no lag.
      List<String> all = Stream.concat(came.stream(), Stream.of("tokens_untimed")).toList();
      pairs.put(List.of(Kpi.TTFT, Kpi.GAP), all);
    }
    if (report.kpis().containsKey(Kpi.E2E.word())) { // Not every simulation times whole streams.
      pairs.put(List.of(Kpi.E2E), List.of("outcome_ok"));
    }
    List<String> wrong = new ArrayList<>();
    long all = 0;
    for (var pair : pairs.entrySet()) {
      long values = pair.getKey().stream().mapToLong(kpi -> Latencies.count(report, kpi)).sum();
      long counted = pair.getValue().stream().mapToLong(report::counter).sum();
      all += values;
      if (values != counted) {
        wrong.add(differ(values, counted, String.join(" + ", pair.getValue())));
      }
    }
    report.kpis().entrySet().stream()
        .filter(each -> each.getValue().apart() != null)
        .filter(each -> each.getValue().apart().count() != each.getValue().count())
        .map(
            each ->
                differ(
                    each.getValue().count(), each.getValue().apart().count(), each.getKey() + "s"))
        .forEach(wrong::add);
    return Check.none(
        "samples_recorded",
        wrong,
        Numbers.count(all),
        "a value for each that was counted",
        "The recorders hold a value for every token, broadcast, pong, read and bid that came.",
        "The recorders hold %s: samples were lost or made up.");
  }

  private static String differ(long values, long counted, String what) {
    return Numbers.count(values) + " values for " + Numbers.count(counted) + " " + what;
  }

  private static boolean isOrdered(Percentiles p) {
    List<Double> known =
        Baseline.DRAWN.stream().flatMap(stat -> p.stat(stat).stream().boxed()).toList();
    return p.count() == 0
        || (p.min() <= p.mean()
            && p.mean() <= p.max()
            && known.stream().sorted().toList().equals(known));
  }
}
