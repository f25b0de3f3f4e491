package simulations.auction;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import kpi.Outcome;
import kpi.Phase;
import simulations.run.GatlingRecords;
import simulations.run.WsEnd;

/** What bidders and viewers of any simulation of the auction do. */
public final class AuctionJourneys {
  private static final String ARRIVED = "arrivedNs";
  private static final String GROUP = "metrics";

  private final AuctionLoad load;
  private final AuctionRequests requests;

  /**
   * @param load that the users share
   * @param timeout of an answer
   */
  public AuctionJourneys(AuctionLoad load, Duration timeout) {
    this.load = load;
    this.requests = new AuctionRequests(timeout);
  }

  /** Returns the requests. */
  public AuctionRequests requests() {
    return requests;
  }

  /** Returns the prefix of the names of a phase's requests. */
  public static String prefix(Phase phase) {
    return phase == Phase.MEASURE ? "" : "warm-up ";
  }

  /** Notes the arrival of a user. */
  public ChainBuilder arrive(Phase phase) {
    return exec(session -> session.set(ARRIVED, load.arrive(phase)));
  }

  /** Returns the planned time of a user's arrival in monotonic nanoseconds. */
  public static long arrivedNs(Session session) {
    return session.getLong(ARRIVED);
  }

  /** Returns a condition that holds while a user begins something new. */
  public Predicate<Session> goesOn(Phase phase) {
    return session -> load.goesOn(phase, arrivedNs(session));
  }

  /** A user becomes a bidder on an item, and leaves as one in the end. */
  public ChainBuilder asBidder(
      Phase phase, Function<Session, AuctionItem> item, ChainBuilder does) {
    Bidding bidding = load.bidding(phase);
    return exec(session -> {
          bidding.recording().tally().start(bidding.recording().nowNs());
          return session.set(AuctionRequests.BIDDER, bidding.bidder(item.apply(session)));
        })
        .exec(does)
        .exec(
            session -> {
              Outcome outcome = AuctionRequests.bidder(session).outcome();
              bidding.recording().tally().end(outcome, bidding.recording().nowNs());
              return session;
            });
  }

  /**
   * A bidder reads or follows the price, bids, thinks, and does so again.
   *
   * @param think mean time from an answer to the next round
   */
  public ChainBuilder rounds(Phase phase, Duration think) {
    String prefix = prefix(phase);
    return asLongAs(goesOn(phase)::test)
        .on(
            exec(requests.round(prefix + "price", prefix + "bid")),
            pause(session -> AuctionRequests.bidder(session).around(think)));
  }

  /**
   * A viewer connects, receives every frame, and leaves when no bid can follow.
   *
   * @param viewer creates the recorder of a user that is about to connect
   * @param stay how long the viewer stays at most
   */
  public static ChainBuilder view(
      Phase phase, Function<Session, AuctionRecorder> viewer, Function<Session, Duration> stay) {
    String name = prefix(phase) + "viewer";
    return exec(session -> session.set(AuctionRequests.VIEWER, viewer.apply(session)))
        .exec(AuctionRequests.view(name + " connect", stay))
        .exec(Session::markAsSucceeded)
        .exec(
            group(GROUP)
                .on(exec(GatlingRecords.action((sink, session) -> left(sink, session, phase)))))
        .doIf(session -> WsEnd.isOpen(session, AuctionRequests.SOCKET))
        .then(exec(ws(name + " close").wsName(AuctionRequests.SOCKET).close()));
  }

  private static Session left(GatlingRecords.Sink sink, Session session, Phase phase) {
    AuctionRecorder viewer = AuctionRequests.viewer(session);
    Optional<Outcome> failure = Optional.empty();
    if (!WsEnd.isOpen(session, AuctionRequests.SOCKET)) {
      boolean connected = viewer.isConnected();
      failure =
          Optional.of(
              WsEnd.lost(session, AuctionRequests.SOCKET, WsEnd.NO_FRAME, connected).outcome());
    }
    Outcome outcome = viewer.finish(failure);
    if (phase == Phase.MEASURE) {
      boolean ok = outcome == Outcome.OK;
      sink.log(session, "longest lag", viewer.longestMs(), ok ? null : outcome.counter());
    }
    return session.markAsSucceeded();
  }
}
