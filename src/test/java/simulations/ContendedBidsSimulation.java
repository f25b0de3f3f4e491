package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import kpi.Phase;
import simulations.auction.AuctionAudit;
import simulations.auction.AuctionJourneys;
import simulations.auction.AuctionLoad;
import simulations.auction.ContendSettings;
import simulations.run.LoadSimulation;

/**
 * Goal: an auction decides bids of many users on one item as if one by one, exactly to the cent,
 * soon, and loses none on the way to viewers and archive. The headline is the rate of accepted
 * bids.
 *
 * <p>Method: a closed loop, as in the original: each user reads the price or follows it from the
 * last answer, bids a little above it, and thinks a moment; a share of the bids must lose. Every
 * request's call and return are kept, and at the end the whole history is checked for
 * linearizability and compared with Redis, JetStream, PostgreSQL and the viewers.
 */
public final class ContendedBidsSimulation extends LoadSimulation {
  private final ContendSettings settings = read("contended-bids", ContendSettings::read);
  private final AuctionLoad load = prepare(settings, AuctionLoad::new);
  private final AuctionAudit audit =
      prepare(settings, (s, run) -> new AuctionAudit(load, s.item().viewers()));

  {
    int users = settings.users().count();
    warmUp(bidders(Phase.WARM_UP), users);
    measure(
        scenario("bidders")
            .exec(bidders(Phase.MEASURE))
            .injectOpen(rampUsers(users).during(settings.users().rampup())));
    play(AuctionJourneys.protocol(load.targets.api()), load, audit);
  }

  private ChainBuilder bidders(Phase phase) {
    AuctionJourneys journeys = new AuctionJourneys(load, phase);
    return journeys.bidOnTheItem(journeys.rounds(settings.load().think()));
  }
}
