package kpi;

import java.util.EnumMap;
import java.util.Map;

/** A {@link Distribution} for each KPI and phase. Safe for any number of recording threads. */
public final class Recorders {
  private final Map<Phase, Map<Kpi, Distribution>> all = new EnumMap<>(Phase.class);

  /** Makes every recorder, empty. */
  public Recorders() {
    for (Phase phase : Phase.values()) {
      Map<Kpi, Distribution> kpis = new EnumMap<>(Kpi.class);
      for (Kpi kpi : Kpi.values()) {
        if (kpi.isDistribution()) {
          kpis.put(kpi, new Distribution());
        }
      }
      all.put(phase, kpis);
    }
  }

  /** The recorder of one KPI in one phase. */
  public Distribution of(Phase phase, Kpi kpi) {
    Distribution distribution = all.get(phase).get(kpi);
    if (distribution == null) {
      throw new IllegalArgumentException(kpi + " is a single figure, not a distribution");
    }
    return distribution;
  }

  /** Every recorder of a phase. */
  public Map<Kpi, Distribution> of(Phase phase) {
    return Map.copyOf(all.get(phase));
  }
}
