package simulations;

import static io.gatling.javaapi.http.HttpDsl.*;

import java.time.Duration;
import simulations.run.LoadSimulation;
import simulations.ticker.TickerAudit;
import simulations.ticker.TickerJourneys;
import simulations.ticker.TickerLoad;
import simulations.ticker.TickerSettings;
import simulations.ticker.TickerTargets;

/**
 * Goal: a feed over WebSockets lets in valid users only, answers every ping soon, and brings every
 * broadcast to every client, once, in order and on time.
 *
 * <p>Method: users arrive by an open schedule and stay; each pings by a schedule of its own, from
 * which its round trips are timed, and sees every frame. Beside them attackers try bad tokens, bad
 * frames and floods, and one client reads nothing. In a run of several stages each has figures and
 * thresholds of its own.
 */
public final class PingPongSimulation extends LoadSimulation {
  private final TickerSettings settings = read("ping-pong", TickerSettings::read);
  private final TickerTargets targets = prepare(settings, TickerTargets::prepare);
  private final TickerLoad load = new TickerLoad(settings, targets, run());

  {
    warmUp(new TickerJourneys(load, 0).warmUp(), settings.stages().get(0).users().connections());
    for (int stage = 0; stage < settings.stages().size(); stage++) {
      Duration after = stage == 0 ? Duration.ZERO : settings.plan().cooldown();
      measure(new TickerJourneys(load, stage).users(after));
    }
    play(http.disableWarmUp(), load, new TickerAudit(load, targets));
  }
}
