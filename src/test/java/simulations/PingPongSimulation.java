package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.time.Duration;
import java.util.List;
import simulations.run.LoadSimulation;
import simulations.ticker.StageLoad;
import simulations.ticker.TickerJourneys;
import simulations.ticker.TickerRunSettings;
import simulations.ticker.TickerSetting;
import simulations.ticker.TickerStage;

/**
 * Goal: a feed over WebSockets lets in whom it should and nobody else, answers every ping soon, and
 * brings every broadcast to every client, once, in order and on time.
 *
 * <p>Method: users come by an open schedule and stay; each pings by a schedule of its own, from
 * which its round trips are timed, and sees every frame. Beside them attackers try bad tokens, bad
 * frames and floods, and one client takes nothing. In a run of several stages each has figures and
 * limits of its own.
 */
public final class PingPongSimulation extends LoadSimulation {
  private final TickerSetting setting = orRefuse(TickerSetting::prepare);
  private final TickerRunSettings settings = setting.settings();

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
    List<StageLoad> stages = setting.load().stages();
    PopulationBuilder chain = judge();
    for (int last = stages.size() - 1; last >= 0; last--) {
      TickerStage stage = plan.stages().get(last);
      chain =
          journeys(stages.get(last))
              .users()
              .injectOpen(
                  nothingFor(last == 0 ? Duration.ZERO : plan.cooldown()),
                  rampUsers(stage.connections()).during(stage.rampup()))
              .andThen(chain);
    }
    if (plan.warmup().isZero()) {
      return chain;
    }
    return journeys(stages.get(0))
        .warmUp(setting.run())
        .injectOpen(rampUsers(plan.stages().get(0).connections()).during(plan.warmup()))
        .andThen(chain);
  }

  private TickerJourneys journeys(StageLoad stage) {
    return new TickerJourneys(setting.load(), stage, setting.socket().getPath(), setting.beside());
  }
}
