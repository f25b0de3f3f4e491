package targets.auction.broadcast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * WebSocket text frames, encoded once for all viewers: what a server sends is not masked, so it is
 * the same for each (RFC 6455, 5.2).
 */
final class Frames {
  private static final int FINAL_TEXT = 0x81;
  private static final int SHORT_MAX = 125;
  private static final int MEDIUM_MAX = 0xffff;
  private static final int MEDIUM = 126;
  private static final int LONG = 127;
  private static final int HEADER_MAX = 10;

  private Frames() {}

  /** A frame of UTF-8 text, to be released once. */
  static ByteBuf text(byte[] utf8) {
    ByteBuf frame = Unpooled.directBuffer(utf8.length + HEADER_MAX);
    frame.writeByte(FINAL_TEXT);
    if (utf8.length <= SHORT_MAX) {
      frame.writeByte(utf8.length);
    } else if (utf8.length <= MEDIUM_MAX) {
      frame.writeByte(MEDIUM).writeShort(utf8.length);
    } else {
      frame.writeByte(LONG).writeLong(utf8.length);
    }
    return frame.writeBytes(utf8);
  }
}
