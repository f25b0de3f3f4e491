package targets.ticker;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;

/**
 * Packs messages each by itself (RFC 7692 with {@code server_no_context_takeover}), so that one
 * packing does for all receivers and no connection needs a window. One thread.
 */
final class Deflation implements AutoCloseable {
  /** A flush ends with 4 bytes that the extension leaves out. */
  private static final int TAIL_BYTES = 4;

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final byte[] chunk = new byte[8 * 1024];

  byte[] pack(byte[] message) {
    deflater.reset();
    deflater.setInput(message);
    ByteArrayOutputStream out = new ByteArrayOutputStream(message.length);
    int count = chunk.length;
    while (count == chunk.length) {
      count = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
      out.write(chunk, 0, count);
    }
    byte[] packed = out.toByteArray();
    byte[] message7692 = new byte[packed.length - TAIL_BYTES];
    System.arraycopy(packed, 0, message7692, 0, message7692.length);
    return message7692;
  }

  @Override
  public void close() {
    deflater.end();
  }
}
