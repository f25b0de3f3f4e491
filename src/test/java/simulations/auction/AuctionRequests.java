package simulations.auction;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.WsConnectActionBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/**
 * The single requests of bidders, browsers and viewers, which are in the session. Each answer is
 * read where Gatling first shows it, before any check; request names are an API: no values in them.
 */
public final class AuctionRequests {
  /** Session key: the user's {@link Bidder}. */
  public static final String BIDDER = "bidder";

  /** Session key: the {@link AuctionRecorder} of a viewer. */
  static final String VIEWER = "viewer";

  /** Session key: the WebSocket of a viewer. */
  static final String SOCKET = "socket";

  private static final int OK = 200;
  private static final int CREATED = 201;

  private final Duration timeout;

  /**
   * @param timeout of an answer
   */
  public AuctionRequests(Duration timeout) {
    this.timeout = timeout;
  }

  /** Returns the protocol of the bid service: one connection for each user, kept open. */
  public static HttpProtocolBuilder protocol(URI api) {
    return http.baseUrl(api.toString().replaceFirst("/+$", ""))
        .disableWarmUp()
        .disableCaching()
        .disableFollowRedirect()
        .acceptHeader("application/json");
  }

  /** Reads the price in a share of the rounds, then bids. */
  public ChainBuilder round(String read, String bid) {
    return doIf(session -> bidder(session).readsFirst()).then(price(read)).exec(bid(bid));
  }

  /** Reads the price of the bidder's item. */
  public ChainBuilder price(String name) {
    return read(
        name,
        session -> bidder(session).reads(),
        session -> bidder(session).reader(),
        (session, status, body) -> bidder(session).answered(status, body));
  }

  /**
   * Reads the price of any item.
   *
   * @param item whose price is read
   * @param reader takes the answer
   */
  public ChainBuilder look(
      String name, Function<Session, AuctionItem> item, Function<Session, PriceReader> reader) {
    return read(
        name,
        session -> reader.apply(session).reads(item.apply(session)),
        reader,
        (session, status, body) -> reader.apply(session).answered(status, body));
  }

  /** Takes an answer. */
  private interface Answer {
    void take(Session session, int status, byte[] body);
  }

  private ChainBuilder read(
      String name,
      Function<Session, String> path,
      Function<Session, PriceReader> reader,
      Answer answer) {
    return exec(
        http(name)
            .get(path)
            .requestTimeout(timeout)
            .transformResponse(
                (response, session) -> {
                  answer.take(session, response.status().code(), response.body().bytes());
                  return response;
                })
            .check(status().is(OK)),
        exec(
            session -> {
              reader.apply(session).end();
              return session.markAsSucceeded();
            }));
  }

  /** Bids. */
  public ChainBuilder bid(String name) {
    return exec(
        http(name)
            .post(session -> bidder(session).bidPath())
            .requestTimeout(timeout)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", session -> bidder(session).nextKey())
            .body(StringBody(session -> bidder(session).body()))
            .transformResponse(
                (response, session) -> {
                  bidder(session).decided(response.status().code(), response.body().bytes());
                  return response;
                })
            .check(status().in(OK, CREATED)),
        exec(
            session -> {
              bidder(session).endBid();
              return session.markAsSucceeded();
            }));
  }

  /**
   * Receives every frame of the viewer's item from the handshake on; that the time is up is no
   * failure.
   *
   * @param stay how long the viewer stays at most
   */
  static WsConnectActionBuilder view(String name, Function<Session, Duration> stay) {
    return ws(name)
        .wsName(SOCKET)
        .connect(session -> AuctionTargets.path(viewer(session).item()))
        .await(stay)
        .on(
            ws.checkTextMessage("frames")
                .matching(
                    bodyString()
                        .transformWithSession(
                            (String text, Session session) ->
                                viewer(session).onFrame(text).isOver())
                        .is(true))
                .silent());
  }

  /** Returns the bidder of a user. */
  public static Bidder bidder(Session session) {
    return session.get(BIDDER);
  }

  static AuctionRecorder viewer(Session session) {
    return session.get(VIEWER);
  }
}
