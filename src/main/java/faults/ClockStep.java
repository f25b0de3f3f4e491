package faults;

import java.time.Duration;

/**
 * A step of the time of day of a process, which itself goes on; healed by a step back. The caller
 * carries it out.
 *
 * @param by negative for a step back
 */
public record ClockStep(Duration by) implements Fault {
  @Override
  public String word() {
    return "clock-step";
  }

  /** The part is there: what measures time needs no time of day. */
  @Override
  public boolean excuses() {
    return false;
  }
}
