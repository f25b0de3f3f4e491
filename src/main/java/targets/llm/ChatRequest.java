package targets.llm;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.QueryStringDecoder;

/**
 * An accepted chat request. Immutable.
 *
 * @param model any name; echoed
 * @param delivery as a stream or as one body
 * @param seed chooses the text
 * @param pace how fast
 * @param tokenBound the client's own bound on tokens
 * @param promptTokens words in the messages, for the usage figures
 */
record ChatRequest(
    String model, Delivery delivery, long seed, Pace pace, int tokenBound, int promptTokens)
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

  /**
   * Reads a request. Pace and seed come from the query; where that is silent from the body, where
   * that is silent too from the settings. Other names in the query are ignored, since an
   * intermediary may pass its own on.
   *
   * @return a request or a {@link Refusal}
   */
  static LlmServer.Routed read(byte[] body, QueryStringDecoder query, LlmSettings settings) {
    JsonNode root = ChatFields.parse(body);
    if (root == null) {
      return Refusal.BAD_JSON;
    }
    ChatFields fields = new ChatFields(root, query);
    ChatRequest request =
        new ChatRequest(
            fields.model(),
            fields.delivery(),
            fields.seed(settings.seed()),
            fields.pace(settings.pace()),
            fields.tokenBound(),
            fields.promptTokens());
    return fields.refusal().<LlmServer.Routed>map(refusal -> refusal).orElse(request);
  }
}
