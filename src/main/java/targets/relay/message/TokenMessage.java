package targets.relay.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import targets.relay.message.Undelivered.Reason;

/**
 * One message of the relay: {@code {"conversation_id", "token", "sequence", "done", "timestamp"}}.
 * Its JSON is passed on as the producer wrote it, unknown fields included; each hop only adds its
 * time to the object {@code hops}.
 */
public final class TokenMessage {
  private static final JsonFactory JSON = new JsonFactory();

  private byte[] json;
  private String conversationId = "";
  private long sequence;
  private long timestampNs;
  private boolean done;
  private boolean hasToken;
  private Optional<String> error = Optional.empty();
  private int end;
  private int hopsEnd;
  private boolean hopsEmpty;

  private TokenMessage(byte[] json) {
    this.json = json;
  }

  /** Result of reading. */
  public sealed interface Read {
    /** A message. */
    record Good(TokenMessage message) implements Read {}

    /**
     * No message.
     *
     * @param why the kind of refusal
     * @param detail one sentence
     * @param conversationId of the token that is lost by this, empty if unknown
     * @param sequence of that token, 0 if unknown
     */
    record Bad(Reason why, String detail, String conversationId, long sequence) implements Read {
      /** Returns whether the token's conversation and sequence are known. */
      public boolean isPlaced() {
        return sequence > 0 && !conversationId.isEmpty();
      }
    }
  }

  /**
   * Reads a message.
   *
   * @param bytes UTF-8 JSON; kept if it has no line ends, otherwise copied without them
   */
  public static Read read(byte[] bytes) {
    TokenMessage message = new TokenMessage(bytes);
    try (JsonParser parser = JSON.createParser(bytes)) {
      message.parse(parser);
      message.json = flat(bytes);
    } catch (IOException e) {
      return message.bad(Reason.MALFORMED, "not a JSON object of a token message");
    }
    Optional<String> refusal = Names.refusal(message.conversationId);
    if (refusal.isPresent()) {
      return new Read.Bad(Reason.BAD_ID, refusal.get(), "", 0);
    }
    if (message.sequence < 1) {
      return new Read.Bad(Reason.BAD_SEQUENCE, "sequence must be a whole number from 1", "", 0);
    }
    if (!message.hasToken && !message.done && message.error.isEmpty()) {
      return message.bad(Reason.MALFORMED, "token is missing");
    }
    return new Read.Good(message);
  }

  /**
   * Returns the notice that takes the place of a token that could not be passed on; it reaches the
   * client as an error event.
   */
  public static byte[] loss(String conversationId, long sequence, boolean done, String reason) {
    String json =
        "{\"conversation_id\":\"%s\",\"sequence\":%d,\"done\":%b,\"error\":\"%s\"}"
            .formatted(
                conversationId, sequence, done, reason.replaceAll("[\"\\\\\\p{Cntrl}]", " "));
    return json.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the conversation's id. */
  public String conversationId() {
    return conversationId;
  }

  /** Returns the token's number in its conversation, from 1 without gaps. */
  public long sequence() {
    return sequence;
  }

  /** Returns true for the conversation's last message. */
  public boolean isDone() {
    return done;
  }

  /** Returns the producer's time stamp in Unix nanoseconds; 0 if there is none. */
  public long timestampNs() {
    return timestampNs;
  }

  /** Returns why a token was lost, in a notice of its loss. */
  public Optional<String> error() {
    return error;
  }

  /** Returns the message's bytes, without line ends. */
  byte[] json() {
    return json;
  }

  /**
   * Returns the message with more times.
   *
   * @param stamps members of the object {@code hops}, such as {@code "bridge":1700000000000000000}
   */
  public byte[] stamped(String stamps) {
    boolean own = hopsEnd == 0;
    int at = (own ? end : hopsEnd) - 1;
    String insert = own ? ",\"hops\":{" + stamps + "}" : (hopsEmpty ? "" : ",") + stamps;
    byte[] middle = insert.getBytes(StandardCharsets.US_ASCII);
    byte[] out = new byte[json.length + middle.length];
    System.arraycopy(json, 0, out, 0, at);
    System.arraycopy(middle, 0, out, at, middle.length);
    System.arraycopy(json, at, out, at + middle.length, json.length - at);
    return out;
  }

  private void parse(JsonParser parser) throws IOException {
    check(parser.nextToken() == JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "conversation_id" -> {
          check(value == JsonToken.VALUE_STRING);
          conversationId = parser.getText();
        }
        case "token" -> {
          check(value == JsonToken.VALUE_STRING);
          hasToken = true;
        }
        case "sequence" -> {
          check(value == JsonToken.VALUE_NUMBER_INT);
          sequence = parser.getLongValue();
        }
        case "done" -> {
          check(value.isBoolean());
          done = value == JsonToken.VALUE_TRUE;
        }
        case "timestamp" -> {
          check(value == JsonToken.VALUE_NUMBER_INT);
          timestampNs = parser.getLongValue();
        }
        case "error" -> error = Optional.of(parser.getValueAsString(""));
        case "hops" -> hops(parser, value);
        default -> parser.skipChildren();
      }
    }
    check(parser.currentToken() == JsonToken.END_OBJECT);
    end = (int) parser.currentLocation().getByteOffset();
    check(parser.nextToken() == null);
  }

  private void hops(JsonParser parser, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    hopsEmpty = parser.nextToken() == JsonToken.END_OBJECT;
    while (parser.currentToken() == JsonToken.FIELD_NAME) {
      parser.nextToken();
      parser.skipChildren();
      parser.nextToken();
    }
    hopsEnd = (int) parser.currentLocation().getByteOffset();
  }

  private Read.Bad bad(Reason why, String detail) {
    boolean placed = sequence > 0 && Names.refusal(conversationId).isEmpty();
    return new Read.Bad(why, detail, placed ? conversationId : "", placed ? sequence : 0);
  }

  private static void check(boolean right) throws IOException {
    if (!right) {
      throw new IOException("not a token message");
    }
  }

  /** Replaces line ends, which would end the SSE line, by blanks, which JSON allows there. */
  private static byte[] flat(byte[] bytes) throws IOException {
    byte[] out = bytes;
    for (int i = 0; i < bytes.length; i++) {
      check(bytes[i] != 0); // Else this is UTF-16, which only the parser accepts.
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        if (out == bytes) {
          out = bytes.clone();
        }
        out[i] = ' ';
      }
    }
    return out;
  }
}
