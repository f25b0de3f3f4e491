package simulations.live;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.function.Predicate.not;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Sends the metrics of a run by OpenTelemetry (OTLP over HTTP), every few seconds and at the end. A
 * receiver that is away neither fails nor delays the run: what it missed is lost, and reported
 * once. Counts and quantiles are of the run so far, so the next export makes up for it. Used by one
 * thread at a time, which an export does not block.
 */
public final class OtlpSender {
  private static final String PATH = "/v1/metrics";

  /** Bound of one export. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Keeps the library's own log silent, which would repeat a stack trace: the run reports it. */
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  /** Units of OpenTelemetry (UCUM) by ours. */
  private static final Map<Unit, String> UCUM =
      Map.of(Unit.SECONDS, "s", Unit.BYTES, "By", Unit.RATIO, "1", LiveMetrics.BYTES_PER_S, "By/s");

  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("gauntlet");

  private final Receiver receiver;
  private final Consumer<String> onFailure;
  private final OtlpHttpMetricExporter exporter;
  private final Resource resource;
  private final long startNs = Clock.getDefault().now();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private CompletableResultCode export = CompletableResultCode.ofSuccess();
  private LiveFigures last;
  private double dueS;
  private volatile String failure = "";

  /**
   * Where metrics are sent.
   *
   * @param url of the receiver, with or without {@value #PATH}
   * @param shown the same without secrets
   * @param headers of every request; never shown
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
    this.dueS = everyS();
    exporter =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(receiver.metricsUrl())
            .setHeaders(receiver::headers)
            .setTimeout(TIMEOUT)
            .setConnectTimeout(TIMEOUT)
            .setRetryPolicy(null)
            .build();
    resource =
        Resource.create(
            Attributes.builder()
                .put("service.name", "gauntlet")
                .put("service.instance.id", run)
                .build());
  }

  /** Takes figures, and sends them if an export is due by the seconds of the run. */
  public void publish(LiveFigures now) {
    last = now;
    // Half a sample early is better than a whole one late.
    double nowS = now.moment().sample().t();
    if (nowS + 0.5 >= dueS && export.isDone()) {
      dueS = nowS + everyS();
      send();
    }
  }

  private double everyS() {
    return receiver.every.toMillis() / 1e3;
  }

  /** Sends what was published last, within a bound, and stops. */
  public void close() {
    export.join(TIMEOUT.toMillis(), MILLISECONDS);
    if (last != null) {
      send();
    }
    export.join(TIMEOUT.toMillis(), MILLISECONDS);
    exporter.shutdown().join(TIMEOUT.toMillis(), MILLISECONDS);
  }

  /** Returns how many exports were sent and how many were not, in a sentence. */
  public String outcome() {
    long lost = failed.get();
    String exports = (sent.get() + lost) + " exports to " + receiver.shown;
    return lost == 0
        ? exports + " were sent."
        : lost + " of " + exports + " were not sent (" + failure + ").";
  }

  private void send() {
    CompletableResultCode own =
        exporter.export(LiveMetrics.of(last).stream().flatMap(this::data).toList());
    export = own.whenComplete(() -> ended(own));
  }

  /** A summary is a gauge with each quantile, and beside it the count. */
  private Stream<MetricData> data(MetricSnapshot metric) {
    List<DoublePointData> values = new ArrayList<>();
    List<DoublePointData> counts = new ArrayList<>();
    for (DataPointSnapshot each : metric.getDataPoints()) {
      Labels labels = each.getLabels();
      if (each instanceof GaugeDataPointSnapshot gauge) {
        values.add(point(labels, gauge.getValue()));
      } else if (each instanceof CounterDataPointSnapshot counter) {
        counts.add(point(labels, counter.getValue()));
      } else if (each instanceof SummaryDataPointSnapshot summary) {
        counts.add(point(labels, (double) summary.getCount()));
        for (Quantile share : summary.getQuantiles()) {
          Labels own = labels.add("quantile", "" + share.getQuantile());
          values.add(point(own, share.getValue()));
        }
      }
    }
    MetricMetadata about = metric.getMetadata();
    String whole = about.getName().substring(LiveMetrics.PREFIX.length());
    String word = whole.replaceFirst("_" + about.getUnit() + "$", "");
    String name = "gauntlet." + word;
    String help = about.getHelp();
    String unit = about.hasUnit() ? UCUM.get(about.getUnit()) : "";
    var gauge = GaugeData.createDoubleGaugeData(values);
    var sum = SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, counts);
    return Stream.of(
            ImmutableMetricData.createDoubleGauge(resource, SCOPE, name, help, unit, gauge),
            metric instanceof SummarySnapshot
                ? ImmutableMetricData.createDoubleSum(
                    resource, SCOPE, name + ".count", "Values of " + word + ".", "", sum)
                : ImmutableMetricData.createDoubleSum(resource, SCOPE, name, help, unit, sum))
        .filter(not(MetricData::isEmpty));
  }

  private DoublePointData point(Labels labels, double value) {
    AttributesBuilder attributes = Attributes.builder();
    labels.forEach(label -> attributes.put(label.getName(), label.getValue()));
    long nowNs = Clock.getDefault().now();
    return DoublePointData.create(startNs, nowNs, attributes.build(), value, List.of());
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
}
