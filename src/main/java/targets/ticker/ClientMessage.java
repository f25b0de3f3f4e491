package targets.ticker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A message of a client. */
sealed interface ClientMessage {
  /**
   * {@code ping}.
   *
   * @param timestamp exactly as received: a JSON number, a string with its quotes, or {@code null}
   * @param ms the timestamp as a number, if it is one
   */
  record Ping(String timestamp, OptionalDouble ms) implements ClientMessage {}

  /** {@code subscribe} to tokens. */
  record Subscribe(List<String> tokens) implements ClientMessage {}

  /** {@code unsubscribe} from tokens. */
  record Unsubscribe(List<String> tokens) implements ClientMessage {}

  /**
   * A malformed message.
   *
   * @param reason reported to the client
   */
  record Nonsense(String reason) implements ClientMessage {}

  /** Reads a message; ignores unknown fields. */
  static ClientMessage read(String text) {
    try (JsonParser parser = Reading.JSON.createParser(text)) {
      return new Reading().read(parser);
    } catch (IOException e) {
      return new Nonsense("a message is one JSON object with a type");
    }
  }

  /** Collects the fields, in any order. */
  final class Reading {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String TOKENS_FORM =
        "tokens is a list of ids of 1 to " + Subject.NAME_LENGTH_MAX + " letters, digits, '-', '_'";

    private String type = "";
    private String timestamp = "null";
    private OptionalDouble ms = OptionalDouble.empty();
    private Optional<List<String>> tokens = Optional.empty();

    private ClientMessage read(JsonParser parser) throws IOException {
      check(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "type" -> type = value == JsonToken.VALUE_STRING ? parser.getText() : "";
          case "timestamp" -> timestamp(parser, value);
          case "tokens" -> tokens = tokens(parser, value);
          default -> parser.skipChildren();
        }
      }
      check(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
      return switch (type) {
        case "ping" -> new Ping(timestamp, ms);
        case "subscribe" -> tokens.<ClientMessage>map(Subscribe::new).orElse(badTokens());
        case "unsubscribe" -> tokens.<ClientMessage>map(Unsubscribe::new).orElse(badTokens());
        default -> new Nonsense("type is one of ping, subscribe, unsubscribe");
      };
    }

    private void timestamp(JsonParser parser, JsonToken value) throws IOException {
      if (value.isNumeric()) {
        timestamp = parser.getText();
        ms = OptionalDouble.of(parser.getDoubleValue());
      } else if (value == JsonToken.VALUE_STRING) {
        timestamp = Messages.quoted(parser.getText());
      } else {
        parser.skipChildren();
      }
    }

    private static Optional<List<String>> tokens(JsonParser parser, JsonToken value)
        throws IOException {
      if (value != JsonToken.START_ARRAY) {
        parser.skipChildren();
        return Optional.empty();
      }
      List<String> names = new ArrayList<>();
      boolean good = true;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        boolean name = parser.currentToken() == JsonToken.VALUE_STRING;
        good &= name && Subject.isName(parser.getText());
        names.add(parser.getText());
        parser.skipChildren();
      }
      return good ? Optional.of(names) : Optional.empty();
    }

    private static ClientMessage badTokens() {
      return new Nonsense(TOKENS_FORM);
    }

    private static void check(boolean right) throws IOException {
      if (!right) {
        throw new IOException("malformed");
      }
    }
  }
}
