package simulations.run;

import io.gatling.http.action.sse.fsm.SseFsm;
import io.gatling.javaapi.core.Session;
import java.lang.reflect.Field;
import java.util.Locale;
import kpi.Outcome;

/**
 * The end of an SSE stream of Gatling. Gatling reports only that a check failed; the reason is in
 * the stream's state, which is read here by reflection. This class is pinned to Gatling's version
 * like the pom; a test with broken, refused and cut streams guards it.
 */
public final class SseEnd {
  private static final String CLEAN_END = "End of stream";

  private SseEnd() {}

  /** Returns true if the server has ended the stream, so that nothing is left to close. */
  public static boolean isOver(Session session, String stream) {
    String state = stateName(session, stream);
    return state.equals("SseClosedState") || state.equals("SseCrashedState");
  }

  /**
   * Returns why a stream failed.
   *
   * @param session of the user, after the failed action
   * @param stream the name of the stream
   * @param connected whether the response headers had come
   */
  public static Outcome failure(Session session, String stream, boolean connected) {
    Object state = state(session, stream);
    if (!state.getClass().getSimpleName().equals("SseCrashedState")) {
      return Outcome.TIMEOUT; // Gatling leaves the stream open when a check's time is up.
    }
    String message = String.valueOf(read(state, "errorMessage"));
    if (message.equals(CLEAN_END)) {
      return Outcome.CLOSED_EARLY;
    }
    if (connected) {
      return Outcome.RESET;
    }
    if (message.endsWith("code 429") || message.endsWith("code 503")) {
      return Outcome.LIMITED;
    }
    if (message.startsWith("Server returned")) {
      return Outcome.INVALID;
    }
    return message.toLowerCase(Locale.ROOT).contains("timed out")
        ? Outcome.TIMEOUT
        : Outcome.REFUSED;
  }

  private static String stateName(Session session, String stream) {
    return session.contains(stream) ? state(session, stream).getClass().getSimpleName() : "";
  }

  private static Object state(Session session, String stream) {
    SseFsm fsm = session.get(stream);
    return read(fsm, "currentState");
  }

  private static Object read(Object object, String name) {
    try {
      Field field = object.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(object);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Gatling's " + object.getClass() + " changed", e);
    }
  }
}
