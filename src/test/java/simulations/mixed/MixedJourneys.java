package simulations.mixed;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.run.GatlingRecords.doing;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import kpi.Phase;
import simulations.auction.AuctionJourneys;
import simulations.auction.AuctionLoad;
import simulations.auction.Bidder;
import simulations.mixed.Population.Role;
import simulations.mixed.Population.User;

/** What the users of the mixed workload do, each by its role. */
public final class MixedJourneys {
  private static final String USER = "user";

  private final MixedSettings settings;
  private final AuctionLoad load;
  private final AuctionJourneys journeys;

  public MixedJourneys(MixedSettings settings, AuctionLoad load) {
    this.settings = settings;
    this.load = load;
    this.journeys = new AuctionJourneys(load);
  }

  /** Returns the journey of the users of a phase; those of the warm-up have items of their own. */
  public ChainBuilder users(Phase phase, Population population) {
    return journeys
        .arrive(phase)
        .exec(session -> session.set(USER, population.next()))
        .doIf(session -> user(session).role() == Role.BIDDER)
        .then(bids(phase, population))
        .doIf(session -> user(session).role() == Role.BROWSER)
        .then(browses(phase, population))
        .doIf(session -> user(session).role() == Role.VIEWER)
        .then(
            AuctionJourneys.view(
                phase,
                session -> population.view(user(session), AuctionJourneys.arrivedNs(session)),
                session -> settings.stay(phase)));
  }

  private ChainBuilder bids(Phase phase, Population population) {
    return journeys
        .asBidder(
            phase, session -> user(session).item(), journeys.rounds(phase, settings.load().think()))
        .exec(doing(session -> population.bidderLeft()));
  }

  private ChainBuilder browses(Phase phase, Population population) {
    return AuctionJourneys.counted(
        load.recording(phase),
        asLongAs(journeys.goesOn(phase)::test)
            .on(
                journeys.look(
                    AuctionJourneys.prefix(phase) + "look",
                    session -> population.draw(user(session).random()),
                    session -> user(session).reader()),
                pause(session -> Bidder.around(settings.load().browse(), user(session).random()))),
        session -> user(session).reader().outcome());
  }

  private static User user(Session session) {
    return session.get(USER);
  }
}
