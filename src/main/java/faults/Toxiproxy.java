package faults;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One proxy of a running Toxiproxy server, which a plan strikes like a link: each fault is a toxic
 * in each of its directions, and a refusal disables the proxy. Toxics of others are left alone.
 */
public final class Toxiproxy implements Part {
  /** Begins the names of toxics that a plan made. */
  private static final String MARK = "gauntlet_";

  private static final Pattern MADE = Pattern.compile("\"name\"\\s*:\\s*\"(" + MARK + "\\w+)\"");
  private static final Duration BOUND = Duration.ofSeconds(5);
  private static final int NOT_FOUND = 404;
  private static final int ERRORS_FROM = 400;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(BOUND).build();
  private final URI server;
  private final String name;

  /** A toxic: its type, and its attributes with their units. */
  record Toxic(String type, Map<String, Long> attributes) {
    static Optional<Toxic> of(String type, String name, long value) {
      return Optional.of(new Toxic(type, Map.of(name, value)));
    }

    static Optional<Toxic> of(String type, String name, long value, String other, long second) {
      return Optional.of(new Toxic(type, new TreeMap<>(Map.of(name, value, other, second))));
    }

    private String json(String name, String stream) {
      Map<String, Object> all =
          Map.of("name", name, "type", type, "stream", stream, "attributes", attributes);
      return ConfigValueFactory.fromMap(all).render(ConfigRenderOptions.concise());
    }
  }

  /** A proxy by its name, of a server by its address, such as http://127.0.0.1:8474. */
  public Toxiproxy(URI server, String name) {
    this.server = server;
    this.name = name;
  }

  /** Verifies that the server has such a proxy, or throws why it has none or does not answer. */
  public void require() throws IOException {
    send("GET", "", "");
  }

  @Override
  public void strike(Fault fault) throws IOException {
    LinkFault link = (LinkFault) fault;
    if (link.refuses()) {
      send("POST", "", "{\"enabled\":false}");
      return;
    }
    Toxic toxic =
        link.toxic().orElseThrow(() -> new IOException("Toxiproxy has no " + fault.word()));
    for (Direction each : List.of(Direction.UP, Direction.DOWN)) {
      if (link.direction().includes(each)) {
        String stream = each.name().toLowerCase(Locale.ROOT) + "stream";
        send("POST", "/toxics", toxic.json(MARK + toxic.type + "_" + stream, stream));
      }
    }
  }

  /** Enables the proxy, and removes every toxic that a plan made. */
  @Override
  public void heal(Fault fault) throws IOException {
    heal();
  }

  private void heal() throws IOException {
    send("POST", "", "{\"enabled\":true}");
    var made = MADE.matcher(send("GET", "/toxics", ""));
    while (made.find()) {
      send("DELETE", "/toxics/" + made.group(1), "");
    }
  }

  /** Returns the command of a process that heals the proxy. */
  public List<String> healing() {
    var here = Toxiproxy.class.getProtectionDomain().getCodeSource().getLocation();
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-cp",
        Path.of(URI.create(here.toString())).toString(),
        Toxiproxy.class.getName(),
        server.toString(),
        name);
  }

  /** Heals a proxy: the address of the server, and its name. */
  public static void main(String[] args) throws IOException {
    new Toxiproxy(URI.create(args[0]), args[1]).heal();
  }

  private String send(String method, String path, String body) throws IOException {
    URI url = server.resolve("/proxies/" + name + path);
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(BOUND)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == NOT_FOUND) {
        throw new IOException("the Toxiproxy at " + server + " has no proxy " + name);
      }
      if (answer.statusCode() >= ERRORS_FROM) {
        String sentence = "Toxiproxy answered %s %s with %d: %s";
        String said = answer.body().strip();
        throw new IOException(sentence.formatted(method, url, answer.statusCode(), said));
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Toxiproxy was to answer", e);
    }
  }
}
