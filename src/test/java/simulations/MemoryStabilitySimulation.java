package simulations;

import simulations.events.EventsSimulation;
import simulations.events.MemoryLoad;

/**
 * Goal: an event server keeps nothing of a client that has left, however many come and go, for as
 * long as the run takes.
 *
 * <p>Method: clients stream, disconnect and connect anew. The slope of the memory in use is that
 * under load; the heap after a full collection, the registrations and the descriptors are compared
 * before the first client came and after the last one left, and the growth is divided by the
 * connections in between, so that one KB a connection is seen.
 */
public final class MemoryStabilitySimulation extends EventsSimulation {
  {
    play("memory-stability", MemoryLoad.Plan.class, MemoryLoad::new);
  }
}
