package simulations.run;

import java.util.Map;
import kpi.Figure;
import kpi.Percentiles;

/** The load of one simulation, once it has ended: its plan, its outcome, and its own figures. */
public interface Load {
  /** Returns the planned load by name. */
  Map<String, Double> offered();

  /** Returns the load that was reached, under the same names. */
  Map<String, Double> achieved();

  /** Returns figures beyond the general ones, by name. */
  default Map<String, Figure> figures(double measuredS) {
    return Map.of();
  }

  /** Returns distributions beyond those of the run as a whole, by name. */
  default Map<String, Percentiles> distributions() {
    return Map.of();
  }

  /** Returns counts beyond those of the run as a whole, by name. */
  default Map<String, Long> counters() {
    return Map.of();
  }
}
