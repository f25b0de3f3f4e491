package simulations;

import simulations.events.EventsSimulation;
import simulations.events.ShutdownLoad;

/**
 * Goal: an event server that is stopped ends every stream in order and is gone in time, and clients
 * that resume at another one lose nothing.
 *
 * <p>Method: stages. Clients stream, their server gets SIGTERM: once, twice, and while clients
 * arrive. Each connection's end, the time to the end of the process and the port after it are seen.
 * Then two servers behind a proxy are restarted by turns, and clients resume by Last-Event-ID.
 */
public final class ShutdownSimulation extends EventsSimulation {
  {
    play("shutdown", ShutdownLoad.Plan.class, ShutdownLoad::new);
  }
}
