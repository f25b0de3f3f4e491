package simulations.run;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.SseMessageCheck;
import java.time.Duration;

/** Shows a recorder every event: docs/decisions/0001-recorder-in-the-matcher.md. */
public final class SseReading {
  private SseReading() {}

  /** Decides after each event whether the user has seen enough. */
  public interface Enough {
    /**
     * Takes an event.
     *
     * @param event as Gatling hands it to checks
     * @param session of the user
     */
    boolean after(String event, Session session);
  }

  /**
   * Reads an open stream.
   *
   * @param name in the report
   * @param stream its name in the user's session
   * @param bound bound of the whole stream
   * @param enough sees every event, and is true after the last one
   */
  public static ActionBuilder until(String name, String stream, Duration bound, Enough enough) {
    SseMessageCheck last =
        sse.checkMessage(name)
            .matching(
                bodyString()
                    .transformWithSession(
                        (String event, Session session) -> enough.after(event, session))
                    .is(true));
    return sse(name).sseName(stream).setCheck().await(bound).on(last);
  }
}
