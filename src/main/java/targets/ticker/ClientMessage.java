package targets.ticker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import targets.shared.Json;

/**
 * A message of a client.
 *
 * @param timestamp of a ping, exactly as received: a JSON number, a string with its quotes, or
 *     {@code null}
 * @param ms the timestamp as a number, if it is one
 * @param tokens of a subscription
 * @param fault what is wrong with a malformed message, for the client
 */
record ClientMessage(
    Type type, String timestamp, OptionalDouble ms, List<String> tokens, String fault) {
  enum Type {
    PING,
    SUBSCRIBE,
    UNSUBSCRIBE,
    MALFORMED
  }

  private static final JsonFactory JSON = new JsonFactory();
  private static final String TOKENS_FORM =
      "tokens is a list of ids of 1 to " + Subject.NAME_LENGTH_MAX + " letters, digits, '-', '_'";

  /** Reads a message; fields may come in any order, and unknown ones are ignored. */
  static ClientMessage read(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      return read(parser);
    } catch (IOException e) {
      return malformed("a message is one JSON object with a type");
    }
  }

  private static ClientMessage read(JsonParser parser) throws IOException {
    String type = "";
    String timestamp = "null";
    OptionalDouble ms = OptionalDouble.empty();
    Optional<List<String>> tokens = Optional.empty();
    check(parser.nextToken() == JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("type")) {
        type = value == JsonToken.VALUE_STRING ? parser.getText() : "";
      } else if (name.equals("timestamp") && value.isNumeric()) {
        timestamp = parser.getText();
        ms = OptionalDouble.of(parser.getDoubleValue());
      } else if (name.equals("timestamp") && value == JsonToken.VALUE_STRING) {
        timestamp = Json.text(parser.getText());
      } else if (name.equals("tokens") && value == JsonToken.START_ARRAY) {
        tokens = names(parser);
      }
      parser.skipChildren();
    }
    check(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
    return switch (type) {
      case "ping" -> new ClientMessage(Type.PING, timestamp, ms, List.of(), "");
      case "subscribe" -> subscription(Type.SUBSCRIBE, tokens);
      case "unsubscribe" -> subscription(Type.UNSUBSCRIBE, tokens);
      default -> malformed("type is one of ping, subscribe, unsubscribe");
    };
  }

  /** Returns the names of an array, up to its end; empty if it holds anything else. */
  private static Optional<List<String>> names(JsonParser parser) throws IOException {
    List<String> names = new ArrayList<>();
    boolean good = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      good &= parser.currentToken() == JsonToken.VALUE_STRING && Subject.isName(parser.getText());
      names.add(parser.getText());
      parser.skipChildren();
    }
    return good ? Optional.of(names) : Optional.empty();
  }

  private static ClientMessage subscription(Type type, Optional<List<String>> tokens) {
    return tokens
        .map(names -> new ClientMessage(type, "", OptionalDouble.empty(), names, ""))
        .orElseGet(() -> malformed(TOKENS_FORM));
  }

  private static ClientMessage malformed(String fault) {
    return new ClientMessage(Type.MALFORMED, "", OptionalDouble.empty(), List.of(), fault);
  }

  private static void check(boolean right) throws IOException {
    if (!right) {
      throw new IOException("malformed");
    }
  }
}
