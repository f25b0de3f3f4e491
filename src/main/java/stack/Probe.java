package stack;

import java.time.Duration;

/** One bounded question to a server, in its own protocol. */
@FunctionalInterface
interface Probe {

  /** What came back. */
  enum Kind {
    READY,
    /** It is the right server, but not yet ready, or not the one that was meant. */
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

  /** Asks once; every failure is an answer. */
  Answer ask(Duration bound);

  /** Asks another one too, once this one is content. */
  default Probe and(Probe other) {
    return bound -> {
      Answer answer = ask(bound);
      return answer.isReady() ? other.ask(bound) : answer;
    };
  }
}
