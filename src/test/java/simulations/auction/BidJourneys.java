package simulations.auction;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import kpi.Phase;

/** What the users of the contended bids do: read or follow the price, bid, think, again. */
public final class BidJourneys {
  private static final String UNTIL = "untilNs";

  private final BidLoad load;
  private final BidRequests requests;

  /**
   * @param load that the users share
   */
  public BidJourneys(BidLoad load) {
    this.load = load;
    this.requests = new BidRequests(load.settings().plan().timeout());
  }

  /** Users like those measured, on an item of their own; cut from every figure. */
  public ScenarioBuilder warmUp() {
    long staysNs = load.settings().plan().warmup().toNanos();
    return scenario("warm-up")
        .exec(
            session -> {
              load.beginWarmUp();
              return come(session, Phase.WARM_UP).set(UNTIL, load.nanos() + staysNs);
            })
        .exec(rounds("warm-up ", session -> load.nanos() < session.getLong(UNTIL) && load.goesOn()))
        .exec(session -> leave(session, Phase.WARM_UP));
  }

  /** The users. */
  public ScenarioBuilder users() {
    return scenario("bidders")
        .exec(
            session -> {
              load.arrivals().arrive();
              return come(session, Phase.MEASURE);
            })
        .exec(rounds("", session -> load.arrivals().wantsMore()))
        .exec(session -> leave(session, Phase.MEASURE));
  }

  /** Decides whether a user goes on. */
  private interface Stay {
    boolean asks(Session session);
  }

  private ChainBuilder rounds(String prefix, Stay stay) {
    return asLongAs(stay::asks)
        .on(
            exec(requests.round(prefix + "price", prefix + "bid")),
            pause(session -> load.think(BidRequests.bidder(session))));
  }

  private Session come(Session session, Phase phase) {
    load.tally(phase).start(load.nanos());
    return session.set(BidRequests.BIDDER, load.bidding(phase).bidder());
  }

  private Session leave(Session session, Phase phase) {
    load.tally(phase).end(BidRequests.bidder(session).outcome(), load.nanos());
    return session;
  }
}
