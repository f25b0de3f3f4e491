package targets.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import targets.shared.RunningTarget;

/** A client's connection to one stream, over a real socket. */
public final class Sse implements AutoCloseable {
  private static final int SILENCE_MS = 20_000;
  private static final int SMALL_BYTES = 4096;
  private static final int LARGE_BYTES = 1 << 20;
  private static final long RETRY_NS = 20_000_000;

  private final Closeable connection;
  private final BufferedReader lines;

  /** Null for a client that reads at once. */
  private Socket slow;

  /** One event; a comment has the name {@code ":"}. */
  public record Event(String name, String id, String data) {
    public long sequence() {
      return Long.parseLong(id);
    }

    JsonNode json() {
      return RunningTarget.json(data);
    }
  }

  private Sse(Closeable connection, InputStream in) {
    this.connection = connection;
    this.lines = new BufferedReader(new InputStreamReader(in, UTF_8));
  }

  /** Opens a stream; the last event is 0 for a client that has none. */
  static Sse open(URI adapter, String id, long lastEvent) throws IOException {
    HttpURLConnection connection = connect(adapter.resolve("/stream/" + id));
    if (lastEvent > 0) {
      connection.setRequestProperty("Last-Event-ID", Long.toString(lastEvent));
    }
    return new Sse(connection::disconnect, connection.getInputStream());
  }

  /** Opens a stream and reads the greeting: from then on every token arrives. */
  public static Sse live(URI adapter, String id, long lastEvent) throws IOException {
    Sse sse = open(adapter, id, lastEvent);
    sse.next();
    return sse;
  }

  public static Sse live(URI adapter, String id) throws IOException {
    return live(adapter, id, 0);
  }

  /**
   * Opens a stream with a small socket buffer, which fills when the test does not read on, and
   * grows when it does: 4 KiB a round trip would take minutes on a busy machine.
   */
  public static Sse slow(URI adapter, String id) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(SMALL_BYTES);
    socket.setSoTimeout(SILENCE_MS);
    socket.connect(new InetSocketAddress(adapter.getHost(), adapter.getPort()));
    String request = "GET /stream/" + id + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(UTF_8));
    Sse sse = new Sse(socket, socket.getInputStream());
    sse.next(); // The greeting; the head has no line of an event.
    sse.slow = socket;
    return sse;
  }

  static Sse chat(URI adapter, String body) throws IOException {
    HttpURLConnection connection = connect(adapter.resolve("/chat"));
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(UTF_8));
    return new Sse(connection::disconnect, connection.getInputStream());
  }

  /** Returns the next event or comment; null at the end of the stream. */
  public Event next() throws IOException {
    String name = "message";
    String id = "";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String value = line.substring(line.indexOf(' ') + 1);
      if (line.isEmpty() && data.length() > 0) {
        return new Event(name, id, data.toString());
      } else if (line.startsWith(": ")) {
        name = ":";
        data.append(value);
      } else if (line.startsWith("event: ")) {
        name = value;
      } else if (line.startsWith("id: ")) {
        id = value;
      } else if (line.startsWith("data: ")) {
        data.append(value);
      }
    }
    return null;
  }

  List<Event> next(int count) throws IOException {
    List<Event> events = new ArrayList<>();
    while (events.size() < count) {
      events.add(next());
    }
    return events;
  }

  /** Returns everything up to the end of the stream. */
  public List<Event> rest() throws IOException {
    if (slow != null) {
      slow.setReceiveBufferSize(LARGE_BYTES);
    }
    List<Event> events = new ArrayList<>();
    for (Event event = next(); event != null; event = next()) {
      events.add(event);
    }
    return events;
  }

  /** Returns the sequences of all tokens and losses up to the end of the stream. */
  public List<Long> restOfSequences() throws IOException {
    return sequences(rest());
  }

  static List<Long> sequences(List<Event> events) {
    return events.stream().filter(event -> !event.id().isEmpty()).map(Event::sequence).toList();
  }

  public static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  /**
   * Reads a conversation to its end like a browser: whenever the connection breaks, it connects
   * again with the last id that it has.
   */
  static List<Event> readToEnd(Supplier<URI> adapter, String id) {
    List<Event> tokens = new ArrayList<>();
    while (tokens.isEmpty() || !tokens.get(tokens.size() - 1).json().get("done").asBoolean()) {
      long last = tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1).sequence();
      try (Sse sse = open(adapter.get(), id, last)) {
        for (Event event = sse.next(); event != null; event = sse.next()) {
          if (!event.id().isEmpty()) {
            tokens.add(event);
          }
        }
      } catch (IOException e) {
        LockSupport.parkNanos(RETRY_NS);
      }
    }
    return tokens;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private static HttpURLConnection connect(URI url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setReadTimeout(SILENCE_MS);
    return connection;
  }
}
