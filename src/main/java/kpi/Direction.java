package kpi;

import java.util.Locale;

/** The direction in which a KPI gets better. */
public enum Direction {
  /** Smaller is better, as for a latency. */
  LOWER,
  /** Larger is better, as for a rate. */
  HIGHER,
  /** Neither: the figure describes the load, not its quality. */
  NEUTRAL;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
