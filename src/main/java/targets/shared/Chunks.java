package targets.shared;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The framing of one chunk of an HTTP/1.1 body (RFC 9112, section 7.1). */
public final class Chunks {
  /** The most bytes that the framing of a chunk takes. */
  public static final int FRAMING_MAX = 12;

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Chunks() {}

  /**
   * Writes what stands before a chunk's bytes, at least 1: one without bytes would end the body.
   */
  public static void open(ByteBuf out, int bytes) {
    int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(bytes)) / 4);
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      out.writeByte(HEX[(bytes >>> shift) & 15]);
    }
    out.writeBytes(CRLF);
  }

  /** Writes what stands behind a chunk's bytes. */
  public static void close(ByteBuf out) {
    out.writeBytes(CRLF);
  }
}
