package targets.shared;

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
import java.util.function.UnaryOperator;

/**
 * Everything that a service counts, each figure declared once and shown as JSON and as Prometheus
 * text. JSON has the figures in the order of their declaration. Declare before the service listens;
 * reading and counting are thread-safe.
 *
 * <p>A figure has a JSON name and a Prometheus name; where only one is given the Prometheus name is
 * the same behind the prefix. Figures are read from the last one declared to the first, so a
 * stream's beginning belongs before its end: then no answer shows more ends than beginnings.
 */
public final class Counters {
  private final String prefix;
  private final Metrics page;
  private final Map<String, Supplier<Object>> figures = new LinkedHashMap<>();
  private final Map<String, Difference> differences = new LinkedHashMap<>();
  private final Map<String, LongAdder> adders = new LinkedHashMap<>();

  /**
   * @param prefix of Prometheus names, such as {@code llm_}
   */
  public Counters(String prefix) {
    this(prefix, UnaryOperator.identity());
  }

  /**
   * @param shape puts the figures in their place in the JSON page
   */
  public Counters(String prefix, UnaryOperator<Map<String, Object>> shape) {
    this.prefix = prefix;
    this.page = new Metrics(() -> shape.apply(asMap()));
  }

  /** Returns the page with all figures. */
  public Metrics page() {
    return page;
  }

  /** Declares a counter. */
  public LongAdder counter(String name, String help) {
    return counter(name, prefix + name, help);
  }

  /** Declares a counter whose Prometheus name is not the prefix and its name. */
  public LongAdder counter(String name, String exported, String help) {
    LongAdder adder = new LongAdder();
    adders.put(name, adder);
    counter(name, exported, help, adder::sum);
    return adder;
  }

  /** Declares a counter that is kept elsewhere. */
  public void counter(String name, String help, LongSupplier value) {
    counter(name, prefix + name, help, value);
  }

  /** Declares a counter that is kept elsewhere. */
  public void counter(String name, String exported, String help, LongSupplier value) {
    page.counter(exported, help, value);
    figures.put(name, value::getAsLong);
  }

  /** Declares a gauge. */
  public void gauge(String name, String help, LongSupplier value) {
    gauge(name, prefix + name, help, value);
  }

  /** Declares a gauge whose Prometheus name is not the prefix and its name. */
  public void gauge(String name, String exported, String help, LongSupplier value) {
    page.gauge(exported, help, value);
    figures.put(name, value::getAsLong);
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
      page.counter(exported + "_" + label(kind), help, adder::sum);
    }
    figures.put(
        name,
        () -> {
          Map<String, Object> shown = new LinkedHashMap<>();
          counts.forEach((kind, count) -> shown.put(label(kind), count.sum()));
          return shown;
        });
    return Collections.unmodifiableMap(counts);
  }

  /**
   * Declares a gauge that is the difference of other figures, read together with them.
   *
   * @param whole name of the figure that counts beginnings
   * @param parts names of the figures that count ends
   * @return reads the gauge
   */
  public LongSupplier difference(String name, String help, String whole, List<String> parts) {
    Difference difference = new Difference(whole, List.copyOf(parts));
    LongSupplier now = () -> difference.of(figure -> figures.get(figure).get());
    gauge(name, help, now);
    differences.put(name, difference);
    return now;
  }

  /** Declares a figure that only JSON shows. */
  public void figure(String name, Supplier<Object> value) {
    figures.put(name, value);
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

  private Map<String, Object> asMap() {
    Map<String, Object> read = new HashMap<>();
    List<String> names = new ArrayList<>(figures.keySet());
    Collections.reverse(names);
    names.removeAll(differences.keySet());
    names.forEach(name -> read.put(name, figures.get(name).get()));
    differences.forEach((name, difference) -> read.put(name, difference.of(read::get)));
    Map<String, Object> map = new LinkedHashMap<>();
    figures.keySet().forEach(name -> map.put(name, read.get(name)));
    return map;
  }

  private record Difference(String whole, List<String> parts) {
    long of(Function<String, Object> figures) {
      // Ends are read first: the other way round the difference could be below 0.
      long ended = parts.stream().mapToLong(part -> total(figures.apply(part))).sum();
      return total(figures.apply(whole)) - ended;
    }

    private static long total(Object figure) {
      return figure instanceof Map<?, ?> kinds
          ? kinds.values().stream().mapToLong(Difference::total).sum()
          : ((Number) figure).longValue();
    }
  }
}
