package simulations;

import simulations.events.EventsSimulation;
import simulations.events.ThroughputLoad;

/**
 * Goal: an event server sends as many events as its clients take, at their pace, each of them once,
 * and goes on where a client left.
 *
 * <p>Method: three stages. One client reads as fast as it can; many clients read at a high pace;
 * the same read short streams at a slower pace, whose first events and gaps are timed, and some of
 * which are left in the middle and resumed by Last-Event-ID.
 */
public final class ThroughputSimulation extends EventsSimulation {
  {
    play("throughput", ThroughputLoad.Plan.class, ThroughputLoad::new);
  }
}
