package kpi;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A {@link Distribution} for each KPI and phase, created on first use, because a simulation records
 * only some of them. Safe for any number of recording threads.
 */
public final class Recorders {
  private final Map<Phase, Map<Kpi, Distribution>> all =
      Map.of(Phase.WARM_UP, new ConcurrentHashMap<>(), Phase.MEASURE, new ConcurrentHashMap<>());

  public Distribution of(Phase phase, Kpi kpi) {
    Distribution known = all.get(phase).get(kpi);
    if (known != null) {
      return known;
    }
    if (!kpi.isDistribution()) {
      throw new IllegalArgumentException(kpi + " is a single figure, not a distribution");
    }
    return all.get(phase).computeIfAbsent(kpi, unused -> new Distribution());
  }

  /** Returns every recorder of a phase that was used, in the order of the catalogue. */
  public Map<Kpi, Distribution> of(Phase phase) {
    Map<Kpi, Distribution> known = new EnumMap<>(Kpi.class);
    known.putAll(all.get(phase));
    return known;
  }
}
