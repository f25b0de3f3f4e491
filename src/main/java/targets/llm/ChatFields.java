package targets.llm;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import targets.shared.Json;

/**
 * Reads the fields of one chat request. A wrong field reads as a stand-in so that reading goes on;
 * the first mistake is the refusal then, and the stand-in is never used.
 */
final class ChatFields {
  private static final ObjectReader READER =
      Json.MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Set<String> PACE_NAMES =
      Set.of("tokens", "duration_ms", "first_token_ms", "jitter_ms", "break_after");

  /** A model's name stands in every event, so a long one would be paid for at each token. */
  private static final int MODEL_CHARS_MAX = 256;

  private static final int TOKENS_MAX = 100_000;

  private final Dialect dialect;
  private final JsonNode root;
  private final QueryStringDecoder query;
  private Refusal refusal;

  private ChatFields(Dialect dialect, JsonNode root, QueryStringDecoder query) {
    this.dialect = dialect;
    this.root = root;
    this.query = query;
  }

  /**
   * Reads a {@link ChatRequest}, or a {@link Refusal}. Pace and seed come from the query; where
   * that is silent from the body, where that is silent too from the settings. Other names in the
   * query are ignored, since an intermediary may pass its own on.
   */
  static LlmServer.Routed read(
      Dialect dialect, byte[] body, QueryStringDecoder query, LlmSettings settings) {
    JsonNode root;
    try {
      root = READER.readTree(body);
    } catch (IOException e) {
      return Refusal.BAD_JSON;
    }
    if (!root.isObject()) {
      return Refusal.BAD_JSON;
    }
    ChatFields fields = new ChatFields(dialect, root, query);
    ChatRequest request =
        new ChatRequest(
            dialect,
            fields.model(),
            fields.delivery(),
            fields.seed(settings.seed()),
            fields.pace(settings.pace()),
            fields.tokenBound(),
            fields.promptTokens());
    return fields.refusal == null ? request : fields.refusal;
  }

  private String model() {
    JsonNode model = field(root, "model");
    if (model.isMissingNode()) {
      return ChatRequest.DEFAULT_MODEL;
    }
    String name = model.asText();
    if (!model.isTextual() || name.isEmpty() || name.length() > MODEL_CHARS_MAX) {
      wrong("model", "a text of 1 to " + MODEL_CHARS_MAX + " characters");
    }
    return name;
  }

  private ChatRequest.Delivery delivery() {
    number(field(root, "n"), "n", 1, 1, 1);
    boolean stream = flag(field(root, "stream"), "stream");
    JsonNode options = field(root, "stream_options");
    if (!options.isMissingNode() && !options.isObject()) {
      wrong("stream_options", "an object");
    } else if (!options.isMissingNode() && !stream) {
      wrong("stream_options", "used only when 'stream' is true");
    }
    boolean usage = flag(field(options, "include_usage"), "stream_options.include_usage");
    if (!stream) {
      return ChatRequest.Delivery.WHOLE;
    }
    return usage ? ChatRequest.Delivery.STREAM_WITH_USAGE : ChatRequest.Delivery.STREAM;
  }

  private long seed(long fallback) {
    long inBody = number(field(root, "seed"), "seed", Long.MIN_VALUE, Long.MAX_VALUE, fallback);
    return inQuery("seed", Long.MIN_VALUE, Long.MAX_VALUE, inBody);
  }

  private int tokenBound() {
    long older = number(field(root, "max_tokens"), "max_tokens", 1, Integer.MAX_VALUE, -1);
    String name = dialect == Dialect.CHAT ? "max_completion_tokens" : "max_output_tokens";
    long newer = number(field(root, name), name, 1, Integer.MAX_VALUE, older);
    return newer < 0 ? Integer.MAX_VALUE : (int) newer;
  }

  private Pace pace(Pace fallback) {
    JsonNode pace = field(root, "pace");
    if (!pace.isMissingNode() && !pace.isObject()) {
      wrong("pace", "an object");
    }
    for (Iterator<String> names = pace.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!PACE_NAMES.contains(name)) {
        refuse(Refusal.wrongValue("pace." + name, "Unknown parameter: 'pace." + name + "'."));
      }
    }
    long breakAfter = either(pace, "break_after", 0, TOKENS_MAX, -1);
    return new Pace(
        (int) either(pace, "tokens", 1, TOKENS_MAX, fallback.tokens()),
        millis(pace, "duration_ms", 3_600_000, fallback.duration()),
        millis(pace, "first_token_ms", 600_000, fallback.firstToken()),
        millis(pace, "jitter_ms", 60_000, fallback.jitter()),
        breakAfter < 0 ? fallback.breakAfter() : Optional.of((int) breakAfter));
  }

  /** Checks the messages and counts their words. */
  private int promptTokens() {
    String name = dialect.prompt;
    JsonNode messages = field(root, name);
    if (dialect == Dialect.RESPONSES && messages.isTextual()) {
      return words(messages);
    } else if (messages.isMissingNode()) {
      refuse(Refusal.missing(name));
    } else if (!messages.isArray() || messages.isEmpty()) {
      wrong(name, "an array with at least one message");
    }
    int words = 0;
    for (JsonNode message : messages) {
      if (!message.isObject() || !field(message, "role").isTextual()) {
        wrong(name, "an array of objects with a 'role'");
      }
      words += words(field(message, "content"));
    }
    return words;
  }

  private static int words(JsonNode content) {
    if (content.isTextual()) {
      return new StringTokenizer(content.asText()).countTokens();
    }
    int words = 0;
    for (JsonNode part : content) {
      words += new StringTokenizer(field(part, "text").asText()).countTokens();
    }
    return words;
  }

  private Duration millis(JsonNode pace, String name, long max, Duration fallback) {
    long ms = either(pace, name, 0, max, -1);
    return ms < 0 ? fallback : Duration.ofMillis(ms);
  }

  private long either(JsonNode pace, String name, long min, long max, long fallback) {
    long inBody = number(field(pace, name), "pace." + name, min, max, fallback);
    return inQuery(name, min, max, inBody);
  }

  private long inQuery(String name, long min, long max, long fallback) {
    List<String> values = query.parameters().get(name);
    if (values == null) {
      return fallback;
    }
    try {
      long value = Long.parseLong(values.get(0));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    wrong(name, "a whole number from " + min + " to " + max);
    return fallback;
  }

  private long number(JsonNode node, String param, long min, long max, long fallback) {
    if (node.isMissingNode()) {
      return fallback;
    }
    boolean right = node.isIntegralNumber() && node.canConvertToLong();
    if (!right || node.longValue() < min || node.longValue() > max) {
      wrong(param, min == max ? "" + min : "a whole number from " + min + " to " + max);
      return fallback;
    }
    return node.longValue();
  }

  private boolean flag(JsonNode node, String param) {
    if (!node.isMissingNode() && !node.isBoolean()) {
      wrong(param, "true or false");
    }
    return node.booleanValue();
  }

  /** A field's value; OpenAI's clients send null for what they leave out, so null is missing. */
  private static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isNull() ? MissingNode.getInstance() : value;
  }

  private void wrong(String param, String expected) {
    String message = "Invalid value for '" + param + "': it must be " + expected + ".";
    refuse(Refusal.wrongValue(param, message));
  }

  private void refuse(Refusal found) {
    if (refusal == null) {
      refusal = found;
    }
  }
}
