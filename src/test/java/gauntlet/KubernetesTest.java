package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.error.YAMLException;
import testing.Programs;

/** The manifests of {@code deploy/kubernetes}, without a cluster. */
class KubernetesTest {
  private static final Path ALL = Path.of("deploy/kubernetes");

  @ParameterizedTest
  @ValueSource(strings = {"local", "cluster"})
  void the_manifests_of_an_overlay_agree_with_each_other(String overlay, @TempDir Path copy)
      throws IOException {
    Cluster cluster = new Cluster(render(copied(copy), overlay));
    assertThat(cluster.wrong()).isEmpty();
    assertThat(cluster.workloads()).hasSizeGreaterThanOrEqualTo(Targets.ALL.size() + 6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stack/redis.yaml | redis(?=\\n  template) | radish | selects labels that its",
        "stack/llm.yaml | llm(?=\\n  ports) | lm | Service llm selects 0 workloads",
        "stack/llm.yaml | targetPort: http | targetPort: web | has the port web, which no",
        "stack/llm.yaml | http(?=\\n *containerPort) | web | has a probe of the port http",
        "stack/proxy.yaml | llm:10081 | llm:10082 | http://llm:10082, which leads nowhere",
        "stack/proxy.yaml | llm:10081 | lm:10081 | http://lm:10081, which leads nowhere",
        "stack/relay.yaml | leaf.nats-system | leaf | nats://nats-leaf:4222, which leads",
        "stack/nats/hub.conf | nats-2 | nats-3 | nats-3.nats-cluster:6222, which leads",
        "stack/nats.yaml | serviceName: .* | serviceName: nuts | the service nuts, which is not",
        "stack/nats.yaml | config(?=\\n *mountPath) | conf | [config, data] and mounts",
        "stack/nats.yaml | (configMap:\\s*name:) nats | $1 nuts | needs the ConfigMap nuts, which",
        "stack/postgres.yaml | key: postgres-password | key: pass | the Secret gauntlet pass",
        "stack/auction.yaml | env: | envs: | Unrecognized field \"envs\"",
        "stack/auction.yaml | name: POSTGRES_PASSWORD | name: PASSWORD | uses $(POSTGRES",
        "stack/auction.yaml | serve(?=\\n *- bids) | server | is not served: Unmatched",
        "stack/auction.yaml | --redis | --radish | is not served: Unknown option: '--radish",
        "stack/auction.yaml | containerPort: 8080 | containerPort: 8081 | listens on 8080",
        "stack/events.yaml | image: gauntlet/targets | image: a:latest | no exact version",
        "stack/target.yaml | Filesystem: true | Filesystem: false | or write",
        "stack/target.yaml | runAsNonRoot: true | runAsNonRoot: false | may run as root",
        "stack/target.yaml | /livenessProbe | /lifecycle | lacks a probe",
        "stack/target.yaml | cpu: | cpus: | requests no CPU or memory, or has no",
        "stack/namespaces.yaml | name: sse-system | name: sse | in the namespace sse-system, which",
        "load/generators.yaml | claimName: runs | claimName: run | claims the volume run, which",
        "load/kustomization.yaml | name: load(?=\\n) | name: loads | load merges into nothing",
      })
  void a_mistake_is_found(
      String file, String right, String mistake, String sentence, @TempDir Path copy)
      throws IOException {
    change(copied(copy).resolve("base").resolve(file), right, mistake);
    assertThat(wrong(copy)).anyMatch(one -> one.contains(sentence));
  }

  @Test
  void a_file_that_no_kustomization_lists_or_that_is_not_there_is_found(@TempDir Path copy)
      throws IOException {
    Path stray = copied(copy).resolve("base/stack/stray.yaml");
    Files.writeString(stray, "kind: Service\n");
    assertThat(wrong(copy)).singleElement().asString().contains("does not list stray.yaml");
    Files.delete(stray);
    Files.delete(copy.resolve("base/stack/llm.yaml"));
    assertThat(wrong(copy)).singleElement().asString().contains("base/stack/llm.yaml");
  }

  @Test
  void a_key_that_is_there_twice_is_found(@TempDir Path copy) throws IOException {
    change(copied(copy).resolve("base/stack/llm.yaml"), "spec:", "kind: Deployment\nspec:");
    assertThatExceptionOfType(YAMLException.class)
        .isThrownBy(() -> render(copy, "local"))
        .withMessageContaining("found duplicate key kind");
  }

  @Test
  void images_options_ports_and_addresses_are_those_of_compose_and_of_the_image(@TempDir Path copy)
      throws IOException {
    Cluster cluster = new Cluster(render(copied(copy), "local"));
    Compose compose = Compose.read();
    Set<String> images =
        compose.services().values().stream()
            .map(service -> service.path("image").asText())
            .collect(Collectors.toSet());
    assertThat(cluster.containers().map(Container::getImage)).isSubsetOf(images);
    Map<String, Served> served = compose.targets();
    assertThat(served).hasSize(Targets.ALL.size());
    served.forEach(
        (name, inCompose) -> {
          Container container =
              cluster.containers().filter(one -> one.getName().equals(name)).findFirst().get();
          Served here = Served.parse(container.getArgs());
          assertThat(here.port()).isEqualTo(inCompose.port());
          assertThat(here.options().get("delivery")).isEqualTo(inCompose.options().get("delivery"));
          assertThat(List.of("nats", "redis", "postgres", "upstream"))
              .allMatch(
                  server ->
                      here.options().containsKey(server)
                          == inCompose.options().containsKey(server));
        });
    StatefulSet nats = cluster.find(StatefulSet.class, "nats-system", "nats").orElseThrow();
    String nodes = String.valueOf(nats.getSpec().getReplicas());
    assertThat(cluster.containers().filter(one -> one.getName().startsWith("relay-")))
        .hasSize(2)
        .extracting(one -> Served.parse(one.getArgs()).options().get("replicas"))
        .containsOnly(nodes);
    String load = Files.readString(Path.of("deploy/image/load"));
    Namespace own = cluster.find(Namespace.class, null, "gauntlet").orElseThrow();
    cluster.checkAddresses(own, List.of(load));
    assertThat(cluster.wrong()).isEmpty();
    cluster.checkAddresses(own, List.of(load.replace("proxy.gauntlet", "proxy.other")));
    assertThat(cluster.wrong()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"local, 2", "cluster, 10"})
  void each_generator_has_one_share_of_the_load(String overlay, int generators, @TempDir Path copy)
      throws IOException {
    Cluster cluster = new Cluster(render(copied(copy), overlay));
    Job job = cluster.find(Job.class, "gauntlet", "generators").orElseThrow();
    assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
    assertThat(job.getSpec().getCompletions()).isEqualTo(generators);
    assertThat(job.getSpec().getParallelism()).isEqualTo(generators);
    assertThat(job.getSpec().getBackoffLimitPerIndex()).isZero();
    ConfigMap load = cluster.find(ConfigMap.class, "gauntlet", "load").orElseThrow();
    assertThat(load.getData()).containsEntry("GENERATORS", String.valueOf(generators));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local/stack", "local/load", "cluster/stack", "cluster/load"})
  void kubectl_renders_the_same(String folder, @TempDir Path copy) throws Exception {
    Path overlay = copied(copy).resolve("overlays").resolve(folder);
    Process kubectl =
        new ProcessBuilder(Programs.required("kubectl"), "kustomize", overlay.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(kubectl.waitFor()).isZero();
    assertThat(Kustomization.render(overlay))
        .containsExactlyInAnyOrderElementsOf(Kustomization.yaml(rendered));
  }

  private static List<JsonNode> render(Path all, String overlay) throws IOException {
    List<JsonNode> manifests = new ArrayList<>();
    for (String part : List.of("stack", "load")) {
      manifests.addAll(
          Kustomization.render(all.resolve("overlays").resolve(overlay).resolve(part)));
    }
    return manifests;
  }

  /** Returns what is wrong with the overlay of one machine. */
  private static List<String> wrong(Path all) {
    try {
      return new Cluster(render(all, "local")).wrong();
    } catch (IOException e) {
      return List.of(e.toString());
    }
  }

  private static void change(Path file, String right, String mistake) throws IOException {
    String text = Files.readString(file);
    String changed = Pattern.compile(right).matcher(text).replaceFirst(mistake);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(file, changed);
  }

  /** Returns a copy of all files, with the secrets that a user of the cluster writes. */
  private static Path copied(Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(ALL)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(ALL.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Files.writeString(
        copy.resolve("overlays/cluster/stack/secrets.env"),
        "postgres-password=of-this-test\nticker-secret=of-this-test\n");
    return copy;
  }
}
