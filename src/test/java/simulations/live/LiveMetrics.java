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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Percentiles;
import kpi.Phase;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.Stages;
import simulations.live.LiveFigures.Moment.Latency;
import simulations.live.LiveFigures.Recorded;
import simulations.live.LiveFigures.SoFar;
import verdict.Check;

/**
 * The metrics of a run so far, in base units, each declared once for all protocols. Names of KPIs
 * are those of the catalogue; the unit ends a name.
 */
final class LiveMetrics {
  /** Before every name. */
  static final String PREFIX = "gauntlet_";

  static final Unit BYTES_PER_S = new Unit("bytes_per_second");

  private static final String PER_SECOND = "_per_second";
  private static final double MS = 1e-3;

  /** Units of the catalogue: the ones that are exported, and the factors to them. */
  private static final Map<String, Base> BASES =
      Map.of(
          "s", new Base(Unit.SECONDS, 1),
          "ms", new Base(Unit.SECONDS, MS),
          "us", new Base(Unit.SECONDS, 1e-6),
          "%", new Base(Unit.RATIO, 1e-2),
          "KB", new Base(Unit.BYTES, 1e3),
          "MB", new Base(Unit.BYTES, 1e6),
          "MB/s", new Base(BYTES_PER_S, 1e6));

  private final LiveFigures now;
  private final Map<String, MetricSnapshot.Builder<?>> all = new LinkedHashMap<>();

  /** A unit, null for none, and the factor to it. */
  private record Base(Unit unit, double factor) {}

  private LiveMetrics(LiveFigures now) {
    this.now = now;
  }

  /** Returns every metric of which something is known. */
  static MetricSnapshots of(LiveFigures now) {
    LiveMetrics metrics = new LiveMetrics(now);
    metrics.run();
    metrics.sample(now.moment().sample());
    now.moment().latencies().forEach(metrics::latency);
    now.moment().sample().processes().forEach(metrics::process);
    now.phases().forEach(metrics::recorded);
    now.figures().forEach(metrics::figure);
    if (now.verdict() != null) {
      metrics.verdict(now.verdict());
    }
    return new MetricSnapshots(
        metrics.all.values().stream().<MetricSnapshot>map(MetricSnapshot.Builder::build).toList());
  }

  private void run() {
    String folder = now.run().folder();
    String run = "1 while the run goes on, 0 when it has ended.";
    String word = folder.substring(folder.lastIndexOf('/') + 1);
    gauge("run", null, run, now.ended() ? 0 : 1, "run", word);
    if (now.plannedEndS() != null) {
      String end = "Planned end of the load, from the start of the run.";
      gauge("planned_end", Unit.SECONDS, end, now.plannedEndS());
    }
    gauge("users", null, "Active users of the generator.", now.users());
  }

  private void sample(Sample sample) {
    gauge("phase", null, "1 for the current phase.", 1, "phase", sample.phase());
    gauge("elapsed", Unit.SECONDS, "Time since the start of the run.", sample.t());
    gauge("streams_open", null, "Streams open now.", sample.open());
    gauge("event_rate", null, "Events received a second, in the last sample.", sample.eventsPerS());
  }

  private void latency(Kpi kpi, Latency latency) {
    String name = kpi.word() + "_last";
    String help = "In the last sample: " + kpi.definition() + ".";
    gauge(name, Unit.SECONDS, help, latency.p50() * MS, "percentile", "50");
    gauge(name, Unit.SECONDS, help, latency.p99() * MS, "percentile", "99");
  }

  private void process(String process, ProcessSample use) {
    String[] label = {"process", process};
    gauge("process_up", null, "1 if the process answered.", use == null ? 0 : 1, label);
    if (use != null && use.cpuCores() >= 0) {
      count("process_cpu", Unit.SECONDS, "CPU seconds used by the process.", use.cpuS(), label);
      gauge("process_cpu_cores", null, "CPU seconds a second.", use.cpuCores(), label);
    }
    if (use != null && use.rssBytes() >= 0) {
      double bytes = use.rssBytes();
      gauge("process_resident", Unit.BYTES, "Resident set.", bytes, label);
    }
  }

  private void recorded(Phase of, Recorded recorded) {
    String phase = of.word();
    String started = "Streams, conversations, sockets or bids started.";
    count("streams_started", null, started, (double) recorded.started(), "phase", phase);
    count("events", null, "Events received.", (double) recorded.events(), "phase", phase);
    for (Map.Entry<Outcome, Long> ended : recorded.ended().entrySet()) {
      String word = ended.getKey().name().toLowerCase(Locale.ROOT);
      String[] labels = {"phase", phase, "outcome", word};
      double count = ended.getValue();
      count("streams_ended", null, "Streams ended, by outcome.", count, labels);
    }
    recorded.kpis().forEach((kpi, values) -> summary(phase, kpi, values));
  }

  private void summary(String phase, Kpi kpi, Percentiles values) {
    if (values.count() == 0) {
      return;
    }
    Map<Double, Double> known = new LinkedHashMap<>();
    known.put(0.5, values.p50());
    known.put(0.9, values.p90());
    known.put(0.95, values.p95());
    known.put(0.99, values.p99());
    known.put(0.999, values.p999());
    known.put(1.0, values.max());
    known.values().removeIf(Objects::isNull); // Of too few values.
    Quantiles.Builder quantiles = Quantiles.builder();
    known.forEach((share, ms) -> quantiles.quantile(new Quantile(share, ms * MS)));
    String help = "So far: " + kpi.definition() + ".";
    metric(kpi.word(), Unit.SECONDS, help, SummarySnapshot::builder)
        .dataPoint(
            SummaryDataPointSnapshot.builder()
                .labels(labels("phase", phase))
                .count(values.count())
                .sum(values.mean() * values.count() * MS)
                .quantiles(quantiles.build())
                .build());
  }

  private void figure(String name, Figure figure) {
    if (Stages.isOfStage(name)) {
      return;
    }
    int dot = name.lastIndexOf('.');
    Base base = BASES.getOrDefault(figure.unit(), new Base(null, 1));
    String word = name.substring(dot + 1).replace("_per_s", PER_SECOND).replace("_us_", "_");
    String[] label = dot < 0 ? new String[0] : new String[] {"process", name.substring(0, dot)};
    String help = "So far: " + figure.definition() + ".";
    gauge(word, base.unit, help, figure.value() * base.factor, label);
  }

  private void verdict(SoFar soFar) {
    for (Map.Entry<Check.Outcome, Integer> each : soFar.outcomes().entrySet()) {
      String word = each.getKey().name();
      int is = each.getKey() == soFar.word() ? 1 : 0;
      gauge("verdict", null, "1 for the verdict so far.", is, "verdict", word);
      gauge("checks", null, "Checks so far, by outcome.", each.getValue(), "outcome", word);
    }
  }

  private void gauge(String name, Unit unit, String help, double value, String... labels) {
    metric(name, unit, help, GaugeSnapshot::builder)
        .dataPoint(GaugeDataPointSnapshot.builder().labels(labels(labels)).value(value).build());
  }

  private void count(String name, Unit unit, String help, double value, String... labels) {
    metric(name, unit, help, CounterSnapshot::builder)
        .dataPoint(CounterDataPointSnapshot.builder().labels(labels(labels)).value(value).build());
  }

  /**
   * Returns the metric of a name.
   *
   * @param unit in the plural, such as seconds; null for none
   */
  @SuppressWarnings("unchecked") // A name is of one kind.
  private <B extends MetricSnapshot.Builder<B>> B metric(
      String name, Unit unit, String help, Supplier<B> kind) {
    String whole = PREFIX + name + (unit == null ? "" : "_" + unit);
    return (B) all.computeIfAbsent(whole, any -> kind.get().name(whole).unit(unit).help(help));
  }

  private Labels labels(String... namesAndValues) {
    return Labels.of("simulation", now.run().simulation(), "profile", now.run().profile())
        .merge(Labels.of(namesAndValues));
  }
}
