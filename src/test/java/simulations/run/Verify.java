package simulations.run;

/** Whether every token's text is checked; by default if the text is known. */
public enum Verify {
  AUTO,
  YES,
  NO;

  /** Returns true if the text is checked. */
  public boolean holds(boolean known) {
    return this == YES || (this == AUTO && known);
  }
}
