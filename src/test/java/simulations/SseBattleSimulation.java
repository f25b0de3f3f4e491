package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.net.URI;
import java.util.List;
import simulations.run.LoadSimulation;
import simulations.sse.SseBattleSettings;
import simulations.sse.SseJourneys;
import simulations.sse.SseSetting;

/**
 * Goal: a proxy in front of a token server keeps every token of every stream, in order and on time,
 * while clients arrive, leave, and are cut off.
 *
 * <p>Method: clients arrive by an open schedule and then stream back to back; every event of every
 * stream is stamped in nanoseconds and checked; sent, passed on and received are reconciled.
 */
public final class SseBattleSimulation extends LoadSimulation {
  private final SseSetting setting = orRefuse(SseSetting::prepare);
  private final SseBattleSettings settings = setting.settings();
  private final SseJourneys journeys = new SseJourneys(setting.battle());

  private final HttpProtocolBuilder protocol = protocol(settings, setting.urls());

  {
    prepared(setting.run(), setting.audit());
    setUp(populations()).protocols(protocol).assertions(verdictIsGood());
  }

  private PopulationBuilder populations() {
    int users = settings.clients() + settings.leavers() + settings.breakers();
    PopulationBuilder measured =
        journeys.users().injectOpen(rampUsers(users).during(settings.rampup())).andThen(judge());
    if (settings.warmup().isZero()) {
      return measured;
    }
    return journeys
        .warmUp(setting.run())
        .injectOpen(rampUsers(settings.clients()).during(settings.warmup()))
        .andThen(measured);
  }

  private static HttpProtocolBuilder protocol(SseBattleSettings settings, List<URI> urls) {
    HttpProtocolBuilder protocol =
        http.baseUrls(urls.stream().map(URI::toString).toList())
            .disableWarmUp()
            .acceptHeader("text/event-stream");
    return settings
        .service()
        .apiKey()
        .map(key -> protocol.authorizationHeader("Bearer " + key))
        .orElse(protocol);
  }
}
