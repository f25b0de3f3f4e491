package bench;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** Finds messages in received bytes, however these are split. Used by one thread. */
abstract class Scanner implements ByteProcessor {
  final void read(ByteBuf bytes) {
    bytes.forEachByte(this);
  }

  /** Returns a scanner that counts events, which end with an empty line, from 1. */
  static Scanner ofEvents(LongConsumer found) {
    return new Scanner() {
      private boolean lineIsEmpty;
      private long events;

      @Override
      public boolean process(byte next) {
        if (next != '\n') {
          lineIsEmpty = false;
        } else if (lineIsEmpty) {
          found.accept(++events);
        } else {
          lineIsEmpty = true;
        }
        return true;
      }
    };
  }

  /** Returns a scanner for the numbers behind {@code "sequence":}. */
  static Scanner ofSequences(LongConsumer found) {
    return new Scanner() {
      private final byte[] key = "\"sequence\":".getBytes(StandardCharsets.US_ASCII);
      private int matched;
      private long number;

      @Override
      public boolean process(byte next) {
        if (matched < key.length) {
          matched = next == key[matched] ? matched + 1 : next == key[0] ? 1 : 0;
        } else if (next >= '0' && next <= '9') {
          number = number * 10 + next - '0';
        } else {
          found.accept(number);
          number = 0;
          matched = next == key[0] ? 1 : 0;
        }
        return true;
      }
    };
  }
}
