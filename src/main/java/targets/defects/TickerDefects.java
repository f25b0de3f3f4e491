package targets.defects;

import com.auth0.jwt.JWT;
import com.auth0.jwt.exceptions.JWTDecodeException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import targets.shared.CloseReason;
import targets.shared.Delivery;
import targets.shared.TargetSpec;
import targets.ticker.Broadcast;
import targets.ticker.JwtCheck;
import targets.ticker.PublisherServer;
import targets.ticker.Subscriber;
import targets.ticker.SubscriberPolicy;
import targets.ticker.TickerServer;
import targets.ticker.TokenCheck;

/** The defects of the ticker, as decorators of its checks, its decisions and its deliveries. */
public final class TickerDefects implements TickerServer.Seam {
  /** A share of the users is closed by 1008 as soon as their connection is open. */
  private static final String CLOSE_AFTER_OPEN = "close-after-open";

  /** A pong's latency is the difference of two unrelated clocks. */
  private static final String WRONG_CLOCK = "latency-from-wrong-clock";

  /** Accepts missing and invalid tokens. */
  private static final String ACCEPT_ANY_TOKEN = "accept-any-token";

  /** Accepts tokens that declare themselves unsigned. */
  private static final String ACCEPT_ALG_NONE = "accept-alg-none";

  /** Tokens never expire. */
  private static final String NO_EXPIRY_CHECK = "no-expiry-check";

  /** Clients may send without limit. */
  private static final String NO_RATE_LIMIT = "no-rate-limit";

  /** One delivery in a hundred does not happen, or one in the value. */
  private static final String DROP = "drop-broadcast";

  /** One delivery in a hundred happens twice, or one in the value. */
  private static final String DUPLICATE = "duplicate-broadcast";

  /** All deliveries wait while one client is slow. */
  private static final String BLOCKING = "blocking-broadcast";

  /** The state of clients is kept after their end. */
  private static final String LEAK = "leak-client-state";

  /** Every name, in the order of the help. */
  private static final List<String> NAMES =
      List.of(
          CLOSE_AFTER_OPEN,
          WRONG_CLOCK,
          ACCEPT_ANY_TOKEN,
          ACCEPT_ALG_NONE,
          NO_EXPIRY_CHECK,
          NO_RATE_LIMIT,
          DROP,
          DUPLICATE,
          BLOCKING,
          LEAK);

  private static final int EVERY = 100;
  private static final int EVERY_MAX = 9_999_999;
  private static final int LEAK_BYTES = 16 * 1024;
  private static final long FOREVER_S = Long.MAX_VALUE / 1_000_000_000;

  private static final PlantedError ERROR =
      new PlantedError(
          (method, path) -> path.equals("/ws"),
          500,
          Map.of("error", "a planted error"),
          List.of("refused.planted"));

  /** The ticker with the option {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          TickerServer.SPEC,
          NAMES,
          (reader, defects) ->
              TickerServer.start(reader, new TickerDefects(defects), defects.troubles(ERROR)));

  /** The publisher with the option {@code --defect}. */
  public static final TargetSpec PUBLISHER =
      Defects.around(
          PublisherServer.SPEC,
          List.of(),
          (reader, defects) -> {
            if (defects.plan().countsRequests()) {
              defects.error("fd-leak, thread-leak and error need requests; it answers none");
            }
            return PublisherServer.start(reader, defects.troubles(PlantedError.NONE));
          });

  private final Defects defects;
  private final int closedPercent;
  private final int dropEvery;
  private final int duplicateEvery;
  private final Queue<byte[]> leaked = new ConcurrentLinkedQueue<>();

  private TickerDefects(Defects defects) {
    this.defects = defects;
    closedPercent = percent();
    dropEvery = every(DROP);
    duplicateEvery = every(DUPLICATE);
  }

  @Override
  public TokenCheck tokens(TokenCheck honest) {
    TokenCheck check = honest;
    if (defects.has(ACCEPT_ALG_NONE)) {
      check = unsigned(check);
    }
    if (defects.has(NO_EXPIRY_CHECK)) {
      check = unexpiring(check);
    }
    return defects.has(ACCEPT_ANY_TOKEN) ? anything(check) : check;
  }

  @Override
  public SubscriberPolicy policy(SubscriberPolicy honest) {
    return new Policy(honest);
  }

  @Override
  public Delivery<Broadcast> delivery(Delivery<Broadcast> honest, EventLoop loop) {
    Delivery<Broadcast> delivery = honest;
    if (duplicateEvery > 0) {
      delivery = TickerDeliveries.repeated(delivery, duplicateEvery, 2);
    }
    if (dropEvery > 0) {
      delivery = TickerDeliveries.repeated(delivery, dropEvery, 0);
    }
    return defects.has(BLOCKING) ? TickerDeliveries.blocking(delivery, loop) : delivery;
  }

  @Override
  public LongSupplier states(LongSupplier honest) {
    return () -> honest.getAsLong() + leaked.size();
  }

  private static TokenCheck unsigned(TokenCheck honest) {
    return token ->
        "none".equalsIgnoreCase(algorithm(token))
            ? JwtCheck.check(token, decoded -> decoded)
            : honest.check(token);
  }

  private static TokenCheck unexpiring(TokenCheck honest) {
    return token -> {
      TokenCheck.Verdict verdict = honest.check(token);
      if (verdict.equals(new TokenCheck.Verdict.Bad(TokenCheck.Fault.EXPIRED))) {
        verdict = JwtCheck.check(token, decoded -> decoded);
      }
      return verdict instanceof TokenCheck.Verdict.Good good
          ? new TokenCheck.Verdict.Good(good.user(), FOREVER_S)
          : verdict;
    };
  }

  private static TokenCheck anything(TokenCheck honest) {
    return token ->
        honest.check(token) instanceof TokenCheck.Verdict.Good good
            ? good
            : new TokenCheck.Verdict.Good("anonymous", FOREVER_S);
  }

  private static String algorithm(String token) {
    try {
      return JWT.decode(token).getAlgorithm();
    } catch (JWTDecodeException e) {
      return "";
    }
  }

  private int percent() {
    if (!defects.has(CLOSE_AFTER_OPEN)) {
      return 0;
    }
    String value = defects.value(CLOSE_AFTER_OPEN).orElse("90%");
    if (!value.matches("(100|[1-9]?\\d)%")) {
      defects.error(CLOSE_AFTER_OPEN + ": '" + value + "' is not a percentage such as 90%");
      return 0;
    }
    return Integer.parseInt(value.replace("%", ""));
  }

  private int every(String name) {
    return defects.has(name) ? defects.number(name, EVERY, 1, EVERY_MAX) : 0;
  }

  /** The decisions about subscribers, with what is switched on. */
  private final class Policy implements SubscriberPolicy {
    private final SubscriberPolicy honest;

    Policy(SubscriberPolicy honest) {
      this.honest = honest;
    }

    @Override
    public void opened(Subscriber subscriber) {
      if (isClosed(subscriber.user())) {
        subscriber.close(CloseReason.NOT_AVAILABLE);
      } else {
        honest.opened(subscriber);
      }
    }

    @Override
    public boolean admits(Subscriber subscriber, WebSocketFrame frame) {
      return defects.has(NO_RATE_LIMIT) || honest.admits(subscriber, frame);
    }

    @Override
    public OptionalDouble latencyMs(double clientMs, double nowMs) {
      return defects.has(WRONG_CLOCK)
          ? OptionalDouble.of(nowMs - clientMs)
          : honest.latencyMs(clientMs, nowMs);
    }

    @Override
    public void ended(Subscriber subscriber) {
      honest.ended(subscriber);
      if (defects.has(LEAK)) {
        leaked.add(new byte[LEAK_BYTES]);
      }
    }

    /** The name alone decides, so the same users are closed in every run. */
    private boolean isClosed(String user) {
      CRC32 sum = new CRC32();
      sum.update(user.getBytes(StandardCharsets.UTF_8));
      return sum.getValue() % 100 < closedPercent;
    }
  }
}
