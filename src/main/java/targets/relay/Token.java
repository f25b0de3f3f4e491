package targets.relay;

import io.nats.client.Message;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.LongSupplier;

/**
 * A token as the adapter passes it on.
 *
 * @param sequence from 1 in its conversation
 * @param isDone whether it ends the conversation
 * @param position in the store, 0 if it is not known to be there
 * @param event the SSE event, ready to be written; shared, never changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
record Token(long sequence, boolean isDone, long position, byte[] event) {
  private static final String POSITION = "Nats-Sequence";
  private static final String STORED_AT = "Nats-Time-Stamp";
  private static final long NS_OF_S = 1_000_000_000L;

  /** What reading a NATS message gives. */
  sealed interface Read {
    /** A token. */
    record Good(Token token) implements Read {}

    /** None, and why. */
    record Bad(TokenMessage.Read.Bad why) implements Read {}
  }

  /**
   * Reads a message as NATS brought it, and stamps it.
   *
   * @param message live or from the store
   * @param unixNs the time of this hop
   */
  static Read read(Message message, LongSupplier unixNs) {
    TokenMessage.Read read = TokenMessage.read(message.getData());
    if (read instanceof TokenMessage.Read.Bad bad) {
      return new Read.Bad(bad);
    }
    TokenMessage token = ((TokenMessage.Read.Good) read).message();
    String stamps = storedAt(message) + "\"adapter\":" + unixNs.getAsLong();
    byte[] json = token.stamped(stamps);
    byte[] event =
        SseText.event(token.error().isPresent() ? "error" : "token", token.sequence(), json);
    return new Read.Good(new Token(token.sequence(), token.isDone(), position(message), event));
  }

  /** Where in the store a message is, 0 if it does not say. */
  static long position(Message message) {
    return number(header(message, POSITION));
  }

  private static String storedAt(Message message) {
    String text = header(message, STORED_AT);
    if (text.isEmpty()) {
      return "";
    }
    try {
      Instant at = Instant.parse(text);
      return "\"nats\":" + (at.getEpochSecond() * NS_OF_S + at.getNano()) + ",";
    } catch (DateTimeParseException e) {
      return ""; // The stamp is optional by contract.
    }
  }

  private static String header(Message message, String name) {
    String value = message.hasHeaders() ? message.getHeaders().getFirst(name) : null;
    return value == null ? "" : value;
  }

  private static long number(String text) {
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0; // The position is optional by contract.
    }
  }
}
