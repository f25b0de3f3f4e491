package gauntlet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code docker-compose.yml} as Compose reads it: anchors merged, variables at their defaults.
 *
 * @param file the whole file
 * @param services each by its name
 */
record Compose(JsonNode file, Map<String, JsonNode> services) {
  static final Path FILE = Path.of("docker-compose.yml");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");

  /** A word of a command line: in quotes, or up to the next space. */
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  /** On the loopback interface, the port of the host and that of the service. */
  private static final Pattern PUBLISHED = Pattern.compile("127\\.0\\.0\\.1:(\\d+):(\\d+)");

  static Compose read() throws IOException {
    String text = VARIABLE.matcher(Files.readString(FILE)).replaceAll("$1").replace("$$", "$");
    JsonNode file = Kustomization.yaml(text).get(0);
    Map<String, JsonNode> services = new TreeMap<>();
    file.get("services").properties().forEach(each -> services.put(each.getKey(), each.getValue()));
    return new Compose(file, services);
  }

  /** Returns the services that run from the image of the targets, without the one of the key. */
  Map<String, Served> targets() {
    Map<String, Served> targets = new TreeMap<>();
    services.forEach(
        (name, service) -> {
          if (service.path("build").path("target").asText().equals("targets")
              && !service.has("entrypoint")) {
            targets.put(name, Served.parse(command(name)));
          }
        });
    return targets;
  }

  /** Returns the words of a service's command. */
  List<String> command(String service) {
    return WORD.matcher(services.get(service).path("command").asText())
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toList();
  }

  /** Returns the published ports: that of the host, and that of the service. */
  List<String> ports(String service) {
    List<String> ports = new ArrayList<>();
    services.get(service).path("ports").forEach(port -> ports.add(port.asText()));
    return ports;
  }

  /** Returns the ports on which other services reach this one. */
  List<Integer> reachable(String service) {
    return ports(service).stream()
        .flatMap(port -> PUBLISHED.matcher(port).results())
        .map(port -> Integer.parseInt(port.group(2)))
        .toList();
  }

  /** Returns the services that one waits for. */
  List<String> awaited(String service) {
    return services
        .get(service)
        .path("depends_on")
        .propertyStream()
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the addresses in a service's command and variables, as name and port. */
  Stream<MatchResult> addresses(String service) {
    JsonNode own = services.get(service);
    return Pattern.compile("[a-z]+://(?!127\\.)([a-z-]+):(\\d+)")
        .matcher(own.path("command") + " " + own.path("environment"))
        .results();
  }
}
