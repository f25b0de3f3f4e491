package simulations;

import simulations.events.BackpressureLoad;
import simulations.events.EventsSimulation;

/**
 * Goal: clients that read slowly, or not at all, cost the others nothing, and clients that come and
 * go leave nothing behind.
 *
 * <p>Method: fast clients read at a set pace, first alone and then beside slow and frozen ones; the
 * shares of time in which no event was overdue are compared. Frozen clients must be closed after
 * the send timeout, slow ones must not. Then clients connect and leave in the middle of a stream.
 */
public final class BackpressureSimulation extends EventsSimulation {
  {
    play("backpressure", BackpressureLoad.Plan.class, BackpressureLoad::new);
  }
}
