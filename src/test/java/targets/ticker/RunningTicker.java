package targets.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.stream.Stream;
import settings.JwtKey;
import settings.JwtPlan;
import targets.shared.JdkClient;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.RawWebSocket;

/** A ticker, its clients and its publishers. */
public final class RunningTicker extends RunningTarget {
  /** A port without a listener, for tests that need no market. */
  private static final String NO_NATS = "nats=nats://127.0.0.1:1";

  private RunningTicker(TargetSpec spec, String... settings) {
    super(spec, with(settings, NO_NATS));
  }

  /** Starts a ticker with settings {@code name=value}. */
  public static RunningTicker with(String... settings) {
    return of(TickerServer.SPEC, settings);
  }

  /** Starts a ticker of another specification. */
  public static RunningTicker of(TargetSpec spec, String... settings) {
    return new RunningTicker(spec, settings);
  }

  /** Starts a ticker that is connected to NATS when this returns. */
  public static RunningTicker on(URI nats, TargetSpec spec, String... settings) {
    RunningTicker ticker = of(spec, with(settings, "nats=" + nats));
    ticker.awaitHealth(200);
    return ticker;
  }

  /** Starts a publisher, which begins at once. */
  static RunningTarget publisher(URI nats, String... settings) {
    return new RunningTarget(PublisherServer.SPEC, with(settings, "nats=" + nats));
  }

  /** Publishes so many messages of these kinds and two tokens, 1,000 of them a second. */
  public static JsonNode publish(URI nats, String kinds, int count) {
    try (RunningTarget publisher =
        publisher(nats, "kinds=" + kinds, "count=" + count, "rate=1000", "tokens=2")) {
      return publisher.await(now -> now.get("done").asBoolean());
    }
  }

  public static String token(String user) {
    return token(user, JwtPlan.GOOD);
  }

  public static String token(String user, JwtPlan plan) {
    return plan.mint(JwtKey.OF_DEVELOPMENT, InstantSource.system()).apply(user);
  }

  /** A client of the JDK's, connected. */
  public JdkClient connect(String user) {
    return connectBy(token(user));
  }

  /** A client of the JDK's, connected by a token in the query. */
  public JdkClient connectBy(String token) {
    return new JdkClient(port(), "/ws?token=" + token);
  }

  /** A client that can do wrong, connected. */
  public RawWebSocket raw(String user) throws IOException {
    RawWebSocket client = RawWebSocket.open(port());
    client.upgrade(token(user));
    return client;
  }

  /** Returns the answer to a request for a WebSocket, which is closed then. */
  public String upgrade(String token) throws IOException {
    try (RawWebSocket client = RawWebSocket.open(port())) {
      return client.upgrade(token);
    }
  }

  private static String[] with(String[] settings, String first) {
    return Stream.concat(Stream.of(first), Stream.of(settings)).toArray(String[]::new);
  }
}
