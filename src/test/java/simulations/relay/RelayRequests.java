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

  /** Session key: the {@link RelayRecorder} of the conversation under way. */
  static final String RECORDER = "recorder";

  private final Duration bound;

  /**
   * @param bound longest length of a stream
   */
  RelayRequests(Duration bound) {
    this.bound = bound;
  }

  /** Requests a conversation's stream; done when the response headers are there. */
  ActionBuilder open(String name) {
    return sse(name).sseName(STREAM).get(session -> "/stream/" + recorder(session).id());
  }

  /**
   * Requests the tokens after the last one seen, on a connection that ends with the stream: Gatling
   * does not use it for the user's next stream, and it would stay open beside that one's.
   */
  ActionBuilder resume(String name) {
    return sse(name)
        .sseName(STREAM)
        .get(session -> "/stream/" + recorder(session).id())
        .header("Connection", "close")
        .header("Last-Event-ID", session -> Integer.toString(recorder(session).last()));
  }

  /** Hands every event to the recorder until it has seen enough. */
  ActionBuilder read(String name) {
    return SseReading.until(
        name, STREAM, bound, (event, session) -> recorder(session).onEvent(event));
  }

  /** Closes the stream. */
  ActionBuilder close(String name) {
    return sse(name).sseName(STREAM).close();
  }

  /** Returns the recorder of a user. */
  static RelayRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}
