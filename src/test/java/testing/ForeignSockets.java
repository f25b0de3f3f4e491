package testing;

import io.javalin.Javalin;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsMessageContext;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A WebSocket service that is none of ours; like JavaScript's, it reads numbers as doubles. */
public final class ForeignSockets implements AutoCloseable {
  private static final int POLICY = 1008;
  private static final String NUMBER = "number";
  private static final String LOGIN = "login";

  private final AtomicInteger clients = new AtomicInteger();
  private final AtomicInteger pings = new AtomicInteger();
  private final Kind kind;
  private final Javalin server;

  /** The messages of a service, and its mistakes. */
  public enum Kind {
    /** The original's contract, without numbers of broadcasts. */
    ORIGINAL,
    /** The original, which closes nine of ten sockets by 1008 after they were opened. */
    CLOSES_NINE_OF_TEN,
    /** The original, without one of fifty pongs. */
    DROPS_PONGS,
    /**
     * Operations with identifiers, each with a message of a feed; needs a key in the query, a login
     * and an answer to the heartbeat that follows.
     */
    OPERATIONS,
    /** Each frame comes back as it is. */
    ECHO
  }

  /** Listens on a free port of the loopback address. */
  public ForeignSockets(Kind kind) {
    this.kind = kind;
    this.server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.routes.ws("/live/ws", this::routes);
                })
            .start("127.0.0.1", 0);
  }

  public URI url() {
    return URI.create("ws://127.0.0.1:" + server.port() + "/live/ws");
  }

  @Override
  public void close() {
    server.stop();
  }

  private void routes(WsConfig ws) {
    ws.onConnect(
        context -> {
          context.attribute(NUMBER, 1);
          if (kind == Kind.CLOSES_NINE_OF_TEN && clients.incrementAndGet() % 10 != 0) {
            context.closeSession(POLICY, "not for this user yet");
          } else if (kind == Kind.OPERATIONS && !"s3cret".equals(context.queryParam("key"))) {
            context.closeSession(POLICY, "Unauthorized");
          } else if (kind != Kind.ECHO && kind != Kind.OPERATIONS) {
            context.send(Map.of("type", "connection:established", "clientId", "c"));
          }
        });
    ws.onMessage(this::answer);
  }

  private void answer(WsMessageContext context) {
    int number = pings.incrementAndGet();
    if (kind == Kind.ECHO) {
      context.send(context.message());
      return;
    }
    if (context.message().equals("alive")) {
      context.attribute(LOGIN, true);
      return;
    }
    Map<?, ?> ping = context.messageAsClass(Map.class);
    if (kind == Kind.OPERATIONS && "s3cret".equals(ping.get("login"))) {
      context.send("alive?");
    } else if (kind == Kind.OPERATIONS && context.attribute(LOGIN) == null) {
      context.closeSession(POLICY, "log in first");
    } else if (kind == Kind.OPERATIONS) {
      context.send(Map.of("op", "pong", "id", ping.get("id")));
      int next = context.attribute(NUMBER);
      context.attribute(NUMBER, next + 1);
      context.send(Map.of("channel", "own", "n", next, "ts", System.currentTimeMillis()));
    } else if (kind != Kind.DROPS_PONGS || number % 50 != 0) {
      context.send(Map.of("type", "pong", "originalTimestamp", ping.get("timestamp")));
    }
  }
}
