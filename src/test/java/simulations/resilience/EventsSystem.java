package simulations.resilience;

import java.util.Set;
import kpi.Kpi;
import simulations.events.EventsSettings;
import simulations.events.ResumeLoad;
import simulations.run.Checks;
import simulations.run.Run;

/**
 * The event server: clients resume its broadcast by Last-Event-ID, and what its window does not
 * hold any more is lost.
 */
record EventsSystem(ResumeLoad load, int warmUpClients) implements FaultedSystem {
  static EventsSystem start(EventsSettings<ResumeLoad.Plan> settings, Run run) {
    return new EventsSystem(new ResumeLoad(settings, run), settings.warmUpClients());
  }

  @Override
  public Played play() {
    return new Played(load.protocol(), load.populations().get(0), load.warmUp(), warmUpClients);
  }

  @Override
  public Service service() {
    return new Service(
        "events",
        Set.of(Kpi.DELIVERY_LAG),
        Set.of(),
        Set.of(Kpi.DELIVERY_LAG),
        Set.of(),
        Set.of("events", "users-events"),
        Set.of());
  }

  @Override
  public void settle() {
    load.settle();
  }

  @Override
  public void check(Checks checks) {
    load.check(checks);
  }
}
