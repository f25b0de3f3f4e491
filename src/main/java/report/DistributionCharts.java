package report;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import verdict.Baseline;
import verdict.Numbers;
import verdict.Threshold;

/**
 * Latency by percentile, as HdrHistogram plots it: each further nine of the percentile takes the
 * same width, so that the tail is not squeezed into the last pixel.
 */
final class DistributionCharts {
  /** Points for each halving of the distance to 100 %; HdrHistogram's own default. */
  private static final int TICKS_PER_HALF_DISTANCE = 5;

  private static final double NANOS_PER_MS = 1e6;

  /** The percentile of the longest latency. */
  private static final Double LONGEST = 100.0;

  private static final Map<Double, String> WORDS =
      Map.of(50.0, "half within ", 99.0, "99 % within ", LONGEST, "the longest ");

  private DistributionCharts() {}

  /** Returns a chart for each KPI with a histogram, in the order of the KPI table. */
  static List<Chart> of(RunFiles run) {
    Set<String> order = new LinkedHashSet<>(run.kpi().kpis().keySet());
    order.retainAll(run.histograms().keySet());
    order.addAll(run.histograms().keySet());
    Map<String, Map<String, Double>> kept =
        run.baseline().map(Baseline::distributions).orElse(Map.of());
    return order.stream()
        .map(
            name -> {
              NavigableMap<Double, Double> baseline = points(kept.getOrDefault(name, Map.of()));
              return chart(name, run.histograms().get(name), baseline, limits(name, run));
            })
        .toList();
  }

  /** Returns what a baseline keeps of a distribution: ms by percentile, 100 for the longest. */
  private static NavigableMap<Double, Double> points(Map<String, Double> percentiles) {
    NavigableMap<Double, Double> points = new TreeMap<>();
    percentiles.forEach(
        (key, ms) -> {
          // Not parseDouble alone, which also accepts "NaN" and "0x1p3".
          boolean known = key.matches("\\d{1,3}(\\.\\d{1,9})?") && Shown.finite(ms) && ms >= 0;
          if (known && Double.parseDouble(key) <= LONGEST) {
            points.put(Double.parseDouble(key), ms);
          }
        });
    // A line from the shortest to the median would claim a shape that is not known.
    if (points.containsKey(0.0) && points.higherKey(0.0) != null && points.higherKey(0.0) >= 50) {
      points.remove(0.0);
    }
    return points;
  }

  private static String summary(Map<Double, Double> points) {
    return Stream.of(50.0, 99.0, LONGEST)
        .filter(points::containsKey)
        .map(at -> WORDS.get(at) + Numbers.plain(points.get(at)) + " ms")
        .collect(joining(", "));
  }

  /** Returns upper bounds of a KPI; other thresholds have no level to draw. */
  private static List<Chart.Mark> limits(String kpi, RunFiles run) {
    List<Chart.Mark> marks = new ArrayList<>();
    for (String text : run.manifest().thresholds()) {
      try {
        Threshold threshold = Threshold.parse(text, run.manifest().limitWords());
        String stat = threshold.figure().stat();
        boolean drawn = stat.startsWith("p") || stat.equals("max");
        drawn &= Double.isFinite(threshold.bound());
        if (drawn && threshold.figure().name().equals(kpi) && threshold.isUpper()) {
          marks.add(new Chart.Mark(stat + " limit", threshold.bound()));
        }
      } catch (IllegalArgumentException e) {
        // A threshold of another version, or with words that the manifest does not explain.
      }
    }
    return marks;
  }

  private static Chart chart(
      String name,
      Histogram histogram,
      NavigableMap<Double, Double> baseline,
      List<Chart.Mark> limits) {
    NavigableMap<Double, Double> own = curve(histogram);
    Map<Double, Double> known =
        Map.of(
            50.0,
            ms(histogram.getValueAtPercentile(50)),
            99.0,
            ms(histogram.getValueAtPercentile(99)),
            LONGEST,
            ms(histogram.getMaxValue()));
    String summary = Numbers.count(histogram.getTotalCount()) + " samples: " + summary(known) + ".";
    List<Chart.Series> series = new ArrayList<>();
    if (baseline.headMap(LONGEST).size() >= 2) {
      series.add(series("baseline", own, beside(own, histogram, baseline)));
      summary += " The baseline: " + summary(baseline) + ".";
    }
    series.add(0, series("plain", own, own));
    return new Chart(name + "-distribution", name, "ms", "line", summary, series, limits);
  }

  private static NavigableMap<Double, Double> curve(Histogram histogram) {
    NavigableMap<Double, Double> curve = new TreeMap<>();
    for (HistogramIterationValue point : histogram.percentiles(TICKS_PER_HALF_DISTANCE)) {
      double rest = 1 - point.getPercentileLevelIteratedTo() / 100;
      // The maximum has no place on this axis; it stands at the share of a single sample.
      double x = nines(Math.max(rest, 1.0 / histogram.getTotalCount()));
      curve.put(x, ms(point.getValueIteratedTo()));
    }
    return curve;
  }

  /**
   * Returns the baseline's points, and adds a point of the run's own curve at each of them, so that
   * a tooltip shows both. The baseline's longest stands at the run's end: its number of samples is
   * not known.
   */
  private static NavigableMap<Double, Double> beside(
      NavigableMap<Double, Double> own,
      Histogram histogram,
      NavigableMap<Double, Double> baseline) {
    double end = own.lastKey();
    NavigableMap<Double, Double> before = new TreeMap<>();
    baseline
        .headMap(LONGEST)
        .forEach(
            (percentile, ms) -> {
              double x = nines(1 - percentile / 100);
              before.put(x, ms);
              double beside = ms(histogram.getValueAtPercentile(percentile));
              own.putIfAbsent(x, x < end ? Double.valueOf(beside) : null);
            });
    if (baseline.containsKey(LONGEST) && before.lastKey() < end) {
      before.put(end, baseline.get(LONGEST));
    }
    return before;
  }

  private static Chart.Series series(
      String role, Map<Double, Double> own, Map<Double, Double> curve) {
    List<Double> values = new ArrayList<>();
    own.keySet().forEach(at -> values.add(curve.get(at)));
    String name = role.equals("plain") ? "this run" : role;
    return new Chart.Series(name, role, List.copyOf(own.keySet()), values);
  }

  /** Returns how many nines of the samples lie below, when that share lies above. */
  private static double nines(double rest) {
    return Math.abs(Math.rint(-Math.log10(rest) * 1e4) / 1e4);
  }

  /** Returns milliseconds, to the microsecond: more than the precision of the histograms. */
  private static double ms(long nanos) {
    return Math.rint(nanos / NANOS_PER_MS * 1e3) / 1e3;
  }
}
