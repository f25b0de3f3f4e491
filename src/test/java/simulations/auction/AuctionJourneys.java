package simulations.auction;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;
import static simulations.run.GatlingRecords.doing;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.WsConnectActionBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import kpi.Outcome;
import kpi.Phase;
import kpi.Tally;
import simulations.run.Enough;
import simulations.run.GatlingRecords;
import simulations.run.Recording;
import simulations.run.WsEnd;

/**
 * What bidders and viewers of any simulation of the auction do. Each answer is read where Gatling
 * first shows it, before any check; request names are an API: no values in them.
 */
public final class AuctionJourneys {
  private static final String ARRIVED = "arrivedNs";
  private static final String BIDDER = "bidder";
  private static final String VIEWER = "viewer";
  private static final String SOCKET = "socket";

  private final AuctionLoad load;
  private final Duration timeout;

  public AuctionJourneys(AuctionLoad load) {
    this.load = load;
    this.timeout = load.settings().auction().service().timeout();
  }

  /** Returns the protocol of the bid service: one connection for each user, kept open. */
  public static HttpProtocolBuilder protocol(URI api) {
    return http.baseUrl(api.toString().replaceFirst("/+$", ""))
        .disableWarmUp()
        .disableCaching()
        .disableFollowRedirect()
        .acceptHeader("application/json");
  }

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

  public static Bidder bidder(Session session) {
    return session.get(BIDDER);
  }

  /** Returns a condition that holds while a user begins something new. */
  public Predicate<Session> goesOn(Phase phase) {
    return session -> load.goesOn(phase, arrivedNs(session));
  }

  /** A user becomes a bidder on an item, and leaves as one in the end. */
  public ChainBuilder asBidder(
      Phase phase, Function<Session, AuctionItem> item, ChainBuilder does) {
    Bidding bidding = load.bidding(phase);
    return counted(
        bidding.recording,
        exec(session -> session.set(BIDDER, bidding.bidder(item.apply(session)))).exec(does),
        session -> bidder(session).reader.outcome());
  }

  /** Counts the start of a user's journey, and its outcome at the end. */
  public static ChainBuilder counted(
      Recording recording, ChainBuilder journey, Function<Session, Outcome> outcome) {
    Tally tally = recording.tally();
    return exec(doing(session -> tally.start(recording.nowNs())))
        .exec(journey)
        .exec(doing(session -> tally.end(outcome.apply(session), recording.nowNs())));
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
            doIf(session -> bidder(session).readsFirst()).then(price(prefix + "price")),
            exec(bid(prefix + "bid")),
            pause(session -> bidder(session).thinks(think)));
  }

  public ChainBuilder price(String name) {
    return look(name, session -> bidder(session).item, session -> bidder(session).reader);
  }

  /** Reads the price of any item. */
  public ChainBuilder look(
      String name, Function<Session, AuctionItem> item, Function<Session, PriceReader> reader) {
    return exec(
        http(name)
            .get(session -> reader.apply(session).reads(item.apply(session)))
            .requestTimeout(timeout)
            .transformResponse(
                (response, session) -> {
                  reader.apply(session).answered(response.status().code(), response.body().bytes());
                  return response;
                })
            .check(status().is(200)),
        exec(doing(session -> reader.apply(session).end())),
        exec(Session::markAsSucceeded));
  }

  public ChainBuilder bid(String name) {
    return exec(
        http(name)
            .post(session -> bidder(session).item.path() + "/bid")
            .requestTimeout(timeout)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", session -> bidder(session).nextKey())
            .body(StringBody(session -> bidder(session).body()))
            .transformResponse(
                (response, session) -> {
                  bidder(session).decided(response.status().code(), response.body().bytes());
                  return response;
                })
            .check(status().in(200, 201)),
        exec(doing(session -> bidder(session).endBid())),
        exec(Session::markAsSucceeded));
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
    return exec(session -> session.set(VIEWER, viewer.apply(session)))
        .exec(connect(name + " connect", stay))
        .exec(Session::markAsSucceeded)
        .exec(GatlingRecords.metrics((sink, session) -> left(sink, session, phase)))
        .doIf(session -> WsEnd.isOpen(session, SOCKET))
        .then(exec(ws(name + " close").wsName(SOCKET).close()));
  }

  /** Receives every frame from the handshake on; that the time is up is no failure. */
  private static WsConnectActionBuilder connect(String name, Function<Session, Duration> stay) {
    return ws(name)
        .wsName(SOCKET)
        .connect(session -> AuctionTargets.path(viewer(session).item))
        .await(stay)
        .on(
            ws.checkTextMessage("frames")
                .matching(Enough.check((text, session) -> viewer(session).onFrame(text).isOver()))
                .silent());
  }

  private static Session left(GatlingRecords.Sink sink, Session session, Phase phase) {
    AuctionRecorder viewer = viewer(session);
    Optional<Outcome> failure = Optional.empty();
    if (!WsEnd.isOpen(session, SOCKET)) {
      boolean connected = viewer.isConnected();
      failure = Optional.of(WsEnd.lost(session, SOCKET, WsEnd.NO_FRAME, connected).outcome());
    }
    Outcome outcome = viewer.finish(failure);
    if (phase == Phase.MEASURE) {
      sink.ended(session, "longest lag", viewer.longestMs(), outcome);
    }
    return session.markAsSucceeded();
  }

  private static AuctionRecorder viewer(Session session) {
    return session.get(VIEWER);
  }
}
