package simulations.run;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The settings of one simulation: the common ones, and what a run needs of its own. */
public interface SimulationSettings {
  /** Returns the settings that every simulation has. */
  CommonSettings common();

  /** Returns the load in words, without a full stop. */
  default String description() {
    return common().description().words();
  }

  /** Returns the load in one sentence. */
  default String sentence() {
    Duration warmup = common().warmup();
    String cut = warmup.isZero() ? "" : "; a warm-up of " + warmup.toSeconds() + " s is cut";
    return description() + cut + ".";
  }

  /** Returns the connections that go through a link, which faults strike by the same name. */
  default Set<String> links() {
    return Set.of();
  }

  /** Returns how users that are cut off connect again; empty if they do not. */
  default Optional<Seat.Waits> reconnecting() {
    return Optional.empty();
  }

  /** Returns the longest time that the run may take. */
  Duration longest();
}
