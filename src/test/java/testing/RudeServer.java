package testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A server that answers every request in the same wrong way. */
public final class RudeServer implements AutoCloseable {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
  private static final String EVENT =
      "data: {\"choices\":[{\"delta\":{\"content\":\"word \"}}]}\n\n";
  private static final int EVENTS = 20;
  private static final int PACE_MS = 20;
  private static final int BACKLOG = 1_000;

  /** The answer to every request. */
  public enum Answer {
    /** 429. */
    LIMITS,
    /** A stream whose connection ends in the middle. */
    BREAKS_OFF,
    /** 200 without a body. */
    EMPTY,
    /** The connection is closed at once. */
    CLOSES,
    /** Nothing, for ever. */
    SILENT
  }

  private final Answer answer;
  private final ServerSocket socket =
      new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Listens on a free port of the loopback address. */
  public RudeServer(Answer answer) throws IOException {
    this.answer = answer;
    threads.execute(this::accept);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      while (answer != Answer.CLOSES && readHead(client.getInputStream())) {
        if (!answer(client.getOutputStream())) {
          return;
        }
      }
    } catch (IOException e) {
      // The client has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers one request; returns false if the connection ends with it. */
  private boolean answer(OutputStream out) throws IOException, InterruptedException {
    switch (answer) {
      case LIMITS -> write(out, "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n");
      case EMPTY -> write(out, HEAD + "Content-Length: 0\r\n\r\n");
      case BREAKS_OFF -> {
        write(out, HEAD + "Transfer-Encoding: chunked\r\n\r\n");
        for (int event = 0; event < EVENTS; event++) {
          write(out, Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n");
          TimeUnit.MILLISECONDS.sleep(PACE_MS);
        }
        return false;
      }
      case SILENT, CLOSES -> {}
    }
    return true;
  }

  /** Reads up to the empty line; returns false at the end of the connection. */
  private static boolean readHead(InputStream in) throws IOException {
    int ends = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
      if (ends == 2) {
        return true;
      }
    }
    return false;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
