package simulations.auction;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import kpi.Phase;
import simulations.auction.StepSchedule.Next;
import simulations.run.GatlingRecords;

/**
 * What the users of a stepped load do: whoever is free takes the next bid of the schedule, waits
 * until it is due, and sends it; if nobody is free, it is sent late, and counted from when it was
 * due.
 */
public final class StepJourneys {
  private static final String UNTIL = "untilNs";
  private static final String NEXT = "next";
  private static final String READY = "readyNs";
  private static final long NS_PER_MS = 1_000_000;

  private final StepLoad load;
  private final BidRequests requests;

  /**
   * @param load that the users share
   */
  public StepJourneys(StepLoad load) {
    this.load = load;
    this.requests = new BidRequests(load.settings().timeout());
  }

  /** The same users at a moderate rate, on an item of their own; cut from every figure. */
  public ScenarioBuilder warmUp() {
    long staysNs = load.settings().warmup().toNanos();
    return scenario("warm-up")
        .exec(
            session -> {
              load.beginWarmUp();
              return come(session, Phase.WARM_UP).set(UNTIL, load.nanos() + staysNs);
            })
        .asLongAs(session -> load.nanos() < session.getLong(UNTIL) && load.goesOn())
        .on(
            exec(requests.round("warm-up price", "warm-up bid")),
            pause(session -> Duration.ofNanos(load.warmUpThinkNs(BidRequests.bidder(session)))))
        .exec(session -> leave(session, Phase.WARM_UP));
  }

  /** The users. */
  public ScenarioBuilder users() {
    return scenario("bidders")
        .exec(GatlingRecords.onBuild(core -> load.count(core.eventLoopGroup())))
        .exec(
            session -> {
              load.arrivals().arrive();
              return come(session, Phase.MEASURE);
            })
        // Everybody is there, knows the price and has a connection before the first step.
        .exec(requests.look("price"))
        .rendezVous(load.settings().users())
        .exec(this::take)
        .asLongAs(session -> !(session.get(NEXT) instanceof Next.Over))
        .on(
            pause(this::untilDue),
            doIf(session -> session.get(NEXT) instanceof Next.Bid)
                .then(exec(requests.onlyBid("bid")), exec(this::ended)),
            exec(this::take))
        .exec(session -> leave(session, Phase.MEASURE));
  }

  private Session take(Session session) {
    return session.set(NEXT, load.next()).set(READY, load.nanos());
  }

  /** Rounded up to a millisecond: never too early. */
  private Duration untilDue(Session session) {
    Next next = session.get(NEXT);
    long untilNs = next instanceof Next.Bid bid ? bid.dueNs() : ((Next.Wait) next).untilNs();
    long leftNs = Math.max(0, untilNs - load.nanos());
    return Duration.ofMillis((leftNs + NS_PER_MS - 1) / NS_PER_MS);
  }

  private Session ended(Session session) {
    Next.Bid bid = session.get(NEXT);
    load.ended(bid, session.getLong(READY), BidRequests.bidder(session));
    return session;
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
