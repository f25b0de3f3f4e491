package simulations.auction;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;
import static simulations.run.GatlingRecords.doing;

import io.gatling.http.client.Request;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import kpi.Outcome;
import kpi.Phase;
import kpi.Tally;
import simulations.run.GatlingRecords;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.run.Seat;
import simulations.run.WsEnd;

/**
 * What bidders and viewers of any simulation of the auction do in one phase. Each answer is read
 * where Gatling first shows it, before any check; request names are an API: no values in them.
 */
public final class AuctionJourneys {
  private static final String ARRIVED = "arrivedNs";
  private static final String BIDDER = "bidder";
  private static final String VIEWER = "viewer";
  private static final String SOCKET = "socket";

  private final AuctionLoad load;
  private final Phase phase;
  private final String prefix;
  private final Duration timeout;

  public AuctionJourneys(AuctionLoad load, Phase phase) {
    this.load = load;
    this.phase = phase;
    this.prefix = prefix(phase);
    this.timeout = load.settings.auction().service().timeout();
  }

  /** Returns the protocol of the bid service: one connection for each user, kept open. */
  public static HttpProtocolBuilder protocol(URI api) {
    return http.baseUrl(api.toString().replaceFirst("/+$", ""))
        .disableWarmUp()
        .disableCaching()
        .disableFollowRedirect()
        .acceptHeader("application/json");
  }

  private static String prefix(Phase phase) {
    return phase == Phase.MEASURE ? "" : "warm-up ";
  }

  /** A user arrives: by the schedule, or in the warm-up at once. */
  public ChainBuilder arrive() {
    return phase == Phase.MEASURE
        ? load.arrivals.arrive(ARRIVED)
        : exec(session -> session.set(ARRIVED, load.recording(phase).nowNs()));
  }

  public static Bidder bidder(Session session) {
    return session.get(BIDDER);
  }

  /** A user arrives as a bidder on the only item. */
  public ChainBuilder bidOnTheItem(ChainBuilder does) {
    return arrive().exec(asBidder(session -> load.items(phase).get(0), does));
  }

  /** A user becomes a bidder on an item, and leaves as one in the end. */
  public ChainBuilder asBidder(Function<Session, AuctionItem> item, ChainBuilder does) {
    Bidding bidding = load.bidding(phase);
    return counted(
        exec(session -> session.set(BIDDER, bidding.bidder(item.apply(session)))).exec(does),
        AuctionJourneys::bidder);
  }

  /**
   * Like {@link #asBidder(Function, ChainBuilder)}, for one of so many: when the last one leaves,
   * the items are closed, which ends their viewers.
   */
  public ChainBuilder asBidder(
      Function<Session, AuctionItem> item, ChainBuilder does, int bidders) {
    AtomicInteger left = new AtomicInteger();
    List<AuctionItem> items = load.items(phase);
    Thread closer = new Thread(() -> items.forEach(load.targets.items()::end), "closer");
    closer.setDaemon(true);
    return asBidder(item, does)
        .exec(
            doing(
                session -> {
                  if (left.incrementAndGet() == bidders) {
                    items.forEach(AuctionItem::done);
                    closer.start();
                  }
                }));
  }

  /** Counts the start of a reading user's journey, and its outcome at the end. */
  public ChainBuilder counted(ChainBuilder journey, Function<Session, PriceReader> reader) {
    Recording recording = load.recording(phase);
    Tally tally = recording.tally();
    return exec(doing(session -> tally.start(recording.nowNs())))
        .exec(journey)
        .exec(doing(session -> tally.end(reader.apply(session).outcome, recording.nowNs())));
  }

  /** A bidder reads or follows the price, bids, thinks for a mean time, and does so again. */
  public ChainBuilder rounds(Duration think) {
    return again(
        doIf(session -> bidder(session).readsFirst()).then(price()),
        bid(),
        pause(session -> bidder(session).thinks(think)));
  }

  /** Repeats a user's actions while it begins something new. */
  public ChainBuilder again(ChainBuilder... does) {
    return asLongAs(session -> load.goesOn(phase, session.getLong(ARRIVED)))
        .on(exec(List.of(does)));
  }

  public ChainBuilder price() {
    return look("price", session -> bidder(session).item, AuctionJourneys::bidder);
  }

  /** Reads the price of any item. */
  public ChainBuilder look(
      String name, Function<Session, AuctionItem> item, Function<Session, PriceReader> reader) {
    return exec(
        http(prefix + name)
            .get(session -> reader.apply(session).reads(item.apply(session)))
            .requestTimeout(timeout)
            .sign(once(reader))
            .transformResponse(
                (response, session) -> {
                  reader.apply(session).answered(response.status().code(), response.body().bytes());
                  return response;
                })
            .check(status().is(200)),
        exec(doing(session -> reader.apply(session).endRead(0))),
        exec(Session::markAsSucceeded));
  }

  /** Gatling calls it whenever it sends a request. */
  private static BiFunction<Request, Session, Request> once(Function<Session, PriceReader> reader) {
    return (request, session) -> {
      reader.apply(session).sends();
      return request;
    };
  }

  private List<Integer> decided() {
    BidForm form = load.settings.auction().form();
    return Stream.of(form.accepted(), form.rejected()).flatMap(List::stream).toList();
  }

  /** A bid; a user with a seat repeats one whose answer did not come, until it is decided. */
  public ChainBuilder bid() {
    return exec(doing(session -> bidder(session).draw()))
        .exec(request("bid"))
        .asLongAs(
            session ->
                Seat.of(session).isPresent()
                    && bidder(session).undecided
                    && load.goesOn(phase, session.getLong(ARRIVED)))
        .on(
            pause(session -> Seat.of(session).orElseThrow().waits(bidder(session).attempts))
                .exec(request("bid again")))
        .exec(doing(session -> bidder(session).endBid()));
  }

  private ChainBuilder request(String name) {
    return exec(
        http(prefix + name)
            .post(session -> bidder(session).item.bidPath)
            .requestTimeout(timeout)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", session -> bidder(session).key())
            .body(StringBody(session -> bidder(session).body()))
            .sign(once(AuctionJourneys::bidder))
            .transformResponse(
                (response, session) -> {
                  bidder(session).decided(response.status().code(), response.body().bytes());
                  return response;
                })
            .check(status().in(decided())),
        exec(doing(session -> bidder(session).endAttempt())),
        exec(Session::markAsSucceeded));
  }

  /**
   * A viewer connects, receives every frame from the handshake on, and leaves when no bid can
   * follow; that its time is up is no failure.
   *
   * @param item that a user who is about to connect views
   * @param stay how long the viewer stays at most
   */
  public static ChainBuilder view(
      Run run, Phase phase, Function<Session, AuctionItem> item, Duration stay) {
    return view(run, run.recording(phase), item, stay, (session, viewer) -> {});
  }

  /**
   * Like {@link #view(Run, Phase, Function, Duration)}, for one of several connections of a user.
   *
   * @param ended takes its recorder when it has ended
   */
  public static ChainBuilder view(
      Run run,
      Recording recording,
      Function<Session, AuctionItem> item,
      Duration stay,
      BiConsumer<Session, AuctionRecorder> ended) {
    String name = prefix(recording.phase()) + "viewer";
    return exec(session ->
            session.set(
                VIEWER, new AuctionRecorder(recording, item.apply(session), () -> !run.goesOn())))
        .exec(
            ws(name + " connect")
                .wsName(SOCKET)
                .connect(session -> viewer(session).item.viewPath)
                .await(stay)
                .on(
                    WsEnd.frames(
                        "frames", (text, session) -> viewer(session).onFrame(text).isOver())))
        .exec(Session::markAsSucceeded)
        .exec(GatlingRecords.metrics((sink, session) -> left(sink, session, recording.phase())))
        .exec(doing(session -> ended.accept(session, viewer(session))))
        .doIf(session -> WsEnd.isOpen(session, SOCKET))
        .then(exec(ws(name + " close").wsName(SOCKET).close()))
        .exec(session -> session.remove(SOCKET));
  }

  private static Session left(GatlingRecords.Sink sink, Session session, Phase phase) {
    AuctionRecorder viewer = viewer(session);
    Optional<Outcome> failure = Optional.empty();
    if (!WsEnd.isOpen(session, SOCKET)) {
      boolean connected = viewer.connection().isConnected();
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
