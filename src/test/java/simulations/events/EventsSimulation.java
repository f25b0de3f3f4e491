package simulations.events;

import java.util.function.BiFunction;
import simulations.run.LoadSimulation;
import simulations.run.Run;

/** A simulation of an event server. */
public abstract class EventsSimulation extends LoadSimulation {
  /** Plays the stages of a load, one after the other, once it has started or reached the server. */
  protected final <P extends Record & EventsSettings.Plan> void play(
      String section, Class<P> plan, BiFunction<EventsSettings<P>, Run, EventsLoad<P>> start) {
    EventsSettings<P> settings = read(section, EventsSettings.of(plan));
    EventsLoad<P> load = prepare(settings, start);
    warmUp(load.warmUp(), settings.warmUpClients());
    load.populations().forEach(this::measure);
    play(load.protocol(), load, load);
  }
}
