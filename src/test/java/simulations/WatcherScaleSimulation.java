package simulations;

import simulations.events.EventsSimulation;
import simulations.events.WatcherLoad;

/**
 * Goal: one watcher looks after all streams, however many there are; it starts with the first and
 * stops after the last.
 *
 * <p>Method: in steps, more and more clients connect to one broadcast; when all are there, events
 * are published by an open schedule, and each client must get each of them. All leave; the server
 * must be idle before the next step. Then clients come and go at a high rate. The server's
 * watchers, registrations and threads are read ten times a second.
 */
public final class WatcherScaleSimulation extends EventsSimulation {
  {
    play("watcher-scale", WatcherLoad.Plan.class, WatcherLoad::new);
  }
}
