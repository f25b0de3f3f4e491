package testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A bare TCP client: it sees every byte, and how the connection ends. */
public final class RawClient implements AutoCloseable {
  private static final int READ_BOUND_MS = 30_000;
  private static final int HTTP_PORT = 80;

  private final Socket socket;
  private final InputStream in;
  private final String host;

  public RawClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBuffer of the kernel in bytes, 0 for its default; set before connecting
   */
  public RawClient(int port, int receiveBuffer) throws IOException {
    this(InetAddress.getLoopbackAddress().getHostAddress(), port, receiveBuffer, READ_BOUND_MS);
  }

  /**
   * @param boundMs of connecting, and of each single read
   */
  public RawClient(URI server, int receiveBuffer, int boundMs) throws IOException {
    this(
        server.getHost(),
        server.getPort() > 0 ? server.getPort() : HTTP_PORT,
        receiveBuffer,
        boundMs);
  }

  private RawClient(String name, int port, int receiveBuffer, int boundMs) throws IOException {
    host = name + ":" + port;
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setSoTimeout(boundMs);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(name, port), boundMs); // A failure closes the socket.
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Returns the bytes that were not read yet. */
  public InputStream in() {
    return in;
  }

  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public RawClient get(String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }

  /**
   * Requests an event stream.
   *
   * @param http version; the answer to 1.0 comes without chunks
   */
  public RawClient stream(String http, String target) throws IOException {
    return send(
        "GET %s HTTP/%s\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n"
            .formatted(target, http, host));
  }

  public String head() throws IOException {
    return readUntil("\r\n\r\n");
  }

  /** Reads up to and including the words given, or to the end. */
  public String readUntil(String words) throws IOException {
    StringBuilder read = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      read.append((char) next);
      if (read.length() >= words.length()
          && read.indexOf(words, read.length() - words.length()) >= 0) {
        break;
      }
    }
    return read.toString();
  }

  public String read(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /** Everything up to the end of the connection; a reset is shown as {@code <reset>}. */
  public String rest() throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketException e) {
      text.append("<reset>");
    }
    return text.toString();
  }

  /** Head and body of a response that says its length. */
  public String response() throws IOException {
    String head = head();
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ") + "content-length: ".length();
    return head + read(Integer.parseInt(lower.substring(at, lower.indexOf('\r', at))));
  }

  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Leaves with an orderly end. */
  public void leave() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
