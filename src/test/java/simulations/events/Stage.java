package simulations.events;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import kpi.Sample;
import kpi.Timeline.Span;
import simulations.run.Arrivals;
import simulations.run.Levels;
import simulations.run.PhaseNames;
import simulations.run.Run;

/**
 * A stage of a run: its clients, who arrive together and read until its hold has passed.
 *
 * @param name of its phases and figures, without spaces
 */
public record Stage(String name, Arrivals arrivals, Arrivals.Plan plan, Run run) {
  /** Returns the time from its first arrival to the end of its hold. */
  Duration length() {
    return plan.rampup().plus(plan.hold());
  }

  /** Returns the spans of its level load, of which there is at most one. */
  List<Span> level() {
    String hold = PhaseNames.of(name, false).hold();
    return run.timeline().spans().stream().filter(span -> span.name().equals(hold)).toList();
  }

  /** Returns the events that all its clients received a second; empty if the hold did not begin. */
  OptionalDouble eventsPerS() {
    return levels().perS(Sample::events);
  }

  /** Returns the cores that a process used; empty if it is not known. */
  OptionalDouble cores(String process) {
    return levels().cores(process);
  }

  private Levels levels() {
    return new Levels(run.sampler().samples(), level());
  }
}
