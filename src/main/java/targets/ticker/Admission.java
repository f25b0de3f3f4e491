package targets.ticker;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import targets.shared.Replies;
import targets.shared.StreamSlots;
import targets.shared.WebSocketUpgrade;
import targets.ticker.JwtCheck.Fault;
import targets.ticker.JwtCheck.Verdict;
import targets.ticker.TickerMetrics.Refusal;

/**
 * Admits or refuses a request for a WebSocket before the upgrade, the cheapest check first. No
 * reply holds a token or a part of one. Keeps the rates of each address; above the limit of
 * addresses, later ones share one account. Thread-safe.
 */
final class Admission {
  private static final String BEARER = "bearer ";

  final StreamSlots slots;
  private final TickerMetrics metrics;
  private final Function<String, Verdict> tokens;
  private final LongSupplier nanoClock;
  private final int addressesMax;
  private final Rate connectRate;
  private final Rate messageRate;
  private final ConcurrentMap<InetAddress, Account> accounts = new ConcurrentHashMap<>();
  private final Account shared;

  Admission(
      TickerSettings.Limits limits,
      TickerMetrics metrics,
      Function<String, Verdict> tokens,
      LongSupplier nanoClock) {
    this.metrics = metrics;
    this.tokens = tokens;
    this.nanoClock = nanoClock;
    slots = new StreamSlots(limits.maxConnections());
    addressesMax = limits.maxAddresses();
    connectRate = Rate.perSecond(limits.connectsPerAddress());
    messageRate = Rate.perSecond(limits.messagesPerAddress());
    shared = new Account(nanoClock.getAsLong());
  }

  final class Account {
    private final AtomicLong connects;
    private final AtomicLong messages;
    private final AtomicInteger open = new AtomicInteger();

    private Account(long nowNs) {
      connects = new AtomicLong(nowNs);
      messages = new AtomicLong(nowNs);
    }

    /** Counts an attempt to connect; false above the limit. */
    boolean mayConnect(long nowNs) {
      return connectRate.take(connects, nowNs);
    }

    /** Counts a frame of any connection; false above the limit. */
    boolean maySend(long nowNs) {
      return messageRate.take(messages, nowNs);
    }

    /** Begins a connection of this address, which {@link #ended} ends. */
    void began() {
      open.incrementAndGet();
    }

    void ended() {
      open.decrementAndGet();
    }

    private boolean isIdle(long nowNs) {
      return open.get() == 0 && connects.get() - nowNs <= 0;
    }
  }

  sealed interface Answer {}

  /**
   * The request is admitted, and holds a slot until {@link #ended}.
   *
   * @param expiresS expiry of the token, in seconds since 1970
   */
  record Guest(String user, long expiresS, Account account) implements Answer {}

  record Refused(FullHttpResponse reply) implements Answer {}

  Answer judge(InetAddress address, HttpRequest request, QueryStringDecoder query) {
    long nowNs = nanoClock.getAsLong();
    Account account = account(address, nowNs);
    if (!account.mayConnect(nowNs)) {
      return later(
          Refusal.FLOOD, HttpResponseStatus.TOO_MANY_REQUESTS, "too many attempts to connect");
    }
    if (!WebSocketUpgrade.isRequested(request)) {
      metrics.refusals.get(Refusal.HANDSHAKE).increment();
      return new Refused(WebSocketUpgrade.required("this path is a WebSocket"));
    }
    Verdict verdict = tokens.apply(token(request, query));
    if (verdict instanceof JwtCheck.Good good) {
      return seat(good, account);
    }
    return unauthorized(((JwtCheck.Bad) verdict).fault());
  }

  void ended(Guest guest) {
    guest.account().ended();
    slots.giveBack();
  }

  Account account(InetAddress address, long nowNs) {
    Account known = accounts.get(address);
    if (known != null) {
      return known;
    }
    return accounts.size() >= addressesMax
        ? shared
        : accounts.computeIfAbsent(address, unused -> new Account(nowNs));
  }

  /** Forgets addresses without a connection that were silent for a second; to be called often. */
  void sweep() {
    long nowNs = nanoClock.getAsLong();
    accounts.values().removeIf(account -> account.isIdle(nowNs));
  }

  int addresses() {
    return accounts.size();
  }

  private Answer seat(JwtCheck.Good good, Account account) {
    if (slots.take()) {
      account.began();
      return new Guest(good.user(), good.expiresS(), account);
    }
    HttpResponseStatus status = HttpResponseStatus.SERVICE_UNAVAILABLE;
    return slots.isDraining()
        ? later(Refusal.STOPPING, status, "the ticker is stopping")
        : later(Refusal.FULL, status, "all connections are in use");
  }

  private Answer later(Refusal why, HttpResponseStatus status, String reason) {
    metrics.refusals.get(why).increment();
    FullHttpResponse reply = Replies.error(status, reason);
    reply.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    return new Refused(reply);
  }

  private Answer unauthorized(Fault fault) {
    metrics.unauthorized.get(fault).increment();
    FullHttpResponse reply = Replies.error(HttpResponseStatus.UNAUTHORIZED, fault.reason);
    String challenge = fault == Fault.MISSING ? "Bearer" : "Bearer error=\"invalid_token\"";
    reply.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
    return new Refused(reply);
  }

  /** Returns the offered subprotocol that is a token, for a browser can set no header. */
  static Optional<String> subprotocol(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(line -> Stream.of(line.split(",", -1)))
        .map(String::strip)
        .filter(offered -> offered.indexOf('.') > 0)
        .findFirst();
  }

  /** Returns the token of the header, or else of the query, or else offered; empty for none. */
  private static String token(HttpRequest request, QueryStringDecoder query) {
    String header = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    if (header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return header.substring(BEARER.length()).strip();
    }
    return Optional.ofNullable(query.parameters().get("token"))
        .map(tokens -> tokens.get(0))
        .filter(token -> !token.isEmpty())
        .or(() -> subprotocol(request))
        .orElse("");
  }
}
