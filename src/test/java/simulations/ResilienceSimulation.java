package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;

import kpi.Phase;
import simulations.auction.AuctionJourneys;
import simulations.resilience.ResilienceAudit;
import simulations.resilience.ResilienceJourneys;
import simulations.resilience.ResilienceLoad;
import simulations.resilience.ResilienceSettings;
import simulations.run.LoadSimulation;

/**
 * Goal: when a part of the auction fails, only those suffer who need it, only for as long as it is
 * away, and nothing that was accepted is lost.
 *
 * <p>Method: while bidders bid on one item and viewers follow it, a plan kills, stops and suspends
 * processes, and repairs them. Latency, errors and connected viewers are compared before, during
 * and after; then the accepted bids are compared with the archive and with every viewer.
 */
public final class ResilienceSimulation extends LoadSimulation {
  private final ResilienceSettings settings = read("resilience", ResilienceSettings::read);
  private final ResilienceLoad load = prepare(settings, ResilienceLoad::new);

  {
    int users = settings.users().count();
    warmUp(new ResilienceJourneys(load, Phase.WARM_UP).users(), users);
    measure(
        scenario("users")
            .exec(new ResilienceJourneys(load, Phase.MEASURE).users())
            .injectOpen(rampUsers(users).during(settings.users().rampup())));
    play(
        AuctionJourneys.protocol(load.targets().api()).wsBaseUrl(load.targets().socketBase()),
        load,
        new ResilienceAudit(load));
  }
}
