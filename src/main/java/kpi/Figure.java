package kpi;

/** One number of a run, with what it means. */
public record Figure(String unit, String direction, String definition, double value) {
  /** The value of a single-figure KPI. */
  public static Figure of(Kpi kpi, double value) {
    return new Figure(kpi.unit(), kpi.direction().word(), kpi.definition(), value);
  }
}
