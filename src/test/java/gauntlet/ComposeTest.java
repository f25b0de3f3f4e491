package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import settings.JwtKey;
import targets.shared.TargetSpec;

/** The images and the stack of containers agree with each other and with {@code serve}. */
class ComposeTest {
  /** Of servers that publish no port of theirs to the host. */
  private static final Map<String, List<Integer>> INSIDE =
      Map.of("postgres", List.of(5432), "prometheus", List.of(9090), "cadvisor", List.of(8080));

  private static Compose compose;

  @BeforeAll
  static void read() throws IOException {
    compose = Compose.read();
  }

  @Test
  void the_file_follows_the_schema_of_compose() throws IOException {
    assertThat(errors(compose.file())).isEmpty();
    ObjectNode wrong = compose.file().deepCopy();
    ((ObjectNode) wrong.at("/services/llm")).put("restarts", "always");
    assertThat(errors(wrong)).anyMatch(error -> error.toString().contains("restarts"));
  }

  private static List<Error> errors(JsonNode file) throws IOException {
    String text = Files.readString(Path.of("src/test/resources/compose-spec/compose-spec.json"));
    SchemaLocation place = SchemaLocation.of("file:/compose-spec.json"); // Its $id is relative.
    return SchemaRegistry.withDialect(Dialects.getDraft7())
        .getSchema(place, text, InputFormat.JSON)
        .validate(file);
  }

  @Test
  void every_target_is_served_on_its_own_port_and_published_on_loopback() {
    Map<String, Served> targets = compose.targets();
    assertThat(targets.values())
        .extracting(served -> served.target().name())
        .containsExactlyInAnyOrderElementsOf(Targets.ALL.stream().map(TargetSpec::name).toList());
    targets.forEach(
        (name, served) -> {
          assertThat(served.target().name()).isEqualTo(name);
          assertThat(served.options()).containsEntry("host", "0.0.0.0");
          String port = String.valueOf(served.port());
          assertThat(compose.ports(name)).containsExactly("127.0.0.1:" + port + ":" + port);
        });
  }

  @Test
  void every_address_is_that_of_a_service_which_is_awaited() {
    for (String service : compose.services().keySet()) {
      // One that a service never reads, such as a key's, has none.
      compose
          .addresses(service)
          .forEach(
              address -> {
                String host = address.group(1);
                assertThat(compose.services()).as(service).containsKey(host);
                List<Integer> inside = INSIDE.getOrDefault(host, compose.reachable(host));
                assertThat(inside).as(address.group()).contains(Integer.parseInt(address.group(2)));
                assertThat(closure(service)).as(service).contains(host);
              });
      assertThat(compose.services().keySet()).containsAll(compose.awaited(service));
    }
    assertThat(closure("loadtest")).containsAll(compose.targets().keySet());
  }

  /** Returns the services that are awaited before this one starts. */
  private static Set<String> closure(String service) {
    return compose.awaited(service).stream()
        .flatMap(each -> Stream.concat(Stream.of(each), closure(each).stream()))
        .collect(Collectors.toSet());
  }

  @Test
  void what_goes_on_running_has_a_health_check_limits_and_loopback_ports_only() {
    compose
        .services()
        .forEach(
            (name, service) -> {
              assertThat(service.path("mem_limit").asText()).as(name).isNotEmpty();
              assertThat(compose.ports(name)).as(name).hasSize(compose.reachable(name).size());
              if (service.path("restart").asText().equals("unless-stopped")) {
                assertThat(service.at("/healthcheck/test").isArray()).as(name).isTrue();
                assertThat(service.path("cpus").asText()).as(name).isNotEmpty();
              }
            });
    // A command is split into words as a shell does, but ends at these.
    assertThat(compose.targets().keySet())
        .allSatisfy(
            name ->
                assertThat(
                        compose
                            .services()
                            .get(name)
                            .path("command")
                            .asText()
                            .replaceAll("\"[^\"]*\"", ""))
                    .doesNotContain("&", ";", "|", "<", ">"));
  }

  @Test
  void images_are_pinned_by_an_exact_version() throws IOException {
    List<String> images = new ArrayList<>();
    compose.services().values().stream()
        .filter(service -> !service.has("build"))
        .forEach(service -> images.add(service.path("image").asText()));
    Pattern.compile("(?m)^FROM (\\S*:\\S+)")
        .matcher(Files.readString(Path.of("Dockerfile")))
        .results()
        .forEach(from -> images.add(from.group(1)));
    assertThat(images).hasSizeGreaterThan(6).allMatch(each -> each.matches(".+:v?\\d+\\.\\d+.*"));
  }

  @Test
  void the_images_are_made_of_what_the_build_gets() throws IOException {
    String dockerfile = Files.readString(Path.of("Dockerfile"));
    List<String> sources =
        Pattern.compile("(?m)^COPY (?!--from)(\\S+)")
            .matcher(dockerfile)
            .results()
            .map(copy -> copy.group(1).replaceAll("/$", ""))
            .toList();
    assertThat(sources).contains("pom.xml", "src").allMatch(each -> Files.exists(Path.of(each)));
    assertThat(Files.readAllLines(Path.of(".dockerignore")))
        .containsAll(sources.stream().map(source -> "!" + source).toList());
    Set<String> stages =
        compose.services().values().stream()
            .map(service -> service.at("/build/target").asText())
            .filter(target -> !target.isEmpty())
            .collect(Collectors.toSet());
    assertThat(stages)
        .containsExactlyInAnyOrder("targets", "loadtest")
        .allMatch(stage -> dockerfile.contains("FROM jre AS " + stage + "\n"));
  }

  @Test
  void the_health_check_knows_every_port_and_the_load_has_the_options_of_maven()
      throws IOException {
    String healthy = Files.readString(Path.of("deploy", "image", "healthy"));
    assertThat(compose.targets().values())
        .allMatch(served -> healthy.matches("(?s).*\\b" + served.port() + "\\b.*; do\n.*"));
    String load = Files.readString(Path.of("deploy", "image", "load"));
    List<String> options =
        Pattern.compile("<jvmArg>([^<$]+)</jvmArg>")
            .matcher(Files.readString(Path.of("pom.xml")))
            .results()
            .map(option -> option.group(1))
            .toList();
    assertThat(options).contains("-XX:+UseParallelGC").allMatch(load::contains);
  }

  @Test
  void prometheus_scrapes_every_target_at_its_port() throws IOException {
    JsonNode jobs =
        Kustomization.yaml(Files.readString(Path.of("deploy", "prometheus", "prometheus.yml")))
            .get(0)
            .get("scrape_configs");
    List<String> addresses = new ArrayList<>();
    jobs.at("/0/static_configs/0/targets").forEach(address -> addresses.add(address.asText()));
    assertThat(addresses)
        .containsExactlyInAnyOrderElementsOf(
            compose.targets().entrySet().stream()
                .map(each -> each.getKey() + ":" + each.getValue().port())
                .toList());
    assertThat(compose.services()).containsKey(jobs.at("/1/dns_sd_configs/0/names/0").asText());
    String containers = jobs.at("/2/static_configs/0/targets/0").asText();
    assertThat(INSIDE.get(containers.replaceFirst(":.*", "")))
        .containsExactly(Integer.valueOf(containers.replaceFirst(".*:", "")));
  }

  @Test
  void no_key_is_one_that_others_know() throws IOException {
    assertThat(compose.targets().get("ticker").options())
        .containsEntry("secret-file", "/keys/ticker")
        .doesNotContainKey("secret");
    assertThat(Files.readString(Compose.FILE))
        .doesNotContain(new String(JwtKey.OF_DEVELOPMENT.bytes(), StandardCharsets.UTF_8));
  }
}
