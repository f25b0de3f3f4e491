package simulations.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import stack.ProgramCache;

/**
 * The prompts of a load, from a file: JSON Lines or one JSON array. An entry has {@code prompt} (a
 * text) or {@code messages} (of a chat), and {@code max_tokens} if it has a bound of its own; or it
 * has {@code conversations}, as those of ShareGPT, whose human turns are the prompts.
 *
 * @param sum the first digits of the SHA-256 sum of the file, if it is the user's
 */
record Prompts(List<Entry> entries, Optional<String> sum) {
  /** The name of the bundled set. */
  static final String BUNDLED = "bundled";

  /** What a run sends without prompts. */
  static final Prompts NONE =
      new Prompts(
          List.of(new Entry(List.of(List.of(user("Tell a long story."))), OptionalInt.empty())),
          Optional.empty());

  static final int ENTRIES_MAX = 100_000;
  static final long BYTES_MAX = 256L << 20;
  private static final int ERRORS_MAX = 20;
  private static final int SUM_DIGITS = 12;
  private static final int TOKENS_MAX = 1_000_000;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectReader ELEMENT =
      JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * One prompt, or those of a conversation.
   *
   * @param turns the messages that each turn adds; at least one turn, of at least one message
   * @param maxTokens bound of each answer, if it has one of its own
   */
  record Entry(List<List<JsonNode>> turns, OptionalInt maxTokens) {}

  /**
   * Reads the prompts of a file, or the bundled ones.
   *
   * @throws IllegalArgumentException with every error of the file and its line
   */
  static Prompts parse(String name) {
    try {
      if (name.equals(BUNDLED)) {
        try (InputStream bundled = Prompts.class.getResourceAsStream("/prompts.jsonl")) {
          return of("prompts.jsonl", new String(bundled.readAllBytes(), UTF_8));
        }
      }
      Path file = Path.of(name);
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException(
            "there is no file '" + name + "'; name one, or " + BUNDLED);
      } else if (Files.size(file) > BYTES_MAX) {
        throw new IllegalArgumentException(
            "'" + name + "' is larger than " + (BYTES_MAX >> 20) + " MiB");
      }
      String text = Files.readString(file);
      String sum = ProgramCache.sha256(new ByteArrayInputStream(text.getBytes(UTF_8)));
      return new Prompts(of(name, text).entries, Optional.of(sum.substring(0, SUM_DIGITS)));
    } catch (IOException e) {
      throw new IllegalArgumentException("'" + name + "' cannot be read as UTF-8: " + e, e);
    }
  }

  /** Parses the content of a file; a BOM before it is ignored. */
  static Prompts of(String name, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<Entry> entries = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    if (content.stripLeading().startsWith("[")) {
      readArray(content, entries, errors);
    } else {
      int number = 0;
      for (String line : content.lines().toList()) {
        number++;
        if (!line.isBlank()) {
          add(number, line, entries, errors);
        }
      }
    }
    if (entries.isEmpty() && errors.isEmpty()) {
      errors.add("it holds no prompt");
    } else if (entries.size() > ENTRIES_MAX) {
      errors.add("it holds more than " + ENTRIES_MAX + " prompts");
    }
    if (!errors.isEmpty()) {
      int more = errors.size() - ERRORS_MAX;
      String all = String.join("\n    ", errors.subList(0, Math.min(ERRORS_MAX, errors.size())));
      throw new IllegalArgumentException(
          "'" + name + "': " + all + (more > 0 ? "\n    and " + more + " more" : ""));
    }
    return new Prompts(List.copyOf(entries), Optional.empty());
  }

  private static void add(int line, String text, List<Entry> entries, List<String> errors) {
    try {
      entries.add(entry(JSON.readTree(text)));
    } catch (JsonProcessingException e) {
      errors.add("line " + line + ": is not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      errors.add("line " + line + ": " + e.getMessage());
    }
  }

  private static void readArray(String text, List<Entry> entries, List<String> errors) {
    int line = 1;
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        line = parser.currentTokenLocation().getLineNr();
        try {
          entries.add(entry(ELEMENT.readTree(parser)));
        } catch (IllegalArgumentException e) {
          errors.add("line " + line + ": " + e.getMessage());
        }
      }
    } catch (JsonProcessingException e) {
      int at = e.getLocation() == null ? line : e.getLocation().getLineNr();
      errors.add("line " + at + ": is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("a text cannot fail to be read", e);
    }
  }

  private static Entry entry(JsonNode node) {
    if (node.path("prompt").isTextual() && !node.path("prompt").asText().isBlank()) {
      return new Entry(List.of(List.of(user(node.path("prompt").asText()))), bound(node));
    } else if (node.path("messages").isArray() && !node.path("messages").isEmpty()) {
      List<JsonNode> messages = new ArrayList<>();
      for (JsonNode message : node.path("messages")) {
        if (!message.path("role").isTextual() || !message.has("content")) {
          throw new IllegalArgumentException("a message has no 'role' or no 'content'");
        }
        messages.add(message);
      }
      return new Entry(List.of(messages), bound(node));
    } else if (node.path("conversations").isArray()) {
      return new Entry(human(node.path("conversations")), bound(node));
    }
    throw new IllegalArgumentException(
        "has neither a 'prompt' (a text), nor 'messages', nor 'conversations'");
  }

  private static List<List<JsonNode>> human(JsonNode conversation) {
    List<List<JsonNode>> turns = new ArrayList<>();
    for (JsonNode turn : conversation) {
      String from = turn.path("from").asText();
      if ((from.equals("human") || from.equals("user")) && turn.path("value").isTextual()) {
        turns.add(List.of(user(turn.path("value").asText())));
      }
    }
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("none of its 'conversations' is \"from\": \"human\"");
    }
    return turns;
  }

  private static OptionalInt bound(JsonNode node) {
    JsonNode bound = node.path("max_tokens");
    if (bound.isMissingNode() || bound.isNull()) {
      return OptionalInt.empty();
    } else if (!bound.isInt() || bound.intValue() < 1 || bound.intValue() > TOKENS_MAX) {
      throw new IllegalArgumentException(
          "'max_tokens' is not a whole number from 1 to " + TOKENS_MAX);
    }
    return OptionalInt.of(bound.intValue());
  }

  private static ObjectNode user(String text) {
    return message("user", text);
  }

  /** Returns a message of a conversation. */
  static ObjectNode message(String role, String text) {
    return JsonNodeFactory.instance.objectNode().put("role", role).put("content", text);
  }

  /** Returns the entry of a conversation by its number, from 0, in the order of the file. */
  Entry entry(long conversation) {
    return entries.get(Math.floorMod(conversation, entries.size()));
  }

  /**
   * Returns the messages that a turn of a conversation adds: those of its own entry while it has
   * more, then those of the entries that follow.
   *
   * @param turn from 0
   */
  List<JsonNode> turn(long conversation, int turn) {
    List<List<JsonNode>> own = entry(conversation).turns();
    return turn < own.size() ? own.get(turn) : entry(conversation + turn).turns().get(0);
  }

  /** Leaves the prompts out: they are the user's, and may be many. */
  @Override
  public String toString() {
    return "Prompts[" + entries.size() + "]";
  }
}
