package faults;

/** The bytes of a connection that a link fault affects. */
public enum Direction {
  /** From the client to the service. */
  UP,
  /** From the service to the client. */
  DOWN,
  BOTH;

  /** Returns whether this direction includes one that is not {@link #BOTH}. */
  boolean includes(Direction one) {
    return this == BOTH || this == one;
  }
}
