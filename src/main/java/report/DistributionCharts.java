package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      charts.add(chart(name, histograms.get(name), run.manifest().path("thresholds")));
    }
    return charts;
  }

  private static Chart chart(String name, Histogram histogram, JsonNode thresholds) {
    List<Double> x = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (HistogramIterationValue point : histogram.percentiles(TICKS_PER_HALF_DISTANCE)) {
      double rest = 1 - point.getPercentileLevelIteratedTo() / 100;
      // The maximum has no place on this axis; it stands at the share of a single sample.
      double nines = -Math.log10(Math.max(rest, 1.0 / histogram.getTotalCount()));
      x.add(Math.abs(Math.rint(nines * 1e4) / 1e4));
      values.add(Math.rint(point.getValueIteratedTo() / NANOS_PER_MS * 1e3) / 1e3);
    }
    String summary =
        String.format(
            "%s samples: half within %s ms, 99 %% within %s ms, the longest %s ms.",
            Numbers.plain((double) histogram.getTotalCount()),
            Numbers.plain(ms(histogram.getValueAtPercentile(50))),
            Numbers.plain(ms(histogram.getValueAtPercentile(99))),
            Numbers.plain(ms(histogram.getMaxValue())));
    Chart.Series series = new Chart.Series("this run", "plain", x, values);
    return new Chart(
        name + "-distribution",
        name,
        "ms",
        "line",
        summary,
        List.of(series),
        Limit.of(name, thresholds));
  }

  private static double ms(long nanos) {
    return nanos / NANOS_PER_MS;
  }
}
