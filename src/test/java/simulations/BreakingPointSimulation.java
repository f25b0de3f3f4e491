package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.PopulationBuilder;
import simulations.auction.BidRequests;
import simulations.auction.BreakSetting;
import simulations.auction.BreakSettings;
import simulations.auction.StepJourneys;
import simulations.run.LoadSimulation;

/**
 * Goal: how many bids a second on one item an auction carries, and what runs out first.
 *
 * <p>Method: bids by an open schedule in steps of a rising rate, each timed from the moment at
 * which it was due, until one step has too many errors or too long a p99. From what every process
 * used in that step it is told which resource ran out; if it was the generator's own, that is said,
 * and nothing is said of the target. What was decided is checked as in the contended bids.
 */
public final class BreakingPointSimulation extends LoadSimulation {
  private final BreakSetting setting = orRefuse(BreakSetting::prepare);
  private final BreakSettings settings = setting.settings();

  {
    prepared(setting.run(), setting.audit());
    setUp(populations())
        .protocols(BidRequests.protocol(setting.targets().api()))
        .assertions(verdictIsGood())
        .maxDuration(settings.longest());
  }

  private PopulationBuilder populations() {
    StepJourneys journeys = new StepJourneys(setting.load());
    PopulationBuilder measured =
        journeys
            .users()
            .injectOpen(rampUsers(settings.users()).during(settings.rampup()))
            .andThen(judge());
    if (settings.warmup().isZero()) {
      return measured;
    }
    return journeys
        .warmUp()
        .injectOpen(rampUsers(settings.users()).during(settings.warmup()))
        .andThen(measured);
  }
}
