package testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real Prometheus on a free loopback port; its data go with the test's folder. */
public final class Prometheus implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final URI url;

  private Prometheus(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts one; without the program on the PATH the test is skipped. */
  public static Prometheus start(Path folder, JsonNode config) throws IOException {
    String program = Programs.required("prometheus");
    // JSON is YAML too.
    Path file = Files.writeString(folder.resolve("prometheus.json"), config.toString());
    String address = "127.0.0.1:" + freePort();
    Process started =
        new ProcessBuilder(
                program,
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=" + address)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    return new Prometheus(started, URI.create("http://" + address));
  }

  /** Returns the values of an instant query; none while Prometheus starts. */
  public List<Double> query(String expression) {
    String query = "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
    try {
      HttpRequest request = HttpRequest.newBuilder(url.resolve(query)).build();
      HttpResponse<String> reply = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (reply.statusCode() == 503) { // Its body is a text.
        return List.of();
      }
      if (reply.statusCode() != 200) {
        throw new AssertionError(expression + ": " + reply.body());
      }
      JsonNode results = MAPPER.readTree(reply.body()).at("/data/result");
      return results.valueStream().map(result -> result.at("/value/1").asDouble()).toList();
    } catch (ConnectException e) {
      if (!process.isAlive()) {
        throw new AssertionError("prometheus has ended with code " + process.exitValue(), e);
      }
      return List.of();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(expression, e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
