package faults;

/** A failure injected from outside into one part of a run. */
public sealed interface Fault permits ClockStep, LinkFault, ProcessFault {
  /** Returns its name in plans, such as {@code kill} or {@code latency}. */
  String word();

  /** Returns whether requests that need the part may fail meanwhile. */
  default boolean excuses() {
    return true;
  }
}
