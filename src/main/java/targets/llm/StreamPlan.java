package targets.llm;

/**
 * The words of one stream and their times. A pure value: the same calls give the same answers, so a
 * plan can be read without a server.
 *
 * <p>Step k, from 0, is the k-th token sent; step {@link #tokens()} is the ending.
 */
public interface StreamPlan {
  /** Returns how many tokens are sent. */
  int tokens();

  /** The text of a step below {@link #tokens()}. */
  String token(int step);

  /**
   * When a step is due, in ns since the request's arrival.
   *
   * @param step from 0 to {@link #tokens()}
   * @param previousNs when the step before was really sent, in ns since the request's arrival; a
   *     right plan does not look at it, or lateness would add up
   */
  long dueNs(int step, long previousNs);

  /** How the stream ends. */
  Ending ending();

  /** The ways to end. */
  enum Ending {
    STOP("stop"),
    /** The client's own bound on tokens was reached. */
    LENGTH("length"),
    /** The body ends properly, but without finish chunk and without {@code [DONE]}. */
    ABRUPT(""),
    /** The connection breaks, on the client's own wish. */
    BROKEN("");

    private final String reason;

    Ending(String reason) {
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }
}
