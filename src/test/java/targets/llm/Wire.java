package targets.llm;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A bare TCP connection, for the bytes themselves. */
final class Wire implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;

  Wire(int port) throws IOException {
    this(port, 64 * 1024);
  }

  Wire(int port, int receiveBytes) throws IOException {
    socket.setReceiveBufferSize(receiveBytes);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A chat request of HTTP/1.1. */
  static String post(String query, String body) {
    return "POST /v1/chat/completions"
        + query
        + " HTTP/1.1\r\nhost: x\r\ncontent-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  Wire send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Reads up to and including the words given, or to the end. */
  String readUntil(String words) throws IOException {
    byte[] wanted = words.getBytes(StandardCharsets.UTF_8);
    byte[] window = new byte[wanted.length];
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      read.write(next);
      System.arraycopy(window, 1, window, 0, window.length - 1);
      window[window.length - 1] = (byte) next;
      if (Arrays.equals(window, wanted)) {
        break;
      }
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  String readToEnd() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
