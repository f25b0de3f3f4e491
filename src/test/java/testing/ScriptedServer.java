package testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;

/**
 * A server of a test: raw sockets and a script for each request, so that every wrong byte can be
 * sent.
 */
public final class ScriptedServer implements AutoCloseable {
  /** What is done with one request. */
  public interface Script {
    /** Plays one response to a request: its head, and its body if the head has its length. */
    void play(String request, Wire wire) throws IOException, InterruptedException;
  }

  /** One accepted connection. */
  public record Wire(Socket socket, InputStream in, OutputStream out) {
    public void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    public void sendChunk(String text) throws IOException {
      send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    /** Sends the head of a stream and its first chunks. */
    public void beginStream(String... chunks) throws IOException {
      send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
      send("Transfer-Encoding: chunked\r\n\r\n");
      for (String chunk : chunks) {
        sendChunk(chunk);
      }
    }

    public void sendStream(String... chunks) throws IOException {
      beginStream(chunks);
      endStream();
    }

    public void endStream() throws IOException {
      send("0\r\n\r\n");
    }

    public void sendWhole(String body) throws IOException {
      answer("200 OK", body);
    }

    /** Sends a whole answer, with further lines of its head. */
    public void answer(String status, String body, String... head) throws IOException {
      String lines = Stream.of(head).map(line -> line + "\r\n").collect(Collectors.joining());
      send("HTTP/1.1 " + status + "\r\n" + lines);
      send("Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

  private final ServerSocket server;
  private final Script script;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  public ScriptedServer(Script script) {
    this(script, ServerSocketFactory.getDefault());
  }

  /**
   * @param sockets such as those of TLS
   */
  public ScriptedServer(Script script, ServerSocketFactory sockets) {
    this.script = script;
    try {
      server = sockets.createServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public int connections() {
    return connections.get();
  }

  public List<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        connections.incrementAndGet();
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return; // The test is over.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Wire wire =
          new Wire(
              socket, new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
      for (String head = head(wire.in()); !head.isEmpty(); head = head(wire.in())) {
        String request = head + body(head, wire.in());
        requests.add(request);
        script.play(request, wire);
      }
    } catch (IOException e) {
      // The other side is gone, which many of the tests want.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String body(String head, InputStream in) throws IOException {
    Matcher length = CONTENT_LENGTH.matcher(head);
    int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int value = in.read(); value >= 0; value = in.read()) {
      head.append((char) value);
      if (head.toString().endsWith("\r\n\r\n")) {
        return head.toString();
      }
    }
    return "";
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "scripted server");
    thread.setDaemon(true);
    thread.start();
  }
}
