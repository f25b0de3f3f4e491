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
final class EventsSystem implements FaultedSystem {
  private final EventsSettings<ResumeLoad.Plan> settings;
  private final ResumeLoad load;

  EventsSystem(EventsSettings<ResumeLoad.Plan> settings, Run run) {
    this.settings = settings;
    this.load = new ResumeLoad(settings, run);
  }

  @Override
  public ResumeLoad load() {
    return load;
  }

  @Override
  public Played play() {
    return new Played(
        load.protocol(), load.populations().get(0), load.warmUp(), settings.warmUpClients());
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
