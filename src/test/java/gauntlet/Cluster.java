package gauntlet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Typed manifests, and what is wrong with them as a whole, in sentences. */
final class Cluster {
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Stream.of(
              ConfigMap.class,
              Deployment.class,
              Job.class,
              Namespace.class,
              PersistentVolumeClaim.class,
              Secret.class,
              Service.class,
              StatefulSet.class)
          .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  /** Reads the API's models without the map in which they collect unknown fields. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated place) {
                  return false;
                }
              });

  private static final Pattern ADDRESS =
      Pattern.compile("[a-z-]+://([a-z][a-z0-9-]*)(?:\\.([a-z0-9-]+))?(?::(\\d+))?(?![.\\w])");
  private static final int HTTP = 80;

  private final List<String> wrong = new ArrayList<>();
  private final List<HasMetadata> all = new ArrayList<>();
  private final List<Workload> workloads;

  /** Reads manifests and checks them against each other. */
  Cluster(List<JsonNode> manifests) {
    manifests.forEach(this::read);
    workloads = all.stream().flatMap(Workload::of).toList();
    checkNames();
    all(Service.class).forEach(this::check);
    all(ConfigMap.class).forEach(each -> checkAddresses(each, each.getData().values()));
    workloads.forEach(each -> each.check(this));
  }

  List<String> wrong() {
    return wrong;
  }

  List<Workload> workloads() {
    return workloads;
  }

  Stream<Container> containers() {
    return workloads.stream().flatMap(Workload::containers);
  }

  private <T> Stream<T> all(Class<T> type) {
    return all.stream().filter(type::isInstance).map(type::cast);
  }

  <T extends HasMetadata> Optional<T> find(Class<T> type, String namespace, String name) {
    return all(type)
        .filter(one -> name.equals(one.getMetadata().getName()))
        .filter(one -> Objects.equals(namespace, one.getMetadata().getNamespace()))
        .findFirst();
  }

  void require(boolean holds, HasMetadata in, String sentence) {
    if (!holds) {
      wrong.add(in.getKind() + " " + in.getMetadata().getName() + " " + sentence);
    }
  }

  /** Requires a ConfigMap or a Secret beside a workload, with a key unless that is empty. */
  void requireData(HasMetadata in, Class<? extends HasMetadata> type, String name, String key) {
    boolean found =
        find(type, in.getMetadata().getNamespace(), name)
            .map(each -> each instanceof Secret one ? one.getData() : data(each))
            .filter(data -> key.isEmpty() || data.containsKey(key))
            .isPresent();
    String what = (type.getSimpleName() + " " + name + " " + key).strip();
    require(found, in, "needs the " + what + ", which is not there");
  }

  /** Requires that every address is one of a service, or of a pod of a StatefulSet. */
  void checkAddresses(HasMetadata in, Collection<String> texts) {
    texts.stream()
        .flatMap(text -> ADDRESS.matcher(text).results())
        .filter(address -> !leadsSomewhere(in.getMetadata().getNamespace(), address))
        .forEach(address -> require(false, in, "has " + address.group() + ", which leads nowhere"));
  }

  private void read(JsonNode manifest) {
    String kind = manifest.path("kind").asText();
    Class<? extends HasMetadata> type = KINDS.get(kind);
    String name = kind + " " + manifest.at("/metadata/name").asText();
    if (type == null) {
      wrong.add(name + " is of a kind that this test does not know");
      return;
    }
    try {
      all.add(STRICT.treeToValue(manifest, type));
    } catch (JsonProcessingException e) {
      wrong.add(name + ": " + e.getOriginalMessage());
    }
  }

  private static Map<String, String> data(HasMetadata configMap) {
    return ((ConfigMap) configMap).getData();
  }

  private void checkNames() {
    Set<List<String>> seen = new HashSet<>();
    for (HasMetadata each : all) {
      String namespace = each.getMetadata().getNamespace();
      List<String> name = Arrays.asList(each.getKind(), namespace, each.getMetadata().getName());
      require(seen.add(name), each, "is there more than once");
      require(
          each instanceof Namespace || find(Namespace.class, null, "" + namespace).isPresent(),
          each,
          "is in the namespace " + namespace + ", which is not there");
    }
  }

  private void check(Service service) {
    List<Workload> selected =
        workloads.stream()
            .filter(one -> one.namespace().equals(service.getMetadata().getNamespace()))
            .filter(one -> one.has(service.getSpec().getSelector()))
            .toList();
    require(selected.size() == 1, service, "selects " + selected.size() + " workloads, not one");
    for (ServicePort port : service.getSpec().getPorts()) {
      Object to = port.getTargetPort().getValue();
      require(
          selected.stream().flatMap(Workload::containers).anyMatch(one -> Workload.has(one, to)),
          service,
          "has the port " + to + ", which no container of its pods has");
    }
  }

  private boolean leadsSomewhere(String here, MatchResult address) {
    String first = address.group(1);
    String second = address.group(2);
    int port = address.group(3) == null ? HTTP : Integer.parseInt(address.group(3));
    boolean isPod =
        all(StatefulSet.class)
            .filter(set -> set.getSpec().getServiceName().equals(second))
            .anyMatch(set -> isPod(set, first));
    String namespace = isPod || second == null ? here : second;
    return find(Service.class, namespace, isPod ? second : first).stream()
        .flatMap(service -> service.getSpec().getPorts().stream())
        .anyMatch(each -> each.getPort() == port);
  }

  private static boolean isPod(StatefulSet set, String name) {
    Integer replicas = set.getSpec().getReplicas();
    return IntStream.range(0, replicas == null ? 1 : replicas)
        .mapToObj(index -> set.getMetadata().getName() + "-" + index)
        .anyMatch(name::equals);
  }
}
