package simulations.run;

import io.gatling.javaapi.core.Session;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kpi.Outcome;

/**
 * The states of Gatling's streams, sockets and statistics, by reflection. Pinned to Gatling's
 * version like the pom; tests with broken, refused and closed streams and sockets guard it.
 */
final class GatlingState {
  /** In Netty's words for a refused handshake, and Gatling's for a refused stream. */
  private static final Pattern STATUS = Pattern.compile("(?i)(?:status:|code) (\\d{3})\\b");

  private GatlingState() {}

  /** Returns the state of a stream or socket by its name in the session; a text if none. */
  static Object of(Session session, String name) {
    Object machine = session.get(name);
    return machine == null ? "" : field(machine, "currentState");
  }

  static String name(Session session, String name) {
    return of(session, name).getClass().getSimpleName();
  }

  /** Returns the message with which a stream or socket crashed; empty if it did not. */
  static String error(Session session, String name) {
    Object state = of(session, name);
    return state.getClass().getSimpleName().endsWith("CrashedState")
        ? String.valueOf(field(state, "errorMessage"))
        : "";
  }

  /** Returns a message of Gatling or Netty without the name of its exception. */
  static String words(String message) {
    return message
        .replaceFirst("^(?:\\w\\.)+\\w*Exception: ", "")
        .replaceFirst("^Request timeout .*after (\\d+ ms)$", "no answer within $1");
  }

  /** Returns the HTTP status in a message of Gatling or Netty; 0 if there is none. */
  static int status(String message) {
    Matcher status = STATUS.matcher(message);
    return status.find() ? Integer.parseInt(status.group(1)) : 0;
  }

  /** Classifies the message about a request that brought no stream or socket. */
  static Outcome refused(String message) {
    String words = message.toLowerCase(Locale.ROOT);
    int status = status(message);
    if (status == 429 || status == 503 || status == 529) {
      return Outcome.LIMITED;
    }
    if (status > 0 || words.contains("server returned") || words.contains("invalid")) {
      return Outcome.INVALID;
    }
    boolean late = words.contains("timed out") || words.contains("timeout");
    return late ? Outcome.TIMEOUT : Outcome.REFUSED;
  }

  static void write(Class<?> type, Object object, String name, Object value) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      field.set(object, value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Gatling's " + type + " changed", e);
    }
  }

  /** Returns a field of an object of a final class. */
  static Object field(Object object, String name) {
    return read(object.getClass(), object, name);
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
