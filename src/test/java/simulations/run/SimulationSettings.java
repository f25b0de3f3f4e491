package simulations.run;

import java.time.Duration;

/** The settings of one simulation: the common ones, and what a run needs of its own. */
public interface SimulationSettings {
  /** Returns the settings that every simulation has. */
  CommonSettings common();

  /** Returns the load in one sentence. */
  String sentence();

  /** Returns how long the run may take, whatever the service does. */
  Duration longest();
}
