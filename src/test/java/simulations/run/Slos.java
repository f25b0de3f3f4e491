package simulations.run;

import java.util.List;
import java.util.Map;
import kpi.Kpi;
import settings.SettingsReader;
import verdict.Threshold;

/**
 * The limits that a single stream, conversation or socket must meet to count as good.
 *
 * @param limits all of them, from above
 */
public record Slos(List<Threshold> limits) {
  private static final double NS_PER_MS = 1e6;
  private static final String MAX = ".max";
  private static final String LAST = ", (?=[^,]*$)";

  /**
   * The thing that SLOs limit.
   *
   * @param noun its name in errors, such as stream
   * @param figures that it has: a KPI with a statistic, or a KPI alone of which it has only one
   *     value
   */
  public record Unit(String noun, List<String> figures) {
    /**
     * Parses a limit. A figure that the unit has only once needs no statistic.
     *
     * @throws IllegalArgumentException if the unit has no such figure, or the limit is no upper one
     */
    Threshold parse(String text, Map<String, Double> words) {
      List<String> known =
          figures.stream().map(figure -> figure.contains(".") ? figure : figure + MAX).toList();
      String stripped = text.strip();
      String figure = stripped.replaceFirst("\\s*[<>].*", "");
      String rest = stripped.substring(figure.length()).strip();
      boolean single = !rest.isEmpty() && figures.contains(figure) && !figure.contains(".");
      Threshold limit = Threshold.parse(single ? figure + MAX + " " + rest : stripped, words);
      if (!limit.isUpper() || !known.contains(limit.figure().text())) {
        throw new IllegalArgumentException(
            "'%s' is not a limit of a single %s; limit %s from above"
                .formatted(stripped, noun, String.join(", ", figures).replaceFirst(LAST, " or ")));
      }
      return limit;
    }
  }

  /** Reads the setting {@code slos}; errors go to the reader. */
  static Slos read(SettingsReader from, Map<String, Double> words, Unit unit) {
    return new Slos(from.list("slos", text -> unit.parse(text, words), Threshold::figure));
  }

  /** Returns the bound of a figure in nanoseconds; the largest long if none is known. */
  public long ns(String figure) {
    return limits.stream()
        .filter(limit -> limit.figure().text().equals(figure))
        .filter(limit -> !Double.isNaN(limit.bound()))
        .mapToLong(limit -> Math.round(limit.bound() * NS_PER_MS))
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** Returns the bound of a KPI's largest value, as {@link #ns}. */
  public long maxNs(Kpi kpi) {
    return ns(kpi.word() + MAX);
  }

  /** Returns how far a unit was beyond its SLOs, by its longest waits; up to 0 if it met them. */
  public long beyondNs(Map<Kpi, Long> longestNs) {
    return longestNs.entrySet().stream()
        .mapToLong(each -> each.getValue() - maxNs(each.getKey()))
        .max()
        .orElse(0);
  }

  /**
   * Returns the longest wait of a KPI in nanoseconds that is within its SLO. The generator may be
   * late by less than the shortest of all, for else it may have been what made a wait long; and by
   * half the least slack, for else it may be why a stream was not good.
   */
  long waitNs(Kpi kpi) {
    return switch (kpi) {
      case GENERATOR_LAG ->
          limits.stream()
              .filter(limit -> limit.figure().text().endsWith(MAX))
              .mapToLong(limit -> ns(limit.figure().text()))
              .min()
              .orElse(Long.MAX_VALUE);
      case GOODPUT -> (long) (Threshold.leastSlackMs(limits) / 2 * NS_PER_MS);
      default -> maxNs(kpi);
    };
  }

  /** Returns the limits as written, for reports. */
  public List<String> texts() {
    return limits.stream().map(Threshold::text).toList();
  }
}
