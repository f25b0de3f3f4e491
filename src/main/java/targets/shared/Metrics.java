package targets.shared;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kpi.ProcessFigures;

/**
 * {@code GET /metrics}: JSON by default, Prometheus text for a client that accepts {@code
 * text/plain} or OpenMetrics, or requests {@code /metrics/prometheus}. Both read the same counters.
 * Thread-safe.
 */
public final class Metrics {
  /** The path that always answers Prometheus text. */
  public static final String PROMETHEUS_PATH = "/metrics/prometheus";

  /** The path that answers by the Accept header. */
  public static final String PATH = "/metrics";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Supplier<Map<String, Object>> figures;

  /**
   * @param figures the target's own figures, in the JSON's order; called at each request
   */
  public Metrics(Supplier<Map<String, Object>> figures) {
    this.figures = figures;
    JvmMetrics.builder().register(registry);
  }

  /** Where the target registers its Prometheus counters and gauges. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** Shows a counter as Prometheus text; its name gets {@code _total} where it lacks it. */
  public void counter(String name, String help, LongSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) value.getAsLong()))
        .register(registry);
  }

  /** Shows a gauge as Prometheus text. */
  public void gauge(String name, String help, LongSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) value.getAsLong()))
        .register(registry);
  }

  /** The JSON form: the target's figures, then the time and the process. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>(figures.get());
    map.put("timestamp", Instant.now().toString());
    map.put("process", ProcessFigures.now().asMap());
    return map;
  }

  /**
   * A page as it is sent.
   *
   * @param type of its content
   * @param body in that type; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
  public record Page(String type, byte[] body) {}

  /**
   * The page for a request.
   *
   * @param path {@value #PATH} or {@value #PROMETHEUS_PATH}
   * @param accept the request's header of that name; empty if it has none
   */
  public Page page(String path, String accept) {
    boolean prometheus =
        path.startsWith(PROMETHEUS_PATH)
            || accept.contains("text/plain")
            || accept.contains("openmetrics");
    return prometheus
        ? new Page(PrometheusTextFormatWriter.CONTENT_TYPE, prometheusText())
        : new Page("application/json", Json.bytes(asMap()));
  }

  /** Answers a request for {@value #PATH} or {@value #PROMETHEUS_PATH}. */
  public FullHttpResponse reply(HttpRequest request) {
    Page page = page(request.uri(), request.headers().get(HttpHeaderNames.ACCEPT, ""));
    return Replies.bytes(HttpResponseStatus.OK, page.type(), page.body());
  }

  private byte[] prometheusText() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    try {
      PrometheusTextFormatWriter.builder().build().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }
}
