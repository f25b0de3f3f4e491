package simulations.live;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kpi.Kpi;
import kpi.Percentiles;
import kpi.Stages;
import simulations.live.LiveFigures.Moment;
import simulations.live.LiveFigures.Recorded;

/**
 * The metrics of a run so far, in base units, each declared once for all protocols. Names of KPIs
 * are those of the catalogue.
 */
final class LiveMetrics {
  /** Before every name. */
  static final String PREFIX = "gauntlet_";

  private static final String PER_SECOND = "_per_second";
  private static final String SECONDS = "seconds";
  private static final double MS = 1e-3;

  /** Units of the catalogue: the ones that are exported, and the factors to them. */
  private static final Map<String, Map.Entry<String, Double>> UNITS =
      Map.of(
          "s", Map.entry(SECONDS, 1.0),
          "ms", Map.entry(SECONDS, MS),
          "us", Map.entry(SECONDS, 1e-6),
          "%", Map.entry("ratio", 1e-2),
          "KB", Map.entry("bytes", 1e3),
          "MB", Map.entry("bytes", 1e6),
          "MB/s", Map.entry("bytes_per_second", 1e6));

  private final LiveFigures now;
  private final Map<String, Metric> all = new LinkedHashMap<>();

  /** What the values of a metric are. */
  enum Kind {
    /** Goes up and down. */
    GAUGE,
    /** Only goes up. */
    COUNTER,
    /** A distribution so far. */
    SUMMARY
  }

  /**
   * A metric.
   *
   * @param name without prefix and unit
   * @param unit in the plural, such as seconds; empty for none
   */
  record Metric(String name, String unit, String help, Kind kind, List<Point> points) {}

  /**
   * A value with its labels.
   *
   * @param quantiles of a summary, by their share; empty else
   * @param count of a summary
   */
  record Point(
      Map<String, String> labels, double value, Map<Double, Double> quantiles, long count) {}

  private LiveMetrics(LiveFigures now) {
    this.now = now;
  }

  /** Returns every metric of which something is known. */
  static Collection<Metric> of(LiveFigures now) {
    LiveMetrics metrics = new LiveMetrics(now);
    metrics.run();
    metrics.moment();
    now.phases().forEach((phase, recorded) -> metrics.recorded(phase.word(), recorded));
    metrics.figures();
    metrics.verdict();
    return metrics.all.values();
  }

  private void run() {
    String folder = now.run().folder();
    String run = "1 while the run goes on, 0 when it has ended.";
    gauge(
        "run", "", run, now.ended() ? 0 : 1, "run", folder.substring(folder.lastIndexOf('/') + 1));
    gauge("phase", "", "1 for the current phase.", 1, "phase", now.moment().phase());
    gauge("elapsed", SECONDS, "Time since the start of the run.", now.moment().t());
    if (now.plannedEndS() != null) {
      String end = "Planned end of the load, from the start of the run.";
      gauge("planned_end", SECONDS, end, now.plannedEndS());
    }
    gauge("users", "", "Active users of the generator.", now.users());
  }

  private void moment() {
    Moment moment = now.moment();
    gauge("streams_open", "", "Streams open now.", moment.open());
    gauge("event_rate", "", "Events received a second, in the last sample.", moment.eventsPerS());
    moment
        .latencies()
        .forEach(
            (kpi, latency) -> {
              String name = kpi.word() + "_last";
              String help = "In the last sample: " + kpi.definition() + ".";
              gauge(name, SECONDS, help, latency.p50() * MS, "percentile", "50");
              gauge(name, SECONDS, help, latency.p99() * MS, "percentile", "99");
            });
    moment
        .processes()
        .forEach(
            (process, use) -> {
              String[] label = {"process", process};
              gauge("process_up", "", "1 if the process answered.", use == null ? 0 : 1, label);
              if (use != null && use.cpuCores() >= 0) {
                String cpu = "CPU seconds used by the process.";
                add("process_cpu", SECONDS, cpu, Kind.COUNTER, point(use.cpuS(), label));
                gauge("process_cpu_cores", "", "CPU seconds a second.", use.cpuCores(), label);
              }
              if (use != null && use.rssBytes() >= 0) {
                gauge("process_resident", "bytes", "Resident set.", (double) use.rssBytes(), label);
              }
            });
  }

  private void recorded(String phase, Recorded recorded) {
    String started = "Streams, conversations, sockets or bids started.";
    count("streams_started", started, recorded.started(), "phase", phase);
    count("events", "Events received.", recorded.events(), "phase", phase);
    recorded
        .ended()
        .forEach(
            (outcome, count) -> {
              String word = outcome.name().toLowerCase(Locale.ROOT);
              String help = "Streams ended, by outcome.";
              count("streams_ended", help, count, "phase", phase, "outcome", word);
            });
    recorded.kpis().forEach((kpi, values) -> summary(phase, kpi, values));
  }

  private void summary(String phase, Kpi kpi, Percentiles values) {
    if (values.count() == 0) {
      return;
    }
    Map<Double, Double> quantiles = new LinkedHashMap<>();
    Map<Double, Double> known = new LinkedHashMap<>();
    known.put(0.5, values.p50());
    known.put(0.9, values.p90());
    known.put(0.95, values.p95());
    known.put(0.99, values.p99());
    known.put(0.999, values.p999());
    known.put(1.0, values.max());
    known.forEach(
        (share, ms) -> {
          if (ms != null) { // Else there are too few values.
            quantiles.put(share, ms * MS);
          }
        });
    double sum = values.mean() * values.count() * MS;
    Point point = new Point(labels("phase", phase), sum, quantiles, values.count());
    add(kpi.word(), SECONDS, "So far: " + kpi.definition() + ".", Kind.SUMMARY, point);
  }

  private void figures() {
    now.figures()
        .forEach(
            (name, figure) -> {
              int dot = name.lastIndexOf('.');
              if (!Stages.isOfStage(name)) {
                Map.Entry<String, Double> unit =
                    UNITS.getOrDefault(figure.unit(), Map.entry("", 1.0));
                String word = name.substring(dot + 1).replace("_per_s", PER_SECOND);
                String[] label =
                    dot < 0 ? new String[0] : new String[] {"process", name.substring(0, dot)};
                String help = "So far: " + figure.definition() + ".";
                double value = figure.value() * unit.getValue();
                gauge(word.replace("_us_", "_"), unit.getKey(), help, value, label);
              }
            });
  }

  private void verdict() {
    if (now.verdict() != null) {
      now.verdict()
          .outcomes()
          .forEach(
              (outcome, count) -> {
                boolean is = outcome == now.verdict().word();
                gauge(
                    "verdict",
                    "",
                    "1 for the verdict so far.",
                    is ? 1 : 0,
                    "verdict",
                    "" + outcome);
                gauge("checks", "", "Checks so far, by outcome.", count, "outcome", "" + outcome);
              });
    }
  }

  private void gauge(String name, String unit, String help, double value, String... labels) {
    add(name, unit, help, Kind.GAUGE, point(value, labels));
  }

  private void count(String name, String help, long value, String... labels) {
    add(name, "", help, Kind.COUNTER, point((double) value, labels));
  }

  private void add(String name, String unit, String help, Kind kind, Point point) {
    all.computeIfAbsent(name, absent -> new Metric(name, unit, help, kind, new ArrayList<>()))
        .points()
        .add(point);
  }

  private Point point(double value, String... labels) {
    return new Point(labels(labels), value, Map.of(), 0);
  }

  private Map<String, String> labels(String... namesAndValues) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("simulation", now.run().simulation());
    labels.put("profile", now.run().profile());
    for (int at = 0; at < namesAndValues.length; at += 2) {
      labels.put(namesAndValues[at], namesAndValues[at + 1]);
    }
    return labels;
  }

  /** Returns the metrics in the form of Prometheus. */
  static MetricSnapshots snapshots(LiveFigures now) {
    return new MetricSnapshots(of(now).stream().map(LiveMetrics::snapshot).toList());
  }

  private static MetricSnapshot snapshot(Metric metric) {
    var form =
        switch (metric.kind()) {
          case GAUGE -> GaugeSnapshot.builder();
          case COUNTER -> CounterSnapshot.builder();
          case SUMMARY -> SummarySnapshot.builder();
        };
    for (Point point : metric.points()) {
      Labels labels =
          Labels.of(
              point.labels().keySet().toArray(new String[0]),
              point.labels().values().toArray(new String[0]));
      if (form instanceof GaugeSnapshot.Builder gauges) {
        gauges.dataPoint(
            GaugeDataPointSnapshot.builder().labels(labels).value(point.value()).build());
      } else if (form instanceof CounterSnapshot.Builder counters) {
        counters.dataPoint(
            CounterDataPointSnapshot.builder().labels(labels).value(point.value()).build());
      } else if (form instanceof SummarySnapshot.Builder summaries) {
        Quantiles.Builder quantiles = Quantiles.builder();
        point.quantiles().forEach((share, s) -> quantiles.quantile(new Quantile(share, s)));
        summaries.dataPoint(
            SummaryDataPointSnapshot.builder()
                .labels(labels)
                .count(point.count())
                .sum(point.value())
                .quantiles(quantiles.build())
                .build());
      }
    }
    form.help(metric.help());
    if (metric.unit().isEmpty()) {
      form.name(PREFIX + metric.name());
    } else {
      form.name(PREFIX + metric.name() + "_" + metric.unit()).unit(new Unit(metric.unit()));
    }
    return form.build();
  }
}
