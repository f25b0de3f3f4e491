package simulations.run;

/**
 * A failure around the load.
 *
 * @param kind decides what it means for the verdict
 * @param sentence for the reader
 */
public record Trouble(Kind kind, String sentence) {
  /** The meaning of a failure. */
  public enum Kind {
    /** A target ended by itself: the run counts, and fails. */
    TARGET_DIED,
    /** Streams were still open when the run's time was up: the run counts, and fails. */
    HUNG,
    /** The process was interrupted: the run does not count. */
    INTERRUPTED,
    /** The generator's heap was full: the run does not count. */
    OUT_OF_MEMORY,
    /** Evidence could not be written: the run does not count. */
    NOT_WRITTEN
  }

  /** Returns true if the measurements still describe the target. */
  boolean leavesRunValid() {
    return switch (kind) {
      case TARGET_DIED, HUNG -> true;
      case INTERRUPTED, OUT_OF_MEMORY, NOT_WRITTEN -> false;
    };
  }
}
