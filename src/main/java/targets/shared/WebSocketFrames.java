package targets.shared;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * WebSocket frames of a server as bytes. They are not masked, so one buffer serves all receivers of
 * a message (RFC 6455, section 5.2).
 */
public final class WebSocketFrames {
  private static final int FINAL = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int TEXT = 1;
  private static final int LENGTH_7 = 125;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int HEAD_BYTES_MAX = 10;

  private WebSocketFrames() {}

  /** Returns a whole text message of UTF-8 bytes. */
  public static ByteBuf text(ByteBufAllocator memory, byte[] utf8) {
    return frame(memory, FINAL | TEXT, utf8);
  }

  /** Returns a whole text message that is compressed already (RFC 7692). */
  public static ByteBuf compressedText(ByteBufAllocator memory, byte[] packed) {
    return frame(memory, FINAL | COMPRESSED | TEXT, packed);
  }

  private static ByteBuf frame(ByteBufAllocator memory, int first, byte[] payload) {
    ByteBuf frame = memory.directBuffer(HEAD_BYTES_MAX + payload.length).writeByte(first);
    if (payload.length <= LENGTH_7) {
      frame.writeByte(payload.length);
    } else if (payload.length <= 0xFFFF) {
      frame.writeByte(LENGTH_16).writeShort(payload.length);
    } else {
      frame.writeByte(LENGTH_64).writeLong(payload.length);
    }
    return frame.writeBytes(payload);
  }
}
