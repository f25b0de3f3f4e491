package targets.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client with a small socket buffer, which reads only when the test says so. */
public final class SlowClient implements AutoCloseable {
  private static final int BUFFER_BYTES = 4096;
  private static final int SILENCE_MS = 10_000;
  private static final Pattern ID = Pattern.compile("id: (\\d+)");

  private final Socket socket = new Socket();
  private final BufferedReader lines;

  public SlowClient(URI adapter, String id) throws IOException {
    socket.setReceiveBufferSize(BUFFER_BYTES);
    socket.setSoTimeout(SILENCE_MS);
    socket.connect(new InetSocketAddress(adapter.getHost(), adapter.getPort()));
    String request = "GET /stream/" + id + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), BUFFER_BYTES);
    awaitLine(": connected to " + id);
  }

  /** Reads up to a line. */
  private void awaitLine(String wanted) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(wanted)) {
      line = lines.readLine();
    }
  }

  /** Everything up to the end of the stream: the ids of tokens, and the errors. */
  public record Received(List<Long> tokens, List<String> errors) {}

  public Received readOn() throws IOException {
    Received received = new Received(new ArrayList<>(), new ArrayList<>());
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher id = ID.matcher(line);
      if (id.matches()) {
        received.tokens().add(Long.parseLong(id.group(1)));
      } else if (line.startsWith("data: {\"error\"")) {
        received.errors().add(line);
      }
    }
    return received;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
