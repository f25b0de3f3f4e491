package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;

import simulations.auction.AuctionJourneys;
import simulations.breaking.BreakingAudit;
import simulations.breaking.BreakingJourneys;
import simulations.breaking.BreakingLoad;
import simulations.breaking.BreakingSettings;
import simulations.run.LoadSimulation;

/**
 * Goal: the rate of bids on one item that an auction carries, and the resource that runs out first.
 *
 * <p>Method: bids by an open schedule in steps of a rising rate, each timed from its due time,
 * until one step has too many errors or too long a p99. What every process used in that step shows
 * which resource ran out; if it was the generator's own, nothing is said of the target. Decided
 * bids are checked as in the contended bids.
 */
public final class BreakingPointSimulation extends LoadSimulation {
  private final BreakingSettings settings = read("breaking-point", BreakingSettings::read);
  private final BreakingLoad load = prepare(settings, BreakingLoad::new);
  private final BreakingAudit audit = prepare(settings, (s, run) -> new BreakingAudit(load, s));

  {
    BreakingJourneys journeys = new BreakingJourneys(load);
    int users = settings.users().count();
    warmUp(journeys.warmUp(), users);
    measure(
        scenario("bidders")
            .exec(journeys.users())
            .injectOpen(rampUsers(users).during(settings.users().rampup())));
    play(AuctionJourneys.protocol(load.targets.api()), load, audit);
  }
}
