package simulations.live;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import simulations.live.LiveMetrics.Kind;
import simulations.live.LiveMetrics.Metric;

/**
 * Sends the metrics of a run by OpenTelemetry (OTLP over HTTP), every few seconds and at the end. A
 * receiver that is away neither fails nor delays the run: what it missed is lost, and reported
 * once. Counts and quantiles are of the run so far, so the next export makes up for it.
 */
public final class OtlpSender {
  private static final String PATH = "/v1/metrics";

  /** Bound of one export. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Keeps the library's own log silent, which would repeat a stack trace: the run reports it. */
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  /** Units of OpenTelemetry (UCUM) by ours. */
  private static final Map<String, String> UCUM =
      Map.of("seconds", "s", "bytes", "By", "ratio", "1", "bytes_per_second", "By/s");

  private final Receiver receiver;
  private final Consumer<String> onFailure;
  private final SdkMeterProvider provider;
  private final Meter meter;
  private final Set<String> declared = new HashSet<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile Map<String, Metric> metrics = Map.of();
  private volatile String failure = "";

  /**
   * Where metrics are sent.
   *
   * @param url of the receiver, with or without {@value #PATH}
   * @param shown the same without secrets
   * @param headers of every request; never shown
   * @param every time between two exports
   */
  public record Receiver(URI url, String shown, Map<String, String> headers, Duration every) {
    private String metricsUrl() {
      String text = url.toString().replaceFirst("/+$", "");
      return text.endsWith(PATH) ? text : text + PATH;
    }
  }

  /**
   * Starts sending what is {@link #publish published}.
   *
   * @param run identifies the run at the receiver
   * @param onFailure called once with a sentence, on any thread, if an export fails
   */
  public OtlpSender(Receiver receiver, String run, Consumer<String> onFailure) {
    LIBRARY.setLevel(Level.OFF);
    this.receiver = receiver;
    this.onFailure = onFailure;
    MetricExporter exporter =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(receiver.metricsUrl())
            .setHeaders(receiver::headers)
            .setTimeout(TIMEOUT)
            .setConnectTimeout(TIMEOUT)
            .setRetryPolicy(null)
            .build();
    Attributes resource =
        Attributes.builder()
            .put("service.name", "gauntlet")
            .put("service.instance.id", run)
            .build();
    provider =
        SdkMeterProvider.builder()
            .setResource(Resource.create(resource))
            .registerMetricReader(
                PeriodicMetricReader.builder(new Counted(exporter))
                    .setInterval(receiver.every())
                    .build())
            .build();
    meter = provider.get("gauntlet");
  }

  /** Takes the figures that the next export sends. */
  public void publish(LiveFigures now) {
    metrics =
        LiveMetrics.of(now).stream().collect(Collectors.toMap(Metric::name, metric -> metric));
    metrics.values().forEach(this::declare);
  }

  /** Sends what was published last, within a bound, and stops. */
  public void close() {
    if (failed.get() == 0) { // Else one more try is enough, that of the shutdown.
      provider.forceFlush().join(TIMEOUT.toMillis(), MILLISECONDS);
    }
    provider.shutdown().join(TIMEOUT.toMillis(), MILLISECONDS);
  }

  /** Returns how many exports were sent and how many were not, in a sentence. */
  public String outcome() {
    long lost = failed.get();
    String exports = (sent.get() + lost) + " exports to " + receiver.shown;
    return lost == 0
        ? exports + " were sent."
        : lost + " of " + exports + " were not sent (" + failure + ").";
  }

  private void declare(Metric metric) {
    if (!declared.add(metric.name())) {
      return;
    }
    String name = "gauntlet." + metric.name();
    String unit = UCUM.getOrDefault(metric.unit(), "");
    Consumer<ObservableDoubleMeasurement> observe = to -> observe(metric.name(), to);
    if (metric.kind() == Kind.COUNTER) {
      var unused =
          meter
              .counterBuilder(name)
              .setDescription(metric.help())
              .setUnit(unit)
              .ofDoubles()
              .buildWithCallback(observe);
      return;
    }
    var unused =
        meter
            .gaugeBuilder(name)
            .setDescription(metric.help())
            .setUnit(unit)
            .buildWithCallback(observe);
    if (metric.kind() == Kind.SUMMARY) { // A gauge for each quantile, and beside it the count.
      var unusedToo =
          meter
              .counterBuilder(name + ".count")
              .setDescription("Values of " + metric.name() + ".")
              .ofDoubles()
              .buildWithCallback(to -> count(metric.name(), to));
    }
  }

  private void observe(String name, ObservableDoubleMeasurement to) {
    Metric metric = metrics.get(name);
    if (metric == null) {
      return; // Not in this sample.
    }
    metric
        .points()
        .forEach(
            point -> {
              if (metric.kind() != Kind.SUMMARY) {
                to.record(point.value(), attributes(point.labels()).build());
              }
              point
                  .quantiles()
                  .forEach(
                      (share, value) ->
                          to.record(
                              value,
                              attributes(point.labels()).put("quantile", "" + share).build()));
            });
  }

  private void count(String name, ObservableDoubleMeasurement to) {
    Metric metric = metrics.get(name);
    if (metric != null) {
      metric
          .points()
          .forEach(point -> to.record((double) point.count(), attributes(point.labels()).build()));
    }
  }

  private static AttributesBuilder attributes(Map<String, String> labels) {
    AttributesBuilder attributes = Attributes.builder();
    labels.forEach(attributes::put);
    return attributes;
  }

  private void ended(CompletableResultCode export) {
    if (export.isSuccess()) {
      sent.incrementAndGet();
      return;
    }
    failure = reason(export.getFailureThrowable());
    if (failed.getAndIncrement() == 0) {
      onFailure.accept(
          "-Dotlp.endpoint: %s did not take the metrics (%s); the run goes on without them"
              .formatted(receiver.shown, failure));
    }
  }

  /** Only the library's own exception has the status. */
  private static String reason(Throwable cause) {
    return cause instanceof HttpExportException refusal && refusal.failedWithResponse()
        ? "HTTP status " + refusal.getResponse().getStatusCode()
        : "no answer";
  }

  /** Counts the exports of another exporter. */
  private final class Counted implements MetricExporter {
    private final MetricExporter exporter;

    Counted(MetricExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
      CompletableResultCode result = exporter.export(metrics);
      return result.whenComplete(() -> ended(result));
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
      return exporter.getAggregationTemporality(instrument);
    }
  }
}
