package targets.ticker;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import targets.shared.HealthPages;
import targets.shared.StreamSlots.Grant;
import targets.shared.Troubles;
import targets.ticker.TickerMetrics.Refusal;

/**
 * Decides who gets a WebSocket, before it is one: the cheapest question first. Nothing that it says
 * holds a token or a part of one. Thread-safe.
 */
final class Door {
  private static final String BEARER = "bearer ";
  private static final String RETRY_S = "1";
  private static final String VERSION = "13";

  /** Of 16 bytes in base64. */
  private static final int KEY_LENGTH = 24;

  private final TickerParts parts;
  private final Troubles troubles;

  /**
   * @param troubles told about each WebSocket that is about to begin
   */
  Door(TickerParts parts, Troubles troubles) {
    this.parts = parts;
    this.troubles = troubles;
  }

  /** What is said to somebody who knocks. */
  sealed interface Answer {
    /** Come in; a slot is taken. */
    record Welcome(String user, long expiresS, AddressLimits.Account account) implements Answer {}

    /** No. */
    record Refused(FullHttpResponse reply) implements Answer {}
  }

  /** Judges a request for a WebSocket. */
  Answer knock(SocketChannel channel, HttpRequest request, QueryStringDecoder query) {
    long nowNs = parts.nanoClock().getAsLong();
    AddressLimits.Account account =
        parts.addresses().of(channel.remoteAddress().getAddress(), nowNs);
    if (!parts.addresses().mayConnect(account, nowNs)) {
      return later(
          Refusal.FLOOD, HttpResponseStatus.TOO_MANY_REQUESTS, "too many attempts to connect");
    }
    if (!asksForWebSocket(request)) {
      parts.metrics().refused(Refusal.HANDSHAKE);
      FullHttpResponse reply =
          HealthPages.error(HttpResponseStatus.UPGRADE_REQUIRED, "a WebSocket must be asked for");
      reply.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
      reply.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
      return new Answer.Refused(reply);
    }
    TokenGate.Verdict verdict = parts.gate().judge(token(request, query));
    if (verdict instanceof TokenGate.Verdict.Bad bad) {
      return unauthorized(bad.fault());
    }
    if (troubles.strike()) {
      parts.metrics().refused(Refusal.PLANTED);
      return new Answer.Refused(
          HealthPages.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "a planted error"));
    }
    return seat((TokenGate.Verdict.Good) verdict, account);
  }

  private Answer seat(TokenGate.Verdict.Good good, AddressLimits.Account account) {
    Grant grant = parts.slots().take();
    if (grant == Grant.TAKEN) {
      account.began();
      return new Answer.Welcome(good.user(), good.expiresS(), account);
    }
    HttpResponseStatus status = HttpResponseStatus.SERVICE_UNAVAILABLE;
    return grant == Grant.DRAINING
        ? later(Refusal.STOPPING, status, "the ticker is stopping")
        : later(
            Refusal.FULL,
            status,
            "all " + parts.settings().limits().connections() + " connections are taken");
  }

  private Answer later(Refusal why, HttpResponseStatus status, String reason) {
    parts.metrics().refused(why);
    FullHttpResponse reply = HealthPages.error(status, reason);
    reply.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_S);
    return new Answer.Refused(reply);
  }

  private Answer unauthorized(TokenFault fault) {
    parts.metrics().unauthorized(fault);
    FullHttpResponse reply = HealthPages.error(HttpResponseStatus.UNAUTHORIZED, fault.reason());
    String challenge = fault == TokenFault.MISSING ? "Bearer" : "Bearer error=\"invalid_token\"";
    reply.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
    return new Answer.Refused(reply);
  }

  /** The header's token, or else the query's; empty for none. */
  private static String token(HttpRequest request, QueryStringDecoder query) {
    String header = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    if (header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return header.substring(BEARER.length()).strip();
    }
    return query.parameters().getOrDefault("token", List.of("")).get(0);
  }

  private static boolean asksForWebSocket(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.method().equals(HttpMethod.GET)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "").length() == KEY_LENGTH
        && headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "").equals(VERSION);
  }
}
