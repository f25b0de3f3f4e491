package targets.proxy;

import io.netty.buffer.ByteBuf;

/** Finds the content and the end of one response body without copying. Used by one event loop. */
interface BodyScanner {
  /** Returned by {@link #scan} where the upstream's framing is wrong. */
  int BAD = -1;

  interface Sink {
    /** Takes content at these places of the buffer; the buffer is only lent. */
    void data(ByteBuf in, int from, int length);
  }

  /**
   * Scans on.
   *
   * @param in all its readable bytes are looked at; its indices stay
   * @return the index after the last byte of the body in this buffer, or {@link #BAD}
   */
  int scan(ByteBuf in, Sink sink);

  /** Returns true once the body's last byte was seen. */
  boolean isWhole();

  /** Returns true if the end of the connection is the end of the body. */
  default boolean endsWithConnection() {
    return false;
  }

  /** A body of a known length, of 0 if it is absent, or one that the connection's end ends. */
  final class Plain implements BodyScanner {
    static final long UNTIL_END = Long.MAX_VALUE;

    private final boolean endsWithConnection;
    private long left;

    Plain(long length) {
      left = length;
      endsWithConnection = length == UNTIL_END;
    }

    @Override
    public int scan(ByteBuf in, Sink sink) {
      int taken = (int) Math.min(left, in.readableBytes());
      left -= taken;
      if (taken > 0) {
        sink.data(in, in.readerIndex(), taken);
      }
      return in.readerIndex() + taken;
    }

    @Override
    public boolean isWhole() {
      return left == 0;
    }

    @Override
    public boolean endsWithConnection() {
      return endsWithConnection;
    }
  }

  /**
   * A body in chunks (RFC 9112 section 7.1), read strictly, because what it lets pass is passed on
   * as it is: CRLF line ends only, at most 15 digits of size, extensions and trailers bounded.
   */
  final class Chunked implements BodyScanner {
    private static final int MAX_DIGITS = 15;
    private static final int MAX_EXTENSION = 4 * 1024;
    private static final int MAX_TRAILERS = 16 * 1024;

    private enum At {
      SIZE,
      EXTENSION,
      SIZE_LF,
      DATA,
      DATA_CR,
      DATA_LF,
      TRAILER_START,
      TRAILER,
      TRAILER_LF,
      END_LF,
      WHOLE,
      WRONG
    }

    private At at = At.SIZE;
    private long size;
    private int seen;

    @Override
    public boolean isWhole() {
      return at == At.WHOLE;
    }

    @Override
    public int scan(ByteBuf in, Sink sink) {
      int index = in.readerIndex();
      int end = in.writerIndex();
      while (index < end && at != At.WHOLE) {
        if (at == At.DATA) {
          int taken = (int) Math.min(size, end - index);
          sink.data(in, index, taken);
          index += taken;
          size -= taken;
          at = size == 0 ? At.DATA_CR : At.DATA;
          continue;
        }
        at = next(in.getByte(index++));
        if (at == At.WRONG) {
          return BAD;
        }
      }
      return index;
    }

    private At next(byte value) {
      return switch (at) {
        case SIZE -> size(value);
        case EXTENSION -> until(value, At.EXTENSION, At.SIZE_LF, MAX_EXTENSION);
        case SIZE_LF -> value == '\n' ? afterSize() : At.WRONG;
        case DATA_CR -> value == '\r' ? At.DATA_LF : At.WRONG;
        case DATA_LF -> value == '\n' ? nextChunk() : At.WRONG;
        case TRAILER_START ->
            value == '\r' ? At.END_LF : until(value, At.TRAILER, At.WRONG, MAX_TRAILERS);
        case TRAILER -> until(value, At.TRAILER, At.TRAILER_LF, MAX_TRAILERS);
        case TRAILER_LF -> value == '\n' ? At.TRAILER_START : At.WRONG;
        case END_LF -> value == '\n' ? At.WHOLE : At.WRONG;
        case DATA, WHOLE, WRONG -> At.WRONG;
      };
    }

    private At size(byte value) {
      int digit = Character.digit(value, 16);
      if (digit >= 0 && seen < MAX_DIGITS) {
        size = (size << 4) | digit;
        seen++;
        return At.SIZE;
      }
      if (digit >= 0 || seen == 0) {
        return At.WRONG;
      }
      seen = 0;
      return switch (value) {
        case '\r' -> At.SIZE_LF;
        case ';', ' ', '\t' -> At.EXTENSION;
        default -> At.WRONG;
      };
    }

    private At until(byte value, At same, At afterCr, int max) {
      if (value == '\r') {
        return afterCr;
      }
      return value == '\n' || ++seen > max ? At.WRONG : same;
    }

    private At afterSize() {
      seen = 0;
      return size == 0 ? At.TRAILER_START : At.DATA;
    }

    private At nextChunk() {
      seen = 0;
      return At.SIZE;
    }
  }
}
