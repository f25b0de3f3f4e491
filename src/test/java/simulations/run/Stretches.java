package simulations.run;

/**
 * The names of the stretches of the measured phase, or of one of its stages.
 *
 * @param ramp while users come
 * @param hold while everybody is there and the load is steady
 * @param after until all have gone, and the next stage begins
 */
public record Stretches(String ramp, String hold, String after) {
  /** Of a run without stages. */
  public static final Stretches WHOLE = new Stretches("ramp", "hold", "drain");

  /**
   * Of one stage.
   *
   * @param stage its name, such as 1000
   * @param last whether no other one comes after it
   */
  public static Stretches of(String stage, boolean last) {
    return new Stretches(
        WHOLE.ramp + " " + stage, WHOLE.hold + " " + stage, last ? WHOLE.after : "cool-down");
  }

  /** True for a stretch of steady load, of whatever stage. */
  static boolean isSteady(String stretch) {
    return stretch.startsWith(WHOLE.hold);
  }
}
