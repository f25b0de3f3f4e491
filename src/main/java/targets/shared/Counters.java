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
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kpi.ProcessFigures;

/**
 * Everything that a service counts, each figure declared once and shown as JSON and as Prometheus
 * text. JSON has the figures in the order of their declaration. Declare before the service listens;
 * reading and counting are thread-safe.
 *
 * <p>A figure has a JSON name and a Prometheus name; where only one is given the Prometheus name is
 * the same behind the prefix. Figures are read from the last one declared to the first, so a
 * stream's beginning belongs before its end: then no answer shows more ends than beginnings.
 */
public class Counters {
  /** The path that answers by the Accept header: JSON by default. */
  public static final String PATH = "/metrics";

  /** The path that always answers Prometheus text. */
  public static final String PROMETHEUS_PATH = "/metrics/prometheus";

  private final String prefix;
  private final InstantSource wall;
  private final PrometheusRegistry registry = new PrometheusRegistry();

  /** Each with its value, which may depend on the figures declared after it. */
  private final Map<String, Function<Map<String, Object>, Object>> figures = new LinkedHashMap<>();

  private final Map<String, LongAdder> adders = new LinkedHashMap<>();

  /** A service's counters, whose Prometheus names begin with a prefix such as {@code llm_}. */
  public Counters(String prefix) {
    this(prefix, Clocks.SYSTEM.wall());
  }

  /** The same, with the time of day on the JSON page. */
  public Counters(String prefix, InstantSource wall) {
    this.prefix = prefix;
    this.wall = wall;
    JvmMetrics.builder().register(registry);
  }

  /** Puts the figures in their place on the JSON page. */
  protected Map<String, Object> shape(Map<String, Object> figures) {
    return figures;
  }

  /** Returns the registry, for what only Prometheus shows. */
  public PrometheusRegistry registry() {
    return registry;
  }

  public LongAdder counter(String name, String help) {
    return counter(name, prefix + name, help);
  }

  /** Declares a counter whose Prometheus name is not the prefix and its name. */
  public LongAdder counter(String name, String exported, String help) {
    LongAdder adder = new LongAdder();
    adders.put(name, adder);
    exportCounter(exported, help, adder::sum);
    figure(name, adder::sum);
    return adder;
  }

  /** Declares a counter that is kept elsewhere. */
  public void counter(String name, String help, LongSupplier value) {
    exportCounter(prefix + name, help, value);
    figure(name, value::getAsLong);
  }

  public void gauge(String name, String help, LongSupplier value) {
    exportGauge(prefix + name, help, value);
    figure(name, value::getAsLong);
  }

  /** Declares a gauge that only Prometheus shows. */
  public void exportGauge(String exported, String help, LongSupplier value) {
    GaugeWithCallback.builder()
        .name(exported)
        .help(help)
        .callback(callback -> callback.call((double) value.getAsLong()))
        .register(registry);
  }

  /** Declares a counter that only Prometheus shows; its name gets {@code _total} if it lacks it. */
  public void exportCounter(String exported, String help, LongSupplier value) {
    CounterWithCallback.builder()
        .name(exported)
        .help(help)
        .callback(callback -> callback.call((double) value.getAsLong()))
        .register(registry);
  }

  /** Declares one counter for each constant, whose Prometheus names begin with the prefix. */
  public <E extends Enum<E>> Map<E, LongAdder> counters(String name, String help, Class<E> kinds) {
    return counters(name, prefix + name, help, kinds);
  }

  /**
   * Declares one counter for each constant; JSON shows them as an object.
   *
   * @param exported the beginning of the Prometheus names, before {@code _} and the constant
   */
  public <E extends Enum<E>> Map<E, LongAdder> counters(
      String name, String exported, String help, Class<E> kinds) {
    Map<E, LongAdder> counts = new EnumMap<>(kinds);
    for (E kind : kinds.getEnumConstants()) {
      LongAdder adder = new LongAdder();
      counts.put(kind, adder);
      adders.put(name + "." + label(kind), adder);
      exportCounter(exported + "_" + label(kind), help, adder::sum);
    }
    figure(
        name,
        () -> {
          Map<String, Object> shown = new LinkedHashMap<>();
          counts.forEach((kind, count) -> shown.put(label(kind), count.sum()));
          return shown;
        });
    return Collections.unmodifiableMap(counts);
  }

  /**
   * Declares a gauge that is the difference of figures declared after it, read together with them.
   *
   * @param whole name of the figure that counts beginnings
   * @param parts names of the figures that count ends
   * @return reads the gauge
   */
  public LongSupplier difference(String name, String help, String whole, List<String> parts) {
    // Ends are read first: the other way round the difference could be below 0.
    figures.put(
        name,
        read ->
            total(read.get(whole)) - parts.stream().mapToLong(part -> total(read.get(part))).sum());
    LongSupplier now = () -> total(asMap().get(name));
    exportGauge(prefix + name, help, now);
    return now;
  }

  /** Declares a figure that only JSON shows. */
  public void figure(String name, Supplier<Object> value) {
    figures.put(name, unused -> value.get());
  }

  /**
   * Returns a declared counter; one of several is named as {@code refused.full}.
   *
   * @throws IllegalArgumentException if there is none, which is a mistake in the code
   */
  public LongAdder named(String name) {
    LongAdder adder = adders.get(name);
    if (adder == null) {
      throw new IllegalArgumentException("no counter is named " + name);
    }
    return adder;
  }

  /** Returns the name of a constant in JSON and Prometheus text. */
  public static String label(Enum<?> kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Answers a request for {@value #PATH} or {@value #PROMETHEUS_PATH}. */
  public FullHttpResponse reply(HttpRequest request) {
    String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
    boolean prometheus =
        request.uri().startsWith(PROMETHEUS_PATH)
            || accept.contains("text/plain")
            || accept.contains("openmetrics");
    if (!prometheus) {
      return Replies.json(HttpResponseStatus.OK, page());
    }
    String text = PrometheusTextFormatWriter.create().toDebugString(registry.scrape());
    return Replies.bytes(
        HttpResponseStatus.OK,
        PrometheusTextFormatWriter.CONTENT_TYPE,
        text.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Object> page() {
    Map<String, Object> page = new LinkedHashMap<>(shape(asMap()));
    page.put("timestamp", wall.instant().toString());
    page.computeIfAbsent("process", unused -> ProcessFigures.now());
    return page;
  }

  private Map<String, Object> asMap() {
    Map<String, Object> read = new HashMap<>();
    List<String> names = new ArrayList<>(figures.keySet());
    Collections.reverse(names);
    names.forEach(name -> read.put(name, figures.get(name).apply(read)));
    Map<String, Object> map = new LinkedHashMap<>();
    figures.keySet().forEach(name -> map.put(name, read.get(name)));
    return map;
  }

  private static long total(Object figure) {
    return figure instanceof Map<?, ?> kinds
        ? kinds.values().stream().mapToLong(Counters::total).sum()
        : ((Number) figure).longValue();
  }
}
