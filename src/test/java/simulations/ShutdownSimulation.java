package simulations;

import simulations.events.EventsSettings;
import simulations.events.ShutdownLoad;
import simulations.events.ShutdownSettings;
import simulations.run.LoadSimulation;

/**
 * Goal: an event server that is stopped ends every stream in order and is gone in time, and clients
 * that resume at another one lose nothing.
 *
 * <p>Method: stages. Clients stream, their server gets SIGTERM: once, twice, and while clients
 * arrive. Each connection's end, the time to the end of the process and the port after it are seen.
 * Then two servers behind a proxy are restarted by turns, and clients resume by Last-Event-ID.
 */
public final class ShutdownSimulation extends LoadSimulation {
  private final EventsSettings<ShutdownSettings> settings =
      read("shutdown", EventsSettings.of(ShutdownSettings.class));
  private final ShutdownLoad load = prepare(settings, ShutdownLoad::new);

  {
    warmUp(load.warmUp(), settings.warmUpClients());
    load.populations().forEach(this::measure);
    play(load.protocol(), load, load);
  }
}
