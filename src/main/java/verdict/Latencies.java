package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;
import kpi.Stages;
import kpi.Within;

/** Whether the latencies of a run are possible, each by itself and beside the others. */
final class Latencies {
  /** Means are rounded, and values kept to three digits. */
  private static final double SLACK_MS = 0.01;

  private Latencies() {}

  /** Latencies below 0, or above an hour, are none. */
  static Check possible(KpiReport report) {
    List<String> found =
        Stream.of(Kpi.values())
            .filter(kpi -> report.counter(kpi.outside()) > 0)
            .map(kpi -> Numbers.count(report.counter(kpi.outside())) + " of " + kpi.word())
            .toList();
    return Check.none(
        "latencies_possible",
        found,
        "all",
        "0 to 1 h",
        "No latency was below 0.",
        "These values are below 0, or above an hour, and no latencies: %s.");
  }

  /** Latencies of which one contains the other. */
  static Check nested(KpiReport report) {
    List<String> held = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (Within pair : Within.values()) {
      if (count(report, pair.whole()) > 0) {
        String words = pair.part().word() + " in " + pair.whole().word();
        held.add(words);
        long longer = report.counter(pair.counter());
        if (longer > 0) {
          wrong.add(words + " (" + Numbers.count(longer) + " samples longer)");
        }
        report.kpis().keySet().stream()
            .filter(name -> name.equals(pair.whole().word()) || Stages.isOfStage(name))
            .filter(name -> name.endsWith(pair.whole().word()))
            .filter(name -> !fits(report, name, pair))
            .forEach(name -> wrong.add(words + " (percentiles of " + name + ")"));
      }
    }
    if (count(report, Kpi.HOP_CLIENT) > 0) {
      held.add("hops in " + Kpi.DELIVERY_LAG.word());
      double hops = Within.HOPS.stream().mapToDouble(hop -> sumMs(report, hop)).sum();
      double whole = sumMs(report, Kpi.DELIVERY_LAG);
      double slack = whole / 100 + SLACK_MS * count(report, Kpi.DELIVERY_LAG);
      boolean all = count(report, Kpi.HOP_CLIENT) == count(report, Kpi.DELIVERY_LAG);
      if (hops > whole + slack || (all && hops < whole - slack)) {
        wrong.add(
            String.format(
                Locale.ROOT,
                "hops in delivery_lag (%.1f ms in all, %.1f ms together)",
                whole,
                hops));
      }
    }
    Check check =
        Check.none(
            "latencies_nested",
            wrong,
            String.join(", ", held),
            "part <= whole",
            "No latency is longer than one that contains it.",
            "Latencies are longer than those that contain them: %s.");
    return held.isEmpty() ? check.notEvaluated("No latency contains another one.") : check;
  }

  /** Compares the percentiles of a pair if every sample has both. */
  private static boolean fits(KpiReport report, String name, Within pair) {
    Percentiles whole = report.kpis().get(name);
    String stage = name.substring(0, name.length() - pair.whole().word().length());
    Percentiles part = report.kpis().get(stage + pair.part().word());
    return part == null
        || part.count() != whole.count()
        || Baseline.DRAWN.stream()
            .allMatch(
                stat -> part.stat(stat).orElse(0) <= whole.stat(stat).orElse(Double.MAX_VALUE));
  }

  private static double sumMs(KpiReport report, Kpi kpi) {
    Percentiles values = report.kpis().get(kpi.word());
    return values == null ? 0 : values.sumMs();
  }

  /** Returns the number of values, those included that were no latency. */
  static long count(KpiReport report, Kpi kpi) {
    Percentiles percentiles = report.kpis().get(kpi.word());
    return (percentiles == null ? 0 : percentiles.count()) + report.counter(kpi.outside());
  }
}
