package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import simulations.run.LoadSimulation;
import simulations.ticker.TickerJourneys;
import simulations.ticker.TickerRunSettings;
import simulations.ticker.TickerSetting;

/**
 * Goal: a feed over WebSockets lets in whom it should and nobody else, answers every ping soon, and
 * brings every broadcast to every client, once, in order and on time.
 *
 * <p>Method: users come by an open schedule and stay; each pings by a schedule of its own, from
 * which its round trips are timed, and sees every frame. Beside them attackers try bad tokens, bad
 * frames and floods, and one client takes nothing.
 */
public final class PingPongSimulation extends LoadSimulation {
  private final TickerSetting setting = orRefuse(TickerSetting::prepare);
  private final TickerRunSettings settings = setting.settings();
  private final TickerJourneys journeys =
      new TickerJourneys(setting.load(), setting.socket().getPath(), setting.beside());

  private final HttpProtocolBuilder protocol =
      http.wsBaseUrl(setting.socket().resolve("/").toString().replaceFirst("/$", ""))
          .disableWarmUp();

  {
    prepared(setting.run(), setting.audit());
    setUp(populations())
        .protocols(protocol)
        .assertions(verdictIsGood())
        .maxDuration(settings.longest());
  }

  private PopulationBuilder populations() {
    TickerRunSettings.Plan plan = settings.plan();
    PopulationBuilder measured =
        journeys
            .users()
            .injectOpen(rampUsers(plan.connections()).during(plan.rampup()))
            .andThen(judge());
    if (plan.warmup().isZero()) {
      return measured;
    }
    return journeys
        .warmUp(setting.run())
        .injectOpen(rampUsers(plan.connections()).during(plan.warmup()))
        .andThen(measured);
  }
}
