package simulations.auction;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.http.response.Response;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.net.URI;
import java.time.Duration;

/**
 * The single requests of a bidder, who is in the session. Each answer is read where Gatling first
 * shows it, before any check; request names are an API: no values in them.
 */
public final class BidRequests {
  /** Session key: the user's {@link Bidder}. */
  public static final String BIDDER = "bidder";

  private static final int OK = 200;
  private static final int CREATED = 201;

  private final Duration timeout;

  /**
   * @param timeout how long an answer may take
   */
  public BidRequests(Duration timeout) {
    this.timeout = timeout;
  }

  /** How users speak to the bid service: one connection each, kept open. */
  public static HttpProtocolBuilder protocol(URI api) {
    return http.baseUrl(api.toString().replaceFirst("/+$", ""))
        .disableWarmUp()
        .disableCaching()
        .disableFollowRedirect()
        .acceptHeader("application/json");
  }

  /** Asks for the price if this bidder wants to, then bids. */
  public ChainBuilder round(String read, String bid) {
    return doIf(session -> bidder(session).wantsToRead()).then(look(read)).exec(onlyBid(bid));
  }

  /** Asks for the price, however that ends. */
  public ChainBuilder look(String name) {
    return exec(read(name)).exec(BidRequests::readEnded);
  }

  /** Bids, however that ends. */
  public ChainBuilder onlyBid(String name) {
    return exec(bid(name)).exec(BidRequests::bidEnded);
  }

  private ActionBuilder read(String name) {
    return http(name)
        .get(
            session -> {
              bidder(session).asks();
              return bidder(session).path();
            })
        .requestTimeout(timeout)
        .transformResponse(
            (response, session) -> {
              bidder(session).told(response.status().code(), body(response));
              return response;
            })
        .check(status().is(OK));
  }

  private ActionBuilder bid(String name) {
    return http(name)
        .post(session -> bidder(session).path() + "/bid")
        .requestTimeout(timeout)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", session -> bidder(session).nextKey())
        .body(StringBody(session -> bidder(session).body()))
        .transformResponse(
            (response, session) -> {
              bidder(session).decided(response.status().code(), body(response));
              return response;
            })
        .check(status().in(OK, CREATED));
  }

  /** The bidder of a user. */
  public static Bidder bidder(Session session) {
    return session.get(BIDDER);
  }

  private static byte[] body(Response response) {
    return response.body().bytes();
  }

  private static Session readEnded(Session session) {
    bidder(session).endRead();
    return session.markAsSucceeded();
  }

  private static Session bidEnded(Session session) {
    bidder(session).endBid();
    return session.markAsSucceeded();
  }
}
