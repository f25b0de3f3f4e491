package simulations.ticker;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A WebSocket whose frames are written byte by byte, and which reads only on request, as neither
 * Gatling nor the JDK can. For one thread.
 */
final class RawSocket implements AutoCloseable {
  /** First bytes of frames (RFC 6455, section 5.2): the last of its message, and its kind. */
  static final int TEXT = 0x81;

  /** The first piece of a text of several frames. */
  static final int TEXT_BEGINS = 0x01;

  /** A further piece, not the last. */
  static final int CONTINUES = 0x00;

  /** The last piece. */
  static final int ENDS = 0x80;

  /** A whole binary message. */
  static final int BINARY = 0x82;

  /** A close frame. */
  static final int CLOSE = 0x88;

  /** A control frame that requires a pong. */
  static final int PING = 0x89;

  /** Stands for a close frame without a code; never sent. */
  static final int NO_CODE = 1005;

  /** Stands for a connection that ended without a close frame; never sent. */
  static final int NO_FRAME = 1006;

  private static final byte[] MASK = {0x51, 0x0C, 0x3E, 0x77};
  private static final int MASKED = 0x80;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int HEAD_MAX = 8192;
  private static final int UPGRADED = 101;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private int status;

  /**
   * A frame that was received.
   *
   * @param first its first byte
   * @param text its payload
   * @param code of a close frame
   */
  record Received(int first, String text, int code) {
    boolean isText() {
      return first == TEXT;
    }

    boolean isClose() {
      return first == CLOSE;
    }
  }

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * Connects and upgrades.
   *
   * @param url of the socket
   * @param token of its user; empty for none
   * @param receiveBuffer bytes that the kernel holds; 0 for its own choice
   * @param bound of connecting, and of each single read
   * @throws IOException if there is no connection, or no answer
   */
  static RawSocket open(URI url, Optional<String> token, int receiveBuffer, Duration bound)
      throws IOException {
    int boundMs = Math.toIntExact(bound.toMillis());
    Socket socket = new Socket();
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setSoTimeout(boundMs);
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), boundMs);
      RawSocket raw = new RawSocket(socket);
      raw.upgrade(url, token);
      return raw;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends a frame as a client must: masked. */
  void send(int first, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(head(first, payload.length, MASKED));
    frame.writeBytes(MASK);
    for (int index = 0; index < payload.length; index++) {
      frame.write(payload[index] ^ MASK[index % MASK.length]);
    }
    out.write(frame.toByteArray());
  }

  /** Sends a masked frame of a text. */
  void send(int first, String payload) throws IOException {
    send(first, payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends only the head of a frame, which announces a length. */
  void sendHead(int first, int length) throws IOException {
    out.write(head(first, length, MASKED));
    out.write(MASK);
  }

  /** Sends a frame without a mask, which no client may. */
  void sendUnmasked(int first, String payload) throws IOException {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    out.write(head(first, bytes.length, 0));
    out.write(bytes);
  }

  /**
   * Reads the next frame; the end of the connection counts as a close by {@link #NO_FRAME}.
   *
   * @throws IOException if nothing comes within the bound
   */
  Received read() throws IOException {
    try {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == LENGTH_16) {
        length = in.readUnsignedShort();
      } else if (length == LENGTH_64) {
        length = Math.toIntExact(in.readLong());
      }
      byte[] payload = in.readNBytes(length);
      int code = payload.length < 2 ? NO_CODE : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
      return new Received(first, new String(payload, StandardCharsets.UTF_8), code);
    } catch (EOFException e) {
      return new Received(CLOSE, "", NO_FRAME);
    }
  }

  /** Returns the status of the answer to the upgrade. */
  int status() {
    return status;
  }

  /** Returns true if the upgrade was accepted. */
  boolean isOpen() {
    return status == UPGRADED;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void upgrade(URI url, Optional<String> token) throws IOException {
    String request =
        String.join(
            "\r\n",
            "GET " + url.getPath() + " HTTP/1.1",
            "Host: " + url.getAuthority(),
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(new byte[16]),
            token.map(text -> "Authorization: Bearer " + text + "\r\n\r\n").orElse("\r\n"));
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0 && answer.length() < HEAD_MAX) {
      answer.append((char) in.readUnsignedByte());
    }
    Matcher found = STATUS.matcher(answer);
    if (!found.lookingAt()) {
      throw new IOException("no HTTP answer: " + answer.toString().lines().findFirst().orElse(""));
    }
    status = Integer.parseInt(found.group(1));
  }

  private static byte[] head(int first, int length, int mask) {
    if (length < LENGTH_16) {
      return new byte[] {(byte) first, (byte) (mask | length)};
    }
    if (length <= 0xFFFF) {
      byte[] bytes = {(byte) first, (byte) (mask | LENGTH_16), (byte) (length >> 8), (byte) length};
      return bytes;
    }
    return ByteBuffer.allocate(10)
        .put((byte) first)
        .put((byte) (mask | LENGTH_64))
        .putLong(length)
        .array();
  }
}
