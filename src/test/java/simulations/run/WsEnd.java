package simulations.run;

import io.gatling.http.action.ws.fsm.WsFsm;
import io.gatling.javaapi.core.Session;
import java.lang.reflect.Field;
import java.util.Locale;
import kpi.Outcome;

/**
 * How Gatling's WebSocket ended. Gatling keeps it in the socket's state, which is read here by
 * reflection. This class is pinned to Gatling's version like the pom; tests with closed and refused
 * sockets guard it.
 */
public final class WsEnd {
  private static final String CRASHED = "WsCrashedState";
  private static final String CLOSED = "WsClosedState";

  private WsEnd() {}

  /** True while the socket is open. */
  public static boolean isOpen(Session session, String socket) {
    String state =
        session.contains(socket) ? state(session, socket).getClass().getSimpleName() : "";
    return state.equals("WsIdleState") || state.equals("WsPerformingCheckState");
  }

  /**
   * Why a socket is not open any more.
   *
   * @param session of the user
   * @param socket its name in the session
   * @param connected whether the handshake had been done
   */
  public static Outcome failure(Session session, String socket, boolean connected) {
    if (connected) {
      return Outcome.CLOSED_EARLY;
    }
    if (!session.contains(socket)) {
      return Outcome.REFUSED;
    }
    Object state = state(session, socket);
    String name = state.getClass().getSimpleName();
    String message =
        name.equals(CRASHED) || name.equals(CLOSED)
            ? String.valueOf(read(state, "errorMessage")).toLowerCase(Locale.ROOT)
            : "";
    if (message.contains("429") || message.contains("503")) {
      return Outcome.LIMITED;
    }
    if (message.contains("handshake") || message.contains("401")) {
      return Outcome.INVALID;
    }
    return message.contains("timed out") ? Outcome.TIMEOUT : Outcome.REFUSED;
  }

  private static Object state(Session session, String socket) {
    WsFsm fsm = session.get(socket);
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
