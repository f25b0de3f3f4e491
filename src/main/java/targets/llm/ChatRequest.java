package targets.llm;

/**
 * An accepted chat request. Immutable.
 *
 * @param dialect of request and answer
 * @param model any name; echoed
 * @param delivery as a stream or as one body
 * @param seed chooses the text
 * @param pace how fast
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
