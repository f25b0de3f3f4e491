package verdict;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import kpi.Direction;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;

/** What a run without fault measured; a test changes the one thing that it is about. */
final class HealthyRun {
  static final Validity.Bounds BOUNDS = new Validity.Bounds(250, 100, 250, 5, 99, 20, 5);

  final Map<String, Percentiles> kpis = new LinkedHashMap<>();
  final Map<String, Figure> figures = new LinkedHashMap<>();
  final Map<String, Long> counters = new TreeMap<>();
  final Map<String, Double> offered = new LinkedHashMap<>();
  final Map<String, Double> achieved = new LinkedHashMap<>();

  HealthyRun() {
    kpis.put("ttft", percentiles(100, 5));
    kpis.put("gap", percentiles(16_200, 61));
    kpis.put("start_lag", percentiles(100, 2));
    kpis.put("generator_lag", percentiles(4_000, 1));
    figure(Kpi.GC_PAUSE_MAX, 12);
    figure(Kpi.GC_SHARE, 0.4);
    figure(Kpi.FOREIGN_CPU, 2);
    figure(Kpi.LITTLES_LAW, 0.3);
    figure(Kpi.GOODPUT, 100);
    counters.put("streams_started", 100L);
    counters.put("streams_open_at_stop", 1L);
    counters.put("outcome_ok", 98L);
    counters.put("outcome_reset", 1L);
    counters.put("tokens_received", 16_300L);
    offered.put("clients", 100.0);
    offered.put("arrivals_per_s", 10.0);
    achieved.put("clients", 100.0);
    achieved.put("arrivals_per_s", 10.1);
  }

  void figure(Kpi kpi, double value) {
    figures.put(kpi.word(), Figure.of(kpi, value));
  }

  KpiReport report() {
    return new KpiReport(
        KpiReport.SCHEMA, "A", "smoke", kpis, figures, counters, offered, achieved);
  }

  /** A narrow distribution around a value; p999 is absent as with few samples. */
  static Percentiles percentiles(long count, double ms) {
    return new Percentiles(
        "ms",
        Direction.LOWER.word(),
        "a test's",
        count,
        ms * 0.5,
        ms * 0.8,
        ms * 0.8,
        ms * 0.9,
        ms * 0.95,
        ms,
        null,
        ms * 2);
  }

  /** Percentiles with everything given. */
  static Percentiles percentiles(
      double min, double mean, double p50, double p95, double p99, double max) {
    return new Percentiles(
        "ms", Direction.LOWER.word(), "a test's", 99, min, mean, p50, p95, p95, p99, null, max);
  }
}
