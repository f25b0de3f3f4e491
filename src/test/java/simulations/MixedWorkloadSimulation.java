package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import simulations.auction.BidRequests;
import simulations.mixed.MixedJourneys;
import simulations.mixed.MixedSetting;
import simulations.mixed.MixedSettings;
import simulations.run.LoadSimulation;

/**
 * Goal: an auction of many items, of which few are popular, serves bidders, viewers and browsers at
 * once, and whatever they were told fits together.
 *
 * <p>Method: bidders and viewers are drawn to one item each, browsers to another each time, by
 * Zipf's law. At the end each item's history is checked for linearizability, and the archive and
 * every viewer are held against it.
 */
public final class MixedWorkloadSimulation extends LoadSimulation {
  private final MixedSetting setting = orRefuse(MixedSetting::prepare);
  private final MixedSettings settings = setting.settings();

  private final HttpProtocolBuilder protocol =
      BidRequests.protocol(setting.targets().api())
          .wsBaseUrl(setting.targets().socket().orElseThrow().toString().replaceFirst("/+$", ""));

  {
    prepared(setting.run(), setting.audit());
    setUp(populations())
        .protocols(protocol)
        .assertions(verdictIsGood())
        .maxDuration(settings.longest());
  }

  private PopulationBuilder populations() {
    MixedJourneys journeys = new MixedJourneys(setting.load());
    MixedSettings.Plan plan = settings.plan();
    int users = plan.bidders() + plan.viewers() + plan.browsers();
    PopulationBuilder measured =
        journeys.users().injectOpen(rampUsers(users).during(plan.rampup())).andThen(judge());
    if (plan.warmup().isZero()) {
      return measured;
    }
    return journeys.warmUp().injectOpen(rampUsers(users).during(plan.warmup())).andThen(measured);
  }
}
