package stack;

import java.time.Duration;

/** One bounded request to a server, in its own protocol. */
@FunctionalInterface
interface Probe {

  /** The kind of an answer. */
  enum Kind {
    READY,
    /** It is the right server, but not ready yet, or not the expected one. */
    NOT_READY,
    NOTHING_ANSWERS,
    NOT_THIS_SERVER,
    REFUSED
  }

  /**
   * An answer.
   *
   * @param reason for messages; empty if ready
   */
  record Answer(Kind kind, String reason) {
    static final Answer READY = new Answer(Kind.READY, "");

    boolean isReady() {
      return kind == Kind.READY;
    }
  }

  /** Probes once; every failure is an answer. */
  Answer run(Duration bound);

  /** Adds a second probe, run if this one is ready. */
  default Probe and(Probe other) {
    return bound -> {
      Answer answer = run(bound);
      return answer.isReady() ? other.run(bound) : answer;
    };
  }
}
