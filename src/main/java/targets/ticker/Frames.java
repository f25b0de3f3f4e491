package targets.ticker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * WebSocket frames of a server, unmasked, as bytes: a broadcast is made into bytes once, whoever
 * receives it (RFC 6455, section 5.2).
 */
final class Frames {
  /** The longest reason of a close frame, in bytes. */
  static final int REASON_BYTES_MAX = 123;

  private static final int FINAL = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int LENGTH_7 = 125;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int HEAD_BYTES_MAX = 10;

  private Frames() {}

  /** A whole text message of UTF-8 bytes. */
  static ByteBuf text(ByteBufAllocator memory, byte[] payload) {
    return frame(memory, FINAL | TEXT, payload);
  }

  /** A whole text message that is compressed (RFC 7692). */
  static ByteBuf compressedText(ByteBufAllocator memory, byte[] payload) {
    return frame(memory, FINAL | COMPRESSED | TEXT, payload);
  }

  /** A question whether the peer is there. */
  static ByteBuf ping(ByteBufAllocator memory) {
    return frame(memory, FINAL | PING, new byte[0]);
  }

  /** The answer to a ping, with its payload, which is at most 125 bytes. */
  static ByteBuf pong(ByteBufAllocator memory, ByteBuf payload) {
    return frame(memory, FINAL | PONG, ByteBufUtil.getBytes(payload));
  }

  /** The first or the last frame of the closing handshake; a code of 1005 is not written. */
  static ByteBuf close(ByteBufAllocator memory, int code, String reason) {
    if (code == Close.NO_CODE) {
      return frame(memory, FINAL | CLOSE, new byte[0]);
    }
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + words.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(words, 0, payload, 2, words.length);
    return frame(memory, FINAL | CLOSE, payload);
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
