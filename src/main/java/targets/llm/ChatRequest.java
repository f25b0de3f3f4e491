package targets.llm;

/**
 * An accepted chat request. Immutable.
 *
 * @param model any name; echoed
 * @param seed chooses the text
 * @param tokenBound the client's own bound on tokens
 * @param promptTokens words in the messages, for the usage figures
 */
record ChatRequest(
    Dialect dialect,
    String model,
    Delivery delivery,
    long seed,
    Pace pace,
    int tokenBound,
    int promptTokens)
    implements LlmServer.Routed {
  /** The model that is used when none is named. */
  static final String DEFAULT_MODEL = "gpt-4-turbo";

  /** The form of the answer. */
  enum Delivery {
    WHOLE,
    STREAM,
    /** Events, and one with the usage figures. */
    STREAM_WITH_USAGE
  }
}
