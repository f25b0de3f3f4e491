package kpi;

import java.util.Locale;

/** The phase in which a value was recorded; nothing of the warm-up enters a KPI. */
public enum Phase {
  /** The same users, cut from every figure. */
  WARM_UP,
  /** Reported and judged. */
  MEASURE;

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
