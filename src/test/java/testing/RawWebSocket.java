package testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * A WebSocket client that can break every rule: its frames are written byte by byte, and it reads
 * only on request, as neither Gatling nor the JDK can. For one thread.
 */
public final class RawWebSocket implements AutoCloseable {
  // First bytes of frames (RFC 6455, section 5.2): the last of its message, and its kind.
  public static final int TEXT = 0x81;
  public static final int PACKED_TEXT = 0xC1;
  public static final int TEXT_BEGINS = 0x01;
  public static final int CONTINUES = 0x00;
  public static final int ENDS = 0x80;
  public static final int BINARY = 0x82;
  public static final int CLOSE = 0x88;
  public static final int PING = 0x89;
  public static final int PONG = 0x8A;

  /** Stands for a close frame without a code; never sent. */
  public static final int NO_CODE = 1005;

  /** Stands for a connection that ended without a close frame; never sent. */
  public static final int NO_FRAME = 1006;

  private static final String UPGRADE =
      """
      Host: here\r
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      Sec-WebSocket-Version: 13\r
      \r
      """;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static final byte[] MASK = {0x51, 0x0C, 0x3E, 0x77};
  private static final byte[] DEFLATE_END = {0, 0, -1, -1, 1, 0, 0, -1, -1};
  private static final int MASKED = 0x80;
  private static final int HEAD_MAX = 8192;
  private static final int LENGTH_MAX = 1 << 20;

  /** Small, so that a client that does not read is seen to be slow soon. */
  private static final int SMALL_BUFFER = 4096;

  /**
   * A frame that was received.
   *
   * @param first its first byte
   * @param code of a close frame
   */
  @SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
  public record Frame(int first, byte[] payload, int code) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public String inflated() throws IOException {
      byte[] whole = Arrays.copyOf(payload, payload.length + DEFLATE_END.length);
      System.arraycopy(DEFLATE_END, 0, whole, payload.length, DEFLATE_END.length);
      InputStream text =
          new InflaterInputStream(new ByteArrayInputStream(whole), new Inflater(true));
      return new String(text.readNBytes(LENGTH_MAX), StandardCharsets.UTF_8);
    }
  }

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;
  private int status;

  private RawWebSocket(InetSocketAddress address, int receiveBuffer, int boundMs)
      throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setSoTimeout(boundMs);
    socket.connect(address, boundMs); // A failure closes the socket.
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Connects to a port of this machine, with a small receive buffer; the caller upgrades. */
  public static RawWebSocket open(int port) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    return new RawWebSocket(new InetSocketAddress(here, port), SMALL_BUFFER, 0);
  }

  /**
   * Connects and upgrades.
   *
   * @param token of its user; empty for none
   * @param receiveBuffer bytes that the kernel holds; 0 for its own choice
   * @param bound of connecting, and of each single read
   * @throws IOException if there is no connection, or no answer
   */
  public static RawWebSocket open(
      URI url, Optional<String> token, int receiveBuffer, Duration bound) throws IOException {
    InetSocketAddress address = new InetSocketAddress(url.getHost(), url.getPort());
    RawWebSocket client =
        new RawWebSocket(address, receiveBuffer, Math.toIntExact(bound.toMillis()));
    try {
      client.request(
          "GET " + url.getPath() + " HTTP/1.1\r\n",
          token.map(text -> "Authorization: Bearer " + text + "\r\n").orElse(""),
          UPGRADE);
      return client;
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  /** Requests a WebSocket with a token in the query; returns the answer's head. */
  public String upgrade(String token, String... headers) throws IOException {
    return request("GET /ws?token=" + token + " HTTP/1.1\r\n" + String.join("", headers), UPGRADE);
  }

  /** Sends a head as it is; returns the answer's, up to its empty line. */
  public String request(String... head) throws IOException {
    out.write(String.join("", head).getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0 && answer.length() < HEAD_MAX) {
      answer.append((char) in.readUnsignedByte());
    }
    Matcher found = STATUS.matcher(answer);
    if (!found.lookingAt()) {
      throw new IOException("no HTTP answer: " + answer.toString().lines().findFirst().orElse(""));
    }
    status = Integer.parseInt(found.group(1));
    return answer.toString();
  }

  public int status() {
    return status;
  }

  public boolean isOpen() {
    return status == 101;
  }

  /** Sends a frame as a client must: masked. */
  public void send(int first, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(head(first, payload.length, MASKED));
    frame.writeBytes(MASK);
    for (int index = 0; index < payload.length; index++) {
      frame.write(payload[index] ^ MASK[index % MASK.length]);
    }
    out.write(frame.toByteArray());
  }

  public void send(int first, String payload) throws IOException {
    send(first, payload.getBytes(StandardCharsets.UTF_8));
  }

  public void sendPacked(String text) throws IOException {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
    byte[] packed = new byte[LENGTH_MAX];
    int length = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
    deflater.end();
    send(PACKED_TEXT, Arrays.copyOf(packed, length - 4));
  }

  /** Sends only the head of a frame, which announces a length. */
  public void sendHead(int first, int length) throws IOException {
    out.write(head(first, length, MASKED));
    out.write(MASK);
  }

  /** Sends a frame without a mask, which no client may. */
  public void sendUnmasked(int first, String payload) throws IOException {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    out.write(head(first, bytes.length, 0));
    out.write(bytes);
  }

  /** Reads the next frame; the end of the connection is a close by {@link #NO_FRAME}. */
  public Frame read() throws IOException {
    try {
      int first = in.readUnsignedByte();
      long length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      byte[] payload = in.readNBytes(Math.toIntExact(length));
      int code = payload.length < 2 ? NO_CODE : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
      return new Frame(first, payload, code);
    } catch (EOFException e) {
      return new Frame(CLOSE, new byte[0], NO_FRAME);
    }
  }

  /** Reads up to the next frame of a kind, or to the end of the connection. */
  public Frame read(int first) throws IOException {
    Frame frame = read();
    while (frame.first() != first && frame.code() != NO_FRAME) {
      frame = read();
    }
    return frame;
  }

  public int closeCode() throws IOException {
    return read(CLOSE).code();
  }

  /** Reads until the other side ends the connection. */
  public void awaitEnd() throws IOException {
    while (read().code() != NO_FRAME) {
      // What comes before the end does not matter.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static byte[] head(int first, int length, int mask) {
    if (length < 126) {
      return new byte[] {(byte) first, (byte) (mask | length)};
    }
    ByteBuffer head = ByteBuffer.allocate(length <= 0xFFFF ? 4 : 10).put((byte) first);
    return length <= 0xFFFF
        ? head.put((byte) (mask | 126)).putShort((short) length).array()
        : head.put((byte) (mask | 127)).putLong(length).array();
  }
}
