package simulations.events;

import simulations.run.Checks;

/** Checks that what the server accepted reached every client, once and in order. */
public final class ResumeAudit extends EventsAudit {
  public ResumeAudit(ResumeLoad load) {
    super(load);
  }

  @Override
  public void check(Checks checks) {
    numbered(checks);
  }
}
