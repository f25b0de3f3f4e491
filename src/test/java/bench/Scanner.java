package bench;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** Finds messages in received bytes, however these are split. Used by one thread. */
final class Scanner implements ByteProcessor {
  private final boolean isNumbered;
  private final LongConsumer found;
  private final byte[] key;
  private int matched;
  private long number;

  /**
   * A scanner.
   *
   * @param isNumbered whether messages have numbers behind {@code "sequence":}; else they are
   *     events, which end with an empty line, counted from 1
   */
  Scanner(boolean isNumbered, LongConsumer found) {
    this.isNumbered = isNumbered;
    this.found = found;
    this.key = (isNumbered ? "\"sequence\":" : "\n\n").getBytes(StandardCharsets.US_ASCII);
  }

  void read(ByteBuf bytes) {
    bytes.forEachByte(this);
  }

  @Override
  public boolean process(byte next) {
    if (matched < key.length) {
      matched = next == key[matched] ? matched + 1 : next == key[0] ? 1 : 0;
      if (matched == key.length && !isNumbered) {
        found.accept(++number);
        matched = 1; // Its last byte may begin the next one.
      }
    } else if (next >= '0' && next <= '9') {
      number = number * 10 + next - '0';
    } else {
      found.accept(number);
      number = 0;
      matched = next == key[0] ? 1 : 0;
    }
    return true;
  }
}
