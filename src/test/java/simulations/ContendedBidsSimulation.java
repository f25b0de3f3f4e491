package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.PopulationBuilder;
import simulations.auction.BidJourneys;
import simulations.auction.BidRequests;
import simulations.auction.ContendSetting;
import simulations.auction.ContendSettings;
import simulations.run.LoadSimulation;

/**
 * Goal: an auction decides bids of many users on one item as if one by one, exactly to the cent,
 * soon, and loses none on the way to viewers and archive. The headline is how many bids it accepts
 * a second.
 *
 * <p>Method: a closed loop, as in the original: each user reads the price or follows it from the
 * last answer, bids a little above it, and thinks a moment; a share of the bids must lose. Every
 * request's call and return are kept, and at the end the whole history is checked for
 * linearizability and held against Redis, JetStream, PostgreSQL and those who watched.
 */
public final class ContendedBidsSimulation extends LoadSimulation {
  private final ContendSetting setting = orRefuse(ContendSetting::prepare);
  private final ContendSettings settings = setting.settings();

  {
    prepared(setting.run(), setting.audit());
    setUp(populations())
        .protocols(BidRequests.protocol(setting.targets().api()))
        .assertions(verdictIsGood())
        .maxDuration(settings.longest());
  }

  private PopulationBuilder populations() {
    BidJourneys journeys = new BidJourneys(setting.load());
    ContendSettings.Plan plan = settings.plan();
    PopulationBuilder measured =
        journeys.users().injectOpen(rampUsers(plan.users()).during(plan.rampup())).andThen(judge());
    if (plan.warmup().isZero()) {
      return measured;
    }
    return journeys
        .warmUp()
        .injectOpen(rampUsers(plan.users()).during(plan.warmup()))
        .andThen(measured);
  }
}
