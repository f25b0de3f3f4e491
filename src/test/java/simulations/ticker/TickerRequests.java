package simulations.ticker;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.WsFrameCheck;
import java.time.Duration;
import java.util.function.Function;

/** The single actions of a user of the ticker. Request names are an API: no values in them. */
final class TickerRequests {
  /** The name of the socket in a user's session. */
  static final String SOCKET = "socket";

  /** Session key: the token of the user, with its scheme. */
  static final String TOKEN = "token";

  /** Decides after each frame whether the user has seen enough. */
  interface Enough {
    /** Returns true if nothing more is expected after a frame. */
    boolean after(String text, Session session);
  }

  private final String name;
  private final String path;

  /**
   * @param name of the users in the report
   * @param path of the socket, such as /ws
   */
  TickerRequests(String name, String path) {
    this.name = name;
    this.path = path;
  }

  /** Opens the socket. */
  ActionBuilder connect() {
    return ws(name + " connect")
        .wsName(SOCKET)
        .connect(path)
        .header("Authorization", session -> session.getString(TOKEN));
  }

  /** Sends a ping, then reads every frame until the time is up, which fails silently. */
  ActionBuilder ping(Function<Session, String> stamp, Function<Session, Duration> bound, Enough e) {
    return ws(name + " ping sent")
        .wsName(SOCKET)
        .sendText(session -> text(stamp.apply(session)))
        .await(bound)
        .on(frames("frames", e));
  }

  /** Sends the last ping, then reads every frame until there is enough, within the time. */
  ActionBuilder lastPing(Function<Session, String> stamp, Duration bound, Enough e) {
    return ws(name + " last ping sent")
        .wsName(SOCKET)
        .sendText(session -> text(stamp.apply(session)))
        .await(bound)
        .on(frames("last pong", e));
  }

  /** Closes the socket. */
  ActionBuilder close() {
    return ws(name + " close").wsName(SOCKET).close();
  }

  private static String text(String stamp) {
    return "{\"type\":\"ping\",\"timestamp\":" + stamp + ",\"clientId\":\"gauntlet\"}";
  }

  private static WsFrameCheck.Text frames(String check, Enough enough) {
    return ws.checkTextMessage(check)
        .matching(
            bodyString()
                .transformWithSession((String text, Session session) -> enough.after(text, session))
                .is(true))
        .silent();
  }
}
