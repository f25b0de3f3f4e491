package simulations.run;

import java.time.Duration;

/** The settings of one simulation: the common ones, and what a run needs of its own. */
public interface SimulationSettings {
  /** Returns the settings that every simulation has. */
  CommonSettings common();

  /** Returns the load in one sentence. */
  String sentence();

  /** Returns the longest time that the run may take. */
  Duration longest();
}
