package targets.relay.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import targets.relay.message.Undelivered.Reason;

/**
 * One message of the relay: {@code {"conversation_id", "token", "sequence", "done", "timestamp"}}.
 * Its JSON is passed on as the producer wrote it, unknown fields included; each hop only adds its
 * time to the object {@code hops}.
 *
 * @param sequence from 1 in its conversation, without gaps
 * @param timestampNs of the producer, in Unix nanoseconds; 0 for none
 * @param isDone whether it ends the conversation
 * @param isError whether it reports a loss to the client
 * @param isNotice whether it was made here, in place of a message that could not be passed on
 * @param json with the time of this hop, without line ends
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
public record TokenMessage(
    String id,
    long sequence,
    long timestampNs,
    boolean isDone,
    boolean isError,
    boolean isNotice,
    byte[] json) {
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads a message and adds the times of this hop. One that cannot be passed on is counted; then
   * the result is a notice of its loss if its conversation and sequence are known, or empty.
   *
   * @param bytes UTF-8 JSON
   * @param stamps members of the object {@code hops}, such as {@code "bridge":1700000000000000000}
   */
  public static Optional<TokenMessage> read(byte[] bytes, String stamps, Undelivered undelivered) {
    Fields fields = new Fields();
    byte[] json;
    try (JsonParser parser = JSON.createParser(bytes)) {
      fields.read(parser);
      json = fields.stamped(bytes, stamps);
    } catch (IOException e) {
      return fields.lost(undelivered, "not a JSON object of a token message");
    }
    Optional<String> refusal = Channels.refusal(fields.id);
    if (refusal.isPresent()) {
      undelivered.add(Reason.BAD_ID, refusal.get());
      return Optional.empty();
    }
    if (fields.sequence < 1) {
      undelivered.add(Reason.BAD_SEQUENCE, "sequence must be a whole number from 1");
      return Optional.empty();
    }
    if (!fields.hasToken && !fields.done && !fields.error) {
      return fields.lost(undelivered, "token is missing");
    }
    return Optional.of(fields.message(json));
  }

  /** Returns the notice of a token's loss; it reaches the client as an error event. */
  public static TokenMessage notice(String id, long sequence, boolean done, String reason) {
    String json =
        "{\"conversation_id\":\"%s\",\"sequence\":%s,\"done\":%b,\"error\":\"%s\"}"
            .formatted(id, sequence, done, reason.replaceAll("[\"\\\\\\p{Cntrl}]", " "));
    return new TokenMessage(id, sequence, 0, done, true, true, json.getBytes(UTF_8));
  }

  /** What a parser has found so far, and where the times of this hop belong. */
  private static final class Fields {
    String id = "";
    long sequence;
    long timestampNs;
    boolean done;
    boolean hasToken;
    boolean error;
    private int end;
    private int hopsEnd;
    private boolean hopsEmpty;

    void read(JsonParser parser) throws IOException {
      check(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "conversation_id" -> {
            check(value == JsonToken.VALUE_STRING);
            id = parser.getText();
          }
          case "token" -> hasToken = check(value == JsonToken.VALUE_STRING);
          case "sequence" -> sequence = wholeNumber(parser, value);
          case "done" -> done = check(value.isBoolean()) && value == JsonToken.VALUE_TRUE;
          case "timestamp" -> timestampNs = wholeNumber(parser, value);
          case "error" -> {
            error = true;
            parser.skipChildren();
          }
          case "hops" -> readHops(parser, value);
          default -> parser.skipChildren();
        }
      }
      check(parser.currentToken() == JsonToken.END_OBJECT);
      end = (int) parser.currentLocation().getByteOffset();
      check(parser.nextToken() == null);
    }

    private static long wholeNumber(JsonParser parser, JsonToken value) throws IOException {
      check(value == JsonToken.VALUE_NUMBER_INT);
      return parser.getLongValue();
    }

    private void readHops(JsonParser parser, JsonToken value) throws IOException {
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

    TokenMessage message(byte[] json) {
      return new TokenMessage(id, sequence, timestampNs, done, error, false, json);
    }

    Optional<TokenMessage> lost(Undelivered undelivered, String reason) {
      undelivered.add(Reason.MALFORMED, reason);
      boolean known = sequence > 0 && Channels.refusal(id).isEmpty();
      return known ? Optional.of(notice(id, sequence, false, reason)) : Optional.empty();
    }

    /** Inserts times, and replaces line ends, which would end the SSE line, by blanks. */
    byte[] stamped(byte[] json, String stamps) throws IOException {
      boolean own = hopsEnd == 0;
      int at = (own ? end : hopsEnd) - 1;
      String insert = own ? ",\"hops\":{" + stamps + "}" : (hopsEmpty ? "" : ",") + stamps;
      byte[] middle = insert.getBytes(UTF_8);
      ByteBuffer whole = ByteBuffer.allocate(json.length + middle.length);
      byte[] out = whole.put(json, 0, at).put(middle).put(json, at, json.length - at).array();
      for (int i = 0; i < out.length; i++) {
        check(out[i] != 0); // Else this is UTF-16, which only the parser accepts.
        if (out[i] == '\n' || out[i] == '\r') {
          out[i] = ' ';
        }
      }
      return out;
    }

    /** Returns true, or fails. */
    private static boolean check(boolean right) throws IOException {
      if (!right) {
        throw new IOException("not a token message");
      }
      return true;
    }
  }
}
