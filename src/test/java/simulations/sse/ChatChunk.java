package simulations.sse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One event of a stream of generated text, as the documents of its API define it: OpenAI's chat
 * completions, OpenAI's responses, or Anthropic's messages. Parsed without a tree, for this runs
 * for every event of every stream, on the injector's event loops; one object serves a whole stream.
 *
 * <p>Fields that an API adds, nulls, and events that are none of the API's are ignored.
 */
final class ChatChunk {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String DONE = "[DONE]";
  private static final int EXCERPT_CHARS = 200;
  private static final int DEPTH_MAX = 64;

  private final String[] path = new String[DEPTH_MAX];
  private final StringBuilder text = new StringBuilder();
  private String type;
  private String delta;
  private boolean begun;
  private long number;

  /** Whether it adds to another channel: reasoning, a refusal, or the call of a tool. */
  boolean other;

  /** The reason of the end; null if it has none. */
  String finish;

  /** Whether it is the last event of its stream. */
  boolean last;

  /** What the service reports as an error, or what is no event of the API; null if it is right. */
  String error;

  /** Tokens by the service's own count; -1 where it does not count them. */
  long inputTokens;

  long outputTokens;
  long cachedTokens;

  /** Returns the text that the event adds; null if it adds none. */
  String content() {
    return text.isEmpty() ? null : text.toString();
  }

  /** Reads an event in place of the one before, as {@link simulations.run.SseDecoder.Sink}. */
  void read(String name, byte[] data, int length) {
    text.setLength(0);
    type = "";
    delta = null;
    other = false;
    finish = null;
    last = false;
    error = null;
    inputTokens = outputTokens = cachedTokens = -1;
    boolean isError = name.equals("error");
    String plain = length < 2 * DONE.length() ? text(data, length) : "";
    if (plain.equals(DONE)) {
      last = true;
      return;
    }
    try (JsonParser parser = JSON.createParser(data, 0, length)) {
      walk(parser);
    } catch (IOException e) {
      boolean ours = name.isEmpty() || name.equals("message");
      if (ours && !text(data, length).isEmpty()) {
        error = "not JSON: " + excerpt(data, length);
      }
    }
    byType();
    if (isError || (error != null && error.isEmpty())) {
      error = excerpt(data, length);
    }
  }

  /** Responses and messages name the kind of their event in a field; chat completions do not. */
  private void byType() {
    switch (type) {
      case "response.output_text.delta" -> text.append(delta == null ? "" : delta);
      case "response.completed", "response.incomplete", "response.failed" -> {
        finish = type;
        last = true;
        error = type.equals("response.failed") ? "" : error;
      }
      case "message_stop" -> last = true;
      case "error" -> error = "";
      default -> other |= delta != null && !delta.isEmpty();
    }
    boolean ofResponse = type.startsWith("response.");
    if (ofResponse || type.startsWith("message_") || type.startsWith("content_block_")) {
      String first = ofResponse ? "response.created" : "message_start";
      begun |= type.equals(first);
      error = begun || error != null ? error : type + " before " + first;
    }
  }

  /** Visits each value with the names of the fields around it. */
  private void walk(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("no object");
    }
    int depth = 1;
    String field = "";
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new IOException("cut short");
      } else if (token == JsonToken.FIELD_NAME) {
        field = parser.currentName();
      } else if (token.isStructStart()) {
        if (depth == 1 && field.equals("error")) {
          error = "";
        }
        if (depth == DEPTH_MAX || isRepeated(depth, field)) {
          parser.skipChildren();
        } else {
          path[depth++] = field;
        }
      } else if (token.isStructEnd()) {
        depth--;
        field = depth > 0 ? path[depth] : "";
      } else if (token != JsonToken.VALUE_NULL) {
        value(parser, depth, field);
      }
    }
    if (parser.nextToken() != null) {
      throw new IOException("more than one value");
    }
  }

  /** Whole answers at the end of a stream repeat its text. */
  private boolean isRepeated(int depth, String field) {
    return field.equals("output") || field.equals("item") || (depth == 1 && field.equals("part"));
  }

  private void value(JsonParser parser, int depth, String field) throws IOException {
    String parent = depth > 1 ? path[depth - 1] : "";
    boolean isText = parser.currentToken() == JsonToken.VALUE_STRING;
    switch (parent) {
      case "" -> {
        if (field.equals("type") && isText) {
          type = parser.getText();
        } else if (field.equals("delta") && isText) {
          delta = parser.getText();
        } else if (field.equals("error") && !parser.getText().isEmpty()) {
          error = "";
        } else if (field.equals("sequence_number")) {
          follows(parser.getValueAsLong());
        }
      }
      case "delta" -> ofDelta(parser, field, isText && parser.getTextLength() > 0);
      case "content" -> {
        if (isText && field.equals("text") && isNested(depth)) {
          text.append(parser.getText());
        }
      }
      case "choices" -> finishes(parser, field.equals("finish_reason") && isText);
      case "function", "function_call" -> other |= isText && isNested(depth);
      case "usage" -> ofUsage(parser, field);
      case "prompt_tokens_details", "input_tokens_details" -> {
        if (field.equals("cached_tokens")) {
          cachedTokens = parser.getValueAsLong(-1);
        }
      }
      default -> {}
    }
  }

  /** Some gateways leave events out, but none may come twice, or too late. */
  private void follows(long next) {
    if (next < number || (next == number && next > 0)) {
      error = "event " + next + " after event " + number;
    }
    number = next;
  }

  /** Returns true within the delta of a choice. */
  private boolean isNested(int depth) {
    for (int above = 1; above < depth; above++) {
      if ("delta".equals(path[above])) {
        return true;
      }
    }
    return false;
  }

  private void ofDelta(JsonParser parser, String field, boolean hasText) throws IOException {
    switch (field) {
      case "content", "text" -> text.append(hasText ? parser.getText() : "");
      case "reasoning_content", "reasoning", "refusal", "thinking", "partial_json" ->
          other |= hasText;
      case "stop_reason" -> finishes(parser, hasText);
      default -> {}
    }
  }

  private void finishes(JsonParser parser, boolean isReason) throws IOException {
    if (isReason && parser.getTextLength() > 0) {
      finish = parser.getText();
      if (finish.equals("error")) {
        error = "";
      }
    }
  }

  private void ofUsage(JsonParser parser, String field) throws IOException {
    long count = parser.getValueAsLong(-1);
    switch (field) {
      case "prompt_tokens", "input_tokens" -> inputTokens = count;
      case "completion_tokens", "output_tokens" -> outputTokens = count;
      case "cache_read_input_tokens" -> cachedTokens = count;
      default -> {}
    }
  }

  private static String excerpt(byte[] data, int length) {
    String all = text(data, length).replaceAll("\\s+", " ");
    return all.length() > EXCERPT_CHARS ? all.substring(0, EXCERPT_CHARS) + "…" : all;
  }

  private static String text(byte[] data, int length) {
    return new String(data, 0, length, StandardCharsets.UTF_8).strip();
  }
}
