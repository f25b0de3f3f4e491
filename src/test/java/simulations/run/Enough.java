package simulations.run;

import static io.gatling.javaapi.core.CoreDsl.bodyString;

import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;

/**
 * Sees every event of a stream or frame of a socket, as Gatling hands it to checks, and decides
 * after each whether the user has seen enough: docs/decisions/0001-recorder-in-the-matcher.md.
 */
@FunctionalInterface
public interface Enough {
  /** Takes an event; returns true if nothing more is expected. */
  boolean after(String event, Session session);

  /** Returns the condition of a check that waits until there is enough. */
  static CheckBuilder check(Enough enough) {
    return bodyString()
        .transformWithSession((String event, Session session) -> enough.after(event, session))
        .is(true);
  }
}
