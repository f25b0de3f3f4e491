package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import verdict.Numbers;

/**
 * Latency by percentile, as HdrHistogram plots it: each further nine of the percentile takes the
 * same width, so that the tail is not squeezed into the last pixel.
 */
final class DistributionCharts {
  /** Points for each halving of the distance to 100 %; HdrHistogram's own default. */
  private static final int TICKS_PER_HALF_DISTANCE = 5;

  private static final double NANOS_PER_MS = 1e6;

  private DistributionCharts() {}

  /** A chart for each KPI with a histogram, in the order of the KPI table. */
  static List<Chart> of(RunFolder run) {
    Map<String, Histogram> histograms = run.histograms();
    Set<String> order = new LinkedHashSet<>();
    run.kpi().path("kpis").fieldNames().forEachRemaining(order::add);
    order.retainAll(histograms.keySet());
    order.addAll(histograms.keySet());
    List<Chart> charts = new ArrayList<>();
    for (String name : order) {
      BaselineCurve baseline = BaselineCurve.of(run.baseline().path("distributions").path(name));
      charts.add(chart(name, histograms.get(name), baseline, Limit.of(name, thresholds(run))));
    }
    return charts;
  }

  private static JsonNode thresholds(RunFolder run) {
    return run.manifest().path("thresholds");
  }

  private static Chart chart(
      String name, Histogram histogram, BaselineCurve baseline, List<Chart.Mark> limits) {
    NavigableMap<Double, Double> own = curve(histogram);
    String summary =
        String.format(
            "%s samples: half within %s ms, 99 %% within %s ms, the longest %s ms.",
            Numbers.plain((double) histogram.getTotalCount()),
            Numbers.plain(ms(histogram.getValueAtPercentile(50))),
            Numbers.plain(ms(histogram.getValueAtPercentile(99))),
            Numbers.plain(ms(histogram.getMaxValue())));
    List<Chart.Series> series = new ArrayList<>();
    if (baseline.drawable()) {
      NavigableMap<Double, Double> before = beside(own, histogram, baseline);
      series.add(series("this run", "plain", own.keySet(), own));
      series.add(series("baseline", "baseline", own.keySet(), before));
      summary += summary(baseline);
    } else {
      series.add(series("this run", "plain", own.keySet(), own));
    }
    return new Chart(name + "-distribution", name, "ms", "line", summary, series, limits);
  }

  private static NavigableMap<Double, Double> curve(Histogram histogram) {
    NavigableMap<Double, Double> curve = new TreeMap<>();
    for (HistogramIterationValue point : histogram.percentiles(TICKS_PER_HALF_DISTANCE)) {
      double rest = 1 - point.getPercentileLevelIteratedTo() / 100;
      // The maximum has no place on this axis; it stands at the share of a single sample.
      curve.put(nines(Math.max(rest, 1.0 / histogram.getTotalCount())), ms(point));
    }
    return curve;
  }

  /**
   * The baseline's points. The run's own curve gets a point at each of them, so that a reader who
   * stops at one sees both; the baseline's longest stands where the run's does, for how many
   * samples stand behind it is not kept.
   */
  private static NavigableMap<Double, Double> beside(
      NavigableMap<Double, Double> own, Histogram histogram, BaselineCurve baseline) {
    double end = own.lastKey();
    NavigableMap<Double, Double> before = new TreeMap<>();
    for (BaselineCurve.Point point : baseline.points()) {
      double x = nines(1 - point.percentile() / 100);
      before.put(x, point.ms());
      Double here =
          x < end ? Double.valueOf(ms(histogram.getValueAtPercentile(point.percentile()))) : null;
      own.putIfAbsent(x, here);
    }
    if (baseline.max() != null && before.lastKey() < end) {
      before.put(end, baseline.max());
    }
    return before;
  }

  private static String summary(BaselineCurve baseline) {
    List<String> parts = new ArrayList<>();
    for (BaselineCurve.Point point : baseline.points()) {
      if (point.percentile() == 50) {
        parts.add("half within " + Numbers.plain(point.ms()) + " ms");
      } else if (point.percentile() == 99) {
        parts.add("99 % within " + Numbers.plain(point.ms()) + " ms");
      }
    }
    if (baseline.max() != null) {
      parts.add("the longest " + Numbers.plain(baseline.max()) + " ms");
    }
    return parts.isEmpty() ? "" : " The baseline: " + String.join(", ", parts) + ".";
  }

  private static Chart.Series series(
      String name, String role, Set<Double> x, Map<Double, Double> curve) {
    List<Double> values = new ArrayList<>();
    for (Double at : x) {
      values.add(curve.get(at));
    }
    return new Chart.Series(name, role, List.copyOf(x), values);
  }

  /** How many nines of the samples lie below, when that share lies above. */
  private static double nines(double rest) {
    return Math.abs(Math.rint(-Math.log10(rest) * 1e4) / 1e4);
  }

  private static double ms(HistogramIterationValue point) {
    return ms(point.getValueIteratedTo());
  }

  /** Milliseconds, to the microsecond: more than the histograms know. */
  private static double ms(long nanos) {
    return Math.rint(nanos / NANOS_PER_MS * 1e3) / 1e3;
  }
}
