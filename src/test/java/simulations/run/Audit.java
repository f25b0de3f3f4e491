package simulations.run;

import java.util.List;
import java.util.Map;
import kpi.Figure;
import kpi.Percentiles;
import verdict.Check;

/** What a simulation knows about its own run and the protocol does not. */
public interface Audit {
  /** Waits, within a bound, until what is under way at the targets has ended. */
  void settle();

  /** Figures beyond the general ones, by name. */
  Map<String, Figure> figures(double measuredS);

  /** Distributions beyond those of the run as a whole, by name. */
  default Map<String, Percentiles> distributions() {
    return Map.of();
  }

  /** Counts beyond those of the run as a whole, by name. */
  default Map<String, Long> counters() {
    return Map.of();
  }

  /** What the plan asked for, by name. */
  Map<String, Double> offered();

  /** What came of it, under the same names. */
  Map<String, Double> achieved();

  /** What must hold in any run. */
  List<Check> invariants();

  /** What could not be checked in this run, with the reason. */
  Map<String, String> unchecked();
}
