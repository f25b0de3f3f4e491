package simulations;

import simulations.resilience.FaultedSystem;
import simulations.resilience.ResilienceAudit;
import simulations.resilience.ResilienceLoad;
import simulations.resilience.ResilienceSettings;
import simulations.run.LoadSimulation;

/**
 * Goal: when a part of a system fails, only those suffer who need it, only for as long as it is
 * away, and nothing is lost that the system has promised to keep.
 *
 * <p>Method: while the users of the system's own simulation are there, a plan kills, stops and
 * suspends processes or cuts the links between them, and repairs them. Latency, errors and
 * connected clients are compared before, during and after; then what was accepted is compared with
 * what arrived.
 */
public final class ResilienceSimulation extends LoadSimulation {
  private final ResilienceSettings settings = read("resilience", ResilienceSettings::read);
  private final ResilienceLoad load = prepare(settings, ResilienceLoad::new);

  {
    FaultedSystem.Played played = load.play();
    warmUp(played.warmUp(), played.warmUpUsers());
    measure(played.users());
    play(played.protocol(), load, new ResilienceAudit(load));
  }
}
