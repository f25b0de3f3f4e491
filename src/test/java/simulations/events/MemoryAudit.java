package simulations.events;

import simulations.run.Checks;

/** The checks of the memory simulation. */
public final class MemoryAudit extends EventsAudit {
  public MemoryAudit(MemoryLoad load) {
    super(load);
  }

  @Override
  public void check(Checks checks) {
    events(checks);
    returns(checks);
  }
}
