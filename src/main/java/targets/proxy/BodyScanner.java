package targets.proxy;

import io.netty.buffer.ByteBuf;

/** Finds the content and the end of one response body without copying. Used by one event loop. */
sealed interface BodyScanner permits ChunkedBody, SizedBody, OpenBody {
  /** What {@link #scan} answers where the upstream's framing is wrong. */
  int BAD = -1;

  /** Takes the places of content bytes. */
  interface Sink {
    /** Content is at these places of the buffer; the buffer is only lent. */
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

  /** True once the body's last byte was seen. */
  boolean isWhole();

  /** True if the end of the connection is the end of the body. */
  default boolean endsWithConnection() {
    return false;
  }
}
