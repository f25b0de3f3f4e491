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
   * @param sink takes each piece of content
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
}
