package bench.relay;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Finds the ids of token events in a stream with LF line ends, however its bytes are split. Other
 * events, such as those that tell of a loss, are not told. Used by one thread.
 */
final class TokenEvents {
  private static final byte LF = '\n';
  private static final byte[] TOKEN = ascii("event: token");
  private static final byte[] ID = ascii("id: ");

  /** Enough of a line for its name and any id. */
  private final byte[] head = new byte[32];

  private int length;
  private boolean isToken;
  private long id;

  /**
   * Reads what came; the buffer stays as it is.
   *
   * @param found takes the id of each token event that ends in these bytes
   */
  void in(ByteBuf bytes, LongConsumer found) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      int lf = bytes.indexOf(at, end, LF);
      int lineEnd = lf < 0 ? end : lf;
      keep(bytes, at, lineEnd);
      if (lf >= 0) {
        line(found);
        length = 0;
      }
      at = lineEnd + 1;
    }
  }

  private void keep(ByteBuf bytes, int from, int end) {
    int room = Math.min(end - from, head.length - Math.min(length, head.length));
    if (room > 0) {
      bytes.getBytes(from, head, length, room);
    }
    length = Math.min(head.length, length + end - from);
  }

  private void line(LongConsumer found) {
    if (length == 0) {
      if (isToken) {
        found.accept(id);
      }
      isToken = false;
      id = 0;
    } else if (begins(ID)) {
      id = TokenText.number(head, ID.length, length);
    } else if (begins(TOKEN) && length == TOKEN.length) {
      isToken = true;
    }
  }

  private boolean begins(byte[] name) {
    return length >= name.length && Arrays.equals(head, 0, name.length, name, 0, name.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
