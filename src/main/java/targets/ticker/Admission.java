package targets.ticker;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import targets.shared.Replies;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;
import targets.shared.WebSocketUpgrade;
import targets.ticker.TickerMetrics.Refusal;

/**
 * Admits or refuses a request for a WebSocket before the upgrade, the cheapest check first. No
 * reply holds a token or a part of one. Thread-safe.
 */
final class Admission {
  private static final String BEARER = "bearer ";
  private static final String RETRY_S = "1";

  private final TickerMetrics metrics;
  private final TokenCheck tokens;
  private final AddressQuotas addresses;
  private final StreamSlots slots;
  private final LongSupplier nanoClock;

  Admission(
      TickerSettings.Limits limits,
      TickerMetrics metrics,
      TokenCheck tokens,
      LongSupplier nanoClock) {
    this.metrics = metrics;
    this.tokens = tokens;
    this.addresses = new AddressQuotas(limits, nanoClock.getAsLong());
    this.slots = new StreamSlots(limits.connections(), nanoClock);
    this.nanoClock = nanoClock;
  }

  AddressQuotas addresses() {
    return addresses;
  }

  StreamSlots slots() {
    return slots;
  }

  /** The answer to a request. */
  sealed interface Answer {
    /**
     * The request is admitted, and holds a slot until {@link Admission#ended}.
     *
     * @param user of the token
     * @param expiresS of the token, in seconds since 1970
     * @param account of the address
     */
    record Guest(String user, long expiresS, AddressQuotas.Account account) implements Answer {}

    /** The request is refused. */
    record Refused(FullHttpResponse reply) implements Answer {}
  }

  /** Judges a request. */
  Answer judge(InetAddress address, HttpRequest request, QueryStringDecoder query) {
    long nowNs = nanoClock.getAsLong();
    AddressQuotas.Account account = addresses.of(address, nowNs);
    if (!account.mayConnect(nowNs)) {
      return later(
          Refusal.FLOOD, HttpResponseStatus.TOO_MANY_REQUESTS, "too many attempts to connect");
    }
    if (!WebSocketUpgrade.isRequested(request)) {
      metrics.refused(Refusal.HANDSHAKE);
      return new Answer.Refused(WebSocketUpgrade.required("this path is a WebSocket"));
    }
    TokenCheck.Verdict verdict = tokens.check(token(request, query));
    if (verdict instanceof TokenCheck.Verdict.Good good) {
      return seat(good, account);
    }
    return unauthorized(((TokenCheck.Verdict.Bad) verdict).fault());
  }

  /** Gives back what a guest held. */
  void ended(Answer.Guest guest) {
    guest.account().ended();
    slots.giveBack();
  }

  /** Whether an address may send one more frame. */
  boolean maySend(Answer.Guest guest, long nowNs) {
    return guest.account().maySend(nowNs);
  }

  private Answer seat(TokenCheck.Verdict.Good good, AddressQuotas.Account account) {
    Grant grant = slots.take();
    if (grant == Grant.TAKEN) {
      account.began();
      return new Answer.Guest(good.user(), good.expiresS(), account);
    }
    HttpResponseStatus status = HttpResponseStatus.SERVICE_UNAVAILABLE;
    return grant == Grant.DRAINING
        ? later(Refusal.STOPPING, status, "the ticker is stopping")
        : later(Refusal.FULL, status, "all connections are in use");
  }

  private Answer later(Refusal why, HttpResponseStatus status, String reason) {
    metrics.refused(why);
    FullHttpResponse reply = Replies.error(status, reason);
    reply.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_S);
    return new Answer.Refused(reply);
  }

  private Answer unauthorized(TokenCheck.Fault fault) {
    metrics.unauthorized(fault);
    FullHttpResponse reply = Replies.error(HttpResponseStatus.UNAUTHORIZED, fault.reason());
    String challenge =
        fault == TokenCheck.Fault.MISSING ? "Bearer" : "Bearer error=\"invalid_token\"";
    reply.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
    return new Answer.Refused(reply);
  }

  /** Returns the header's token, or else the query's; empty for none. */
  private static String token(HttpRequest request, QueryStringDecoder query) {
    String header = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    if (header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return header.substring(BEARER.length()).strip();
    }
    return query.parameters().getOrDefault("token", List.of("")).get(0);
  }
}
