package simulations.run;

import io.gatling.javaapi.core.Session;
import java.lang.reflect.Field;

/**
 * The states of Gatling's streams and sockets, read by reflection. Pinned to Gatling's version like
 * the pom; tests with broken, refused and closed streams and sockets guard it.
 */
final class GatlingState {
  private GatlingState() {}

  /** Returns the state of a stream or socket by its name in the session; a text if none. */
  static Object of(Session session, String name) {
    Object machine = session.get(name);
    return machine == null ? "" : read(machine.getClass(), machine, "currentState");
  }

  static String name(Object state) {
    return state.getClass().getSimpleName();
  }

  /** Returns the message of a crashed stream or socket. */
  static String error(Object state) {
    return String.valueOf(read(state.getClass(), state, "errorMessage"));
  }

  static Object read(Class<?> type, Object object, String name) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(object);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Gatling's " + type + " changed", e);
    }
  }
}
