package simulations;

import simulations.events.EventsSettings;
import simulations.events.ThroughputLoad;
import simulations.run.LoadSimulation;

/**
 * Goal: an event server sends as many events as its clients take, at their pace, each of them once,
 * and goes on where a client left.
 *
 * <p>Method: three stages. One client reads as fast as it can; many clients read at a high pace;
 * the same read short streams at a slower pace, whose first events and gaps are timed, and some of
 * which are left in the middle and resumed by Last-Event-ID.
 */
public final class ThroughputSimulation extends LoadSimulation {
  private final EventsSettings<ThroughputLoad.Plan> settings =
      read("throughput", EventsSettings.of(ThroughputLoad.Plan.class));
  private final ThroughputLoad load = prepare(settings, ThroughputLoad::new);

  {
    warmUp(load.warmUp(), settings.warmUpClients());
    load.populations().forEach(this::measure);
    play(load.protocol(), load, load);
  }
}
