package simulations.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.Figure;
import kpi.Percentiles;

/** The load of one simulation, once it has ended: its plan, its outcome, and its own figures. */
public interface Load {
  /** Returns the schedules of its users' arrivals, one for each stage. */
  List<Arrivals> schedules();

  /** Returns the planned load by name. */
  default Map<String, Double> offered() {
    Map<String, Double> offered = new LinkedHashMap<>();
    schedules().forEach(arrivals -> offered.putAll(arrivals.offered()));
    return offered;
  }

  /** Returns the load that was reached, under the same names. */
  default Map<String, Double> achieved() {
    Map<String, Double> achieved = new LinkedHashMap<>();
    schedules().forEach(arrivals -> achieved.putAll(arrivals.achieved()));
    return achieved;
  }

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
