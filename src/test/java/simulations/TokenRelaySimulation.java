package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import simulations.relay.OneSideJourneys;
import simulations.relay.RelayJourneys;
import simulations.relay.RelaySetting;
import simulations.relay.RelaySettings;
import simulations.run.LoadSimulation;

/**
 * Goal: a relay from Redis over NATS to SSE delivers every token of every conversation, once, in
 * order and soon, and says so where it cannot.
 *
 * <p>Method: tokens are published by an open schedule, whatever happens to the ones before; each is
 * timed from the moment at which it was meant to be published, hop by hop; said, passed on and
 * received are reconciled by sequence numbers. Some readers leave and resume, one reads nothing for
 * a while, and at last NATS is taken away.
 */
public final class TokenRelaySimulation extends LoadSimulation {
  private final RelaySetting setting = orRefuse(RelaySetting::prepare);
  private final RelaySettings settings = setting.settings();

  private final HttpProtocolBuilder protocol =
      http.baseUrl(setting.adapter().toString()).disableWarmUp().acceptHeader("text/event-stream");

  {
    prepared(setting.run(), setting.audit());
    setUp(populations())
        .protocols(protocol)
        .assertions(verdictIsGood())
        .maxDuration(settings.longest());
  }

  private PopulationBuilder populations() {
    RelaySettings.Plan plan = settings.plan();
    PopulationBuilder measured =
        users().injectOpen(rampUsers(plan.conversations()).during(plan.rampup())).andThen(judge());
    if (plan.warmup().isZero()) {
      return measured;
    }
    return new RelayJourneys(setting.load(), setting.adapter())
        .warmUp(setting.run())
        .injectOpen(rampUsers(plan.conversations()).during(plan.warmup()))
        .andThen(measured);
  }

  private ScenarioBuilder users() {
    return switch (settings.mode()) {
      case BOTH -> new RelayJourneys(setting.load(), setting.adapter()).users();
      case PRODUCER -> new OneSideJourneys(setting.load()).producers();
      case CONSUMER -> new OneSideJourneys(setting.load()).consumers();
    };
  }
}
