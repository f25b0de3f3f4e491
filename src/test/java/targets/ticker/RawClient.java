package targets.ticker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** A WebSocket client that can break every rule: it writes frames bit by bit. */
public final class RawClient implements AutoCloseable {
  public static final int TEXT = 0x81;
  public static final int PACKED_TEXT = 0xC1;
  public static final int TEXT_BEGINS = 0x01;
  public static final int CONTINUES = 0x00;
  public static final int ENDS = 0x80;
  public static final int BINARY = 0x82;
  public static final int CLOSE = 0x88;
  public static final int PING = 0x89;
  public static final int PONG = 0x8A;

  private static final String UPGRADE =
      String.join(
          "\r\n",
          "Host: here",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "",
          "");
  private static final byte[] MASK = {1, 2, 3, 4};
  private static final byte[] TAIL = {0, 0, -1, -1, 1, 0, 0, -1, -1};
  private static final int LENGTH_MAX = 1 << 20;
  private static final int SMALL_BUFFER = 4096;

  /**
   * A frame that came.
   *
   * @param first its first byte
   */
  @SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
  public record Frame(int first, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Returns the payload, decompressed. */
    byte[] inflated() throws IOException {
      byte[] whole = Arrays.copyOf(payload, payload.length + TAIL.length);
      System.arraycopy(TAIL, 0, whole, payload.length, TAIL.length);
      return new InflaterInputStream(new ByteArrayInputStream(whole), new Inflater(true))
          .readNBytes(LENGTH_MAX);
    }

    /** Returns the code of a close frame; 1005 if it has none. */
    public int code() {
      return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private RawClient(int port) throws IOException {
    socket = new Socket();
    // Small, so that a client that does not read is seen to be slow soon.
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  public static RawClient open(int port) throws IOException {
    return new RawClient(port);
  }

  /** Asks for a WebSocket; returns the answer's first line and headers. */
  public String upgrade(String token, String... headers) throws IOException {
    return request("GET /ws?token=" + token + " HTTP/1.1\r\n" + String.join("", headers), UPGRADE);
  }

  /** Sends a head as it is; returns the answer's, up to its empty line. */
  public String request(String... head) throws IOException {
    out.write(String.join("", head).getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.readUnsignedByte());
    }
    return answer.toString();
  }

  /** A frame as a client writes it: masked. */
  public void send(int first, byte[] payload) throws IOException {
    byte[] masked = payload.clone();
    for (int index = 0; index < masked.length; index++) {
      masked[index] ^= MASK[index % MASK.length];
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(head(first, payload.length, true));
    frame.writeBytes(MASK);
    frame.writeBytes(masked);
    out.write(frame.toByteArray());
  }

  public void send(int first, String payload) throws IOException {
    send(first, payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a compressed text. */
  void sendPacked(String text) throws IOException {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
    byte[] packed = new byte[LENGTH_MAX];
    int length = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
    deflater.end();
    send(PACKED_TEXT, Arrays.copyOf(packed, length - 4));
  }

  /** Only the beginning of a frame, with the length of what is to come. */
  public void sendHead(int first, int length) throws IOException {
    out.write(head(first, length, true));
  }

  /** A frame that is not masked, as no client may write one. */
  public void sendUnmasked(int first, String payload) throws IOException {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    out.write(head(first, bytes.length, false));
    out.write(bytes);
  }

  /** The next frame; the test's time-out bounds it. */
  public Frame read() throws IOException {
    int first = in.readUnsignedByte();
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame(first, payload);
  }

  /** The next frame of a kind. */
  public Frame read(int first) throws IOException {
    Frame frame = read();
    while (frame.first() != first) {
      frame = read();
    }
    return frame;
  }

  /** Returns the code of the next close frame. */
  public int closeCode() throws IOException {
    return read(CLOSE).code();
  }

  /** True once the other side ends the connection. */
  public boolean isEnded() throws IOException {
    try {
      while (true) {
        read();
      }
    } catch (EOFException e) {
      return true;
    }
  }

  /** Ends the connection without a close frame. */
  public void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static byte[] head(int first, int length, boolean masked) {
    int mask = masked ? 0x80 : 0;
    if (length < 126) {
      return new byte[] {(byte) first, (byte) (mask | length)};
    }
    if (length <= 0xFFFF) {
      return new byte[] {(byte) first, (byte) (mask | 126), (byte) (length >> 8), (byte) length};
    }
    return ByteBuffer.allocate(10)
        .put((byte) first)
        .put((byte) (mask | 127))
        .putLong(length)
        .array();
  }
}
