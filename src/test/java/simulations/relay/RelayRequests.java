package simulations.relay;

import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import simulations.run.SseReading;

/** The single actions of a reader. Request names are an API: no values in them. */
final class RelayRequests {
  /** The name of the stream in a user's session. */
  static final String STREAM = "stream";

  /** Session key: the {@link StreamReader} of the conversation under way. */
  static final String READER = "reader";

  private final Duration bound;

  /**
   * @param bound how long a stream may take
   */
  RelayRequests(Duration bound) {
    this.bound = bound;
  }

  /** Asks for a conversation's stream; done when the response headers are there. */
  ActionBuilder open(String name) {
    return sse(name).sseName(STREAM).get(session -> "/stream/" + reader(session).id());
  }

  /**
   * Asks for what comes after the last token seen, on a connection that ends with the stream:
   * Gatling does not use it for the user's next stream, and it would stay open beside that one's.
   */
  ActionBuilder resume(String name) {
    return sse(name)
        .sseName(STREAM)
        .get(session -> "/stream/" + reader(session).id())
        .header("Connection", "close")
        .header("Last-Event-ID", session -> Integer.toString(reader(session).last()));
  }

  /** Hands every event to the reader until it has seen enough. */
  ActionBuilder read(String name) {
    return SseReading.until(
        name, STREAM, bound, (event, session) -> reader(session).onEvent(event));
  }

  /** Leaves the stream. */
  ActionBuilder close(String name) {
    return sse(name).sseName(STREAM).close();
  }

  /** The reader of a user. */
  static StreamReader reader(Session session) {
    return session.get(READER);
  }
}
