package simulations;

import simulations.events.EventsSettings;
import simulations.events.MemoryLoad;
import simulations.run.LoadSimulation;

/**
 * Goal: an event server keeps nothing of a client that has left, however many come and go, for as
 * long as the run takes.
 *
 * <p>Method: clients stream, disconnect and connect anew. The slope of the memory in use is that
 * under load; the heap after a full collection, the registrations and the descriptors are compared
 * before the first client came and after the last one left, and the growth is divided by the
 * connections in between, so that one KB a connection is seen.
 */
public final class MemoryStabilitySimulation extends LoadSimulation {
  private final EventsSettings<MemoryLoad.Plan> settings =
      read("memory-stability", EventsSettings.of(MemoryLoad.Plan.class));
  private final MemoryLoad load = prepare(settings, MemoryLoad::new);

  {
    warmUp(load.warmUp(), settings.warmUpClients());
    load.populations().forEach(this::measure);
    play(load.protocol(), load, load);
  }
}
