package targets.llm;

/**
 * How fast a stream speaks. Immutable.
 *
 * @param tokens how many tokens a whole stream has, and by how many its duration is divided
 * @param durationNs from the first token's due time to the end of the stream
 * @param firstTokenNs from the request's arrival to the first token's due time
 * @param jitterNs the most by which a token is due later, uniform from 0, without adding up
 * @param breakAfter the connection is broken after this many tokens; {@link #NEVER} for never
 */
record Pace(int tokens, long durationNs, long firstTokenNs, long jitterNs, int breakAfter) {
  static final int TOKENS_MAX = 100_000;
  static final long DURATION_MS_MAX = 3_600_000;
  static final long FIRST_TOKEN_MS_MAX = 600_000;
  static final long JITTER_MS_MAX = 60_000;

  /** Stands for a connection that is not broken. */
  static final int NEVER = -1;
}
