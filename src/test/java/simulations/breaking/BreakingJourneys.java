package simulations.breaking;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import kpi.Phase;
import simulations.auction.AuctionJourneys;
import simulations.breaking.StepSchedule.Next;
import simulations.run.OpenSchedule;

/**
 * What the users of a stepped load do: a free user takes the next bid of the schedule, waits until
 * it is due, and sends it; without a free user it is sent late, and counted from its due time.
 */
public record BreakingJourneys(BreakingLoad load) {
  private static final String NEXT = "next";
  private static final String READY = "readyNs";
  private static final double WARM_UP_PER_S = 200;

  /** Returns the journey of the same users at a moderate rate, on an item of their own. */
  public ChainBuilder warmUp() {
    AuctionJourneys journeys = new AuctionJourneys(load, Phase.WARM_UP);
    long thinkNs = Math.round(load.settings.users().count() * 1e9 / WARM_UP_PER_S);
    return journeys.bidOnTheItem(journeys.rounds(Duration.ofNanos(thinkNs)));
  }

  /** Returns the journey of the measured users. */
  public ChainBuilder users() {
    AuctionJourneys journeys = new AuctionJourneys(load, Phase.MEASURE);
    return journeys.bidOnTheItem(
        // All users are there, know the price and have a connection before the first step.
        exec(journeys.price())
            .rendezVous(load.settings.users().count())
            .exec(this::take)
            .asLongAs(session -> !(session.get(NEXT) instanceof Next.Over))
            .on(
                pause(this::untilDue),
                doIf(session -> session.get(NEXT) instanceof Next.Bid)
                    .then(exec(journeys.bid()), exec(this::ended)),
                exec(this::take)));
  }

  private long nowNs() {
    return load.recording(Phase.MEASURE).nowNs();
  }

  private Session take(Session session) {
    return session.set(NEXT, load.next()).set(READY, nowNs());
  }

  private Duration untilDue(Session session) {
    Next next = session.get(NEXT);
    long untilNs = next instanceof Next.Bid bid ? bid.dueNs() : ((Next.Wait) next).untilNs();
    return OpenSchedule.until(untilNs, nowNs());
  }

  private Session ended(Session session) {
    Next.Bid bid = session.get(NEXT);
    load.ended(bid, session.getLong(READY), AuctionJourneys.bidder(session));
    return session;
  }
}
