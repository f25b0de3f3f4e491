package kpi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One second of a run.
 *
 * @param eventsPerS events received a second since the sample before
 * @param events received so far; so are the streams that started, ended well, and failed
 * @param intervals what each KPI recorded since the sample before, in nanoseconds; of the moment
 * @param processes figures by process; null for one that could not be read
 */
public record Sample(
    double t,
    String phase,
    double eventsPerS,
    long events,
    long started,
    int open,
    long ok,
    long failed,
    Map<Kpi, Histogram> intervals,
    Map<String, ProcessSample> processes) {
  private static final double NS_PER_MS = 1e6;

  /** Whose percentiles are in {@code samples.ndjson}. */
  private static final List<Kpi> SHOWN =
      List.of(Kpi.TTFT, Kpi.GAP, Kpi.DELIVERY_LAG, Kpi.BROADCAST_LAG);

  /** Returns what a line of {@code samples.ndjson} has of the values of one KPI in its second. */
  static Map<String, Double> percentiles(Kpi kpi, Histogram interval) {
    Map<String, Double> all = new LinkedHashMap<>();
    if (SHOWN.contains(kpi)) {
      all.put(kpi.word() + "_p50_ms", percentileMs(interval, 50));
      all.put(kpi.word() + "_p99_ms", percentileMs(interval, 99));
    }
    if (kpi == Kpi.GAP) {
      all.put("gap_max_ms", percentileMs(interval, 100));
    }
    return all;
  }

  /** Returns a percentile of this second in ms; null without a value. */
  public Double percentileMs(Kpi kpi, double percentile) {
    return percentileMs(intervals.get(kpi), percentile);
  }

  private static Double percentileMs(Histogram interval, double percentile) {
    return interval == null || interval.getTotalCount() == 0
        ? null
        : interval.getValueAtPercentile(percentile) / NS_PER_MS;
  }

  Sample withoutIntervals() {
    return new Sample(t, phase, eventsPerS, events, started, open, ok, failed, Map.of(), processes);
  }

  /** Returns the line of {@code samples.ndjson}. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("t", t);
    map.put("phase", phase);
    map.put("events_per_s", eventsPerS);
    map.put("streams_open", open);
    map.put("streams_ok", ok);
    map.put("streams_failed", failed);
    for (Kpi kpi : SHOWN) {
      boolean lag = kpi == Kpi.DELIVERY_LAG || kpi == Kpi.BROADCAST_LAG;
      if (!lag || intervals.containsKey(kpi)) {
        map.putAll(percentiles(kpi, intervals.get(kpi)));
      }
    }
    map.put("processes", processes);
    return map;
  }
}
