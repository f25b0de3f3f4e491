package simulations.run;

/**
 * The names of the phases of the measured load, or of one of its stages.
 *
 * @param ramp while users arrive
 * @param hold while all users are there and the load is steady
 * @param after until all have left, and the next stage begins
 */
public record PhaseNames(String ramp, String hold, String after) {
  /** The names of a load without stages. */
  public static final PhaseNames WHOLE = new PhaseNames("ramp", "hold", "drain");

  /**
   * Returns the names of one stage.
   *
   * @param stage its name, such as 1000
   * @param last whether no other one follows
   */
  public static PhaseNames of(String stage, boolean last) {
    return new PhaseNames(
        WHOLE.ramp + " " + stage, WHOLE.hold + " " + stage, last ? WHOLE.after : "cool-down");
  }

  /** Returns true for a phase of steady load, of any stage. */
  static boolean isSteady(String phase) {
    return phase.startsWith(WHOLE.hold);
  }
}
