package bench.fanout;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Finds the numbers of messages in what a viewer receives, however its bytes are split over frames.
 * Used by one thread.
 */
final class NumberFinder {
  private static final byte[] BEFORE =
      Announcement.BEFORE_NUMBER.getBytes(StandardCharsets.US_ASCII);

  private int matched;
  private long number;

  /**
   * Reads what came; the buffer stays as it is.
   *
   * @param found takes each number that ends in these bytes
   */
  void in(ByteBuf bytes, LongConsumer found) {
    for (int at = bytes.readerIndex(); at < bytes.writerIndex(); at++) {
      byte each = bytes.getByte(at);
      if (matched < BEFORE.length) {
        matched = each == BEFORE[matched] ? matched + 1 : each == BEFORE[0] ? 1 : 0;
      } else if (each >= '0' && each <= '9') {
        number = number * 10 + each - '0';
      } else {
        found.accept(number);
        number = 0;
        matched = each == BEFORE[0] ? 1 : 0;
      }
    }
  }
}
