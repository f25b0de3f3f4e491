package targets.relay.adapter;

import io.nats.client.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import targets.relay.message.TokenMessage;
import targets.relay.message.Undelivered;
import targets.shared.StoreReader;

/**
 * A token as the adapter passes it on.
 *
 * @param sequence from 1 in its conversation
 * @param isDone whether it ends the conversation
 * @param position in the store, 0 if it is not known to be there
 * @param event the SSE event, ready to be written; shared, never changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
public record Token(long sequence, boolean isDone, long position, byte[] event) {
  private static final String STORED_AT = "Nats-Time-Stamp";
  private static final long NS_OF_S = 1_000_000_000L;
  private static final byte[] END = {'\n', '\n'};

  /**
   * Reads a message from NATS and stamps it; empty for one that cannot be passed on.
   *
   * @param message live or from the store
   * @param unixNs time of this hop
   * @param undelivered counts an unreadable message
   */
  static Optional<Token> read(Message message, long unixNs, Undelivered undelivered) {
    String stamps = storedAt(message) + "\"adapter\":" + unixNs;
    return TokenMessage.read(message.getData(), stamps, undelivered)
        .filter(read -> !read.isNotice())
        .map(
            read ->
                new Token(
                    read.sequence(), read.isDone(), StoreReader.position(message), event(read)));
  }

  private static byte[] event(TokenMessage read) {
    String head = (read.isError() ? "event: error\nid: " : "event: token\nid: ") + read.sequence();
    byte[] start = (head + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
    int bytes = start.length + read.json().length + END.length;
    return ByteBuffer.allocate(bytes).put(start).put(read.json()).put(END).array();
  }

  private static String storedAt(Message message) {
    String text = message.hasHeaders() ? message.getHeaders().getFirst(STORED_AT) : null;
    if (text == null) {
      return "";
    }
    try {
      Instant at = Instant.parse(text);
      return "\"nats\":" + (at.getEpochSecond() * NS_OF_S + at.getNano()) + ",";
    } catch (DateTimeParseException e) {
      return ""; // The stamp is optional by contract.
    }
  }
}
