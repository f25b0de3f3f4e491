package kpi;

import java.util.Map;

/**
 * The measurements of a run: the content of {@code kpi.json}, and all that the verdict judges.
 *
 * @param offered planned load, by name
 * @param achieved load that was reached, under the same names
 * @param absent why a figure of a process could not be taken, in a sentence, by the figure's name
 */
public record KpiReport(
    int schema,
    String simulation,
    String profile,
    Map<String, Percentiles> kpis,
    Map<String, Figure> figures,
    Map<String, Long> counters,
    Map<String, Double> offered,
    Map<String, Double> achieved,
    Map<String, String> absent) {
  /** The process that makes the load, in names of figures. */
  public static final String INJECTOR = "injector";

  /** All target processes together, in names of figures. */
  public static final String ALL_TARGETS = "targets";

  /** Requires the measurements; replaces other parts that are absent. */
  public KpiReport {
    if (kpis == null || figures == null) {
      throw new IllegalArgumentException("it has no kpis or no figures");
    }
    counters = counters == null ? Map.of() : counters;
    offered = offered == null ? Map.of() : offered;
    achieved = achieved == null ? Map.of() : achieved;
    absent = absent == null ? Map.of() : absent;
  }

  /** Returns a counter, 0 if it never counted. */
  public long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }
}
