package kpi;

import java.util.Map;

/**
 * Everything that a run measured: the content of {@code kpi.json} and all that the verdict judges.
 *
 * @param schema version of this form
 * @param simulation simple class name
 * @param profile name of the profile
 * @param kpis distributions by name
 * @param figures single figures by name
 * @param counters counts by name
 * @param offered what the plan asked for, by name
 * @param achieved what came of it, under the same names
 */
public record KpiReport(
    int schema,
    String simulation,
    String profile,
    Map<String, Percentiles> kpis,
    Map<String, Figure> figures,
    Map<String, Long> counters,
    Map<String, Double> offered,
    Map<String, Double> achieved) {
  /** The version that this code writes. */
  public static final int SCHEMA = 1;

  /** The process that makes the load, in names of figures. */
  public static final String INJECTOR = "injector";

  /** All target processes together, in names of figures. */
  public static final String ALL_TARGETS = "targets";

  /** A counter, 0 if it never counted. */
  public long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }
}
