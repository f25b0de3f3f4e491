package simulations.run;

import java.util.List;
import java.util.Map;
import verdict.Check;

/** The checks of one simulation, after its load. */
public interface Audit {
  /** Waits, within a bound, until everything under way at the targets has ended. */
  void settle();

  /** Returns the invariants; one that cannot be evaluated is INCONCLUSIVE, never left out. */
  List<Check> invariants();

  /** Returns the checks that this run does not announce, with the reason. */
  Map<String, String> unchecked();
}
