package simulations;

import simulations.run.LoadSimulation;
import simulations.sse.SseAudit;
import simulations.sse.SseJourneys;
import simulations.sse.SseLoad;
import simulations.sse.SseSettings;
import simulations.sse.SseTargets;

/**
 * Goal: a proxy in front of a token server keeps every token of every stream, in order and on time,
 * while clients arrive, leave, and are cut off.
 *
 * <p>Method: clients arrive by an open schedule and then stream back to back; every event of every
 * stream is stamped in nanoseconds and checked; sent, passed on and received are reconciled.
 */
public final class SseBattleSimulation extends LoadSimulation {
  private final SseSettings settings = read("sse-battle", SseSettings::read);
  private final SseTargets targets = prepare(settings, SseTargets::prepare);
  private final SseLoad load = new SseLoad(settings, run());

  {
    SseJourneys journeys = new SseJourneys(load);
    warmUp(journeys.warmUp(), settings.warmUpUsers());
    measure(journeys.users());
    play(journeys.protocol(targets), load, new SseAudit(load, targets));
  }
}
