package gauntlet;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ParameterException;

/**
 * What runs pods.
 *
 * @param selector empty for a Job, which makes its own
 * @param claims of a StatefulSet, a volume each
 */
record Workload(
    HasMetadata of,
    Map<String, String> selector,
    PodTemplateSpec pod,
    List<PersistentVolumeClaim> claims) {
  /** The image whose entry is the command line. */
  static final String TARGETS = "gauntlet/targets:";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

  static Stream<Workload> of(HasMetadata it) {
    if (it instanceof Deployment one) {
      Map<String, String> selector = one.getSpec().getSelector().getMatchLabels();
      return Stream.of(new Workload(it, selector, one.getSpec().getTemplate(), List.of()));
    }
    if (it instanceof StatefulSet one) {
      Map<String, String> selector = one.getSpec().getSelector().getMatchLabels();
      List<PersistentVolumeClaim> claims = one.getSpec().getVolumeClaimTemplates();
      return Stream.of(new Workload(it, selector, one.getSpec().getTemplate(), claims));
    }
    return it instanceof Job one
        ? Stream.of(new Workload(it, Map.of(), one.getSpec().getTemplate(), List.of()))
        : Stream.empty();
  }

  /** Returns true if a container has a port of that name or number. */
  static boolean has(Container container, Object port) {
    return container.getPorts().stream()
        .flatMap(each -> Stream.of(each.getName(), each.getContainerPort()))
        .anyMatch(port::equals);
  }

  String namespace() {
    return of.getMetadata().getNamespace();
  }

  Stream<Container> containers() {
    PodSpec spec = pod.getSpec();
    return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream());
  }

  /** Returns true if the pods have these labels. */
  boolean has(Map<String, String> labels) {
    return pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet());
  }

  void check(Cluster in) {
    in.require(has(selector), of, "selects labels that its pods do not have");
    if (of instanceof StatefulSet one) {
      String service = one.getSpec().getServiceName();
      in.require(
          in.find(Service.class, namespace(), service).isPresent(),
          of,
          "has the service " + service + ", which is not there");
    }
    PodSpec spec = pod.getSpec();
    in.require(
        Boolean.FALSE.equals(spec.getAutomountServiceAccountToken()),
        of,
        "has a token of the cluster's API");
    PodSecurityContext user = spec.getSecurityContext();
    in.require(
        user != null
            && Boolean.TRUE.equals(user.getRunAsNonRoot())
            && user.getRunAsUser() > 0
            && user.getSeccompProfile().getType().equals("RuntimeDefault"),
        of,
        "may run as root, or without a seccomp profile");
    checkVolumes(in);
    containers().forEach(container -> check(in, container));
  }

  private void checkVolumes(Cluster in) {
    Set<String> volumes = new TreeSet<>();
    pod.getSpec().getVolumes().stream().map(Volume::getName).forEach(volumes::add);
    claims.stream().map(claim -> claim.getMetadata().getName()).forEach(volumes::add);
    Set<String> mounts =
        containers()
            .flatMap(container -> container.getVolumeMounts().stream())
            .map(VolumeMount::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    in.require(mounts.equals(volumes), of, "has the volumes " + volumes + " and mounts " + mounts);
    for (Volume volume : pod.getSpec().getVolumes()) {
      Optional.ofNullable(volume.getConfigMap())
          .ifPresent(from -> check(in, ConfigMap.class, from.getName(), from.getItems()));
      Optional.ofNullable(volume.getSecret())
          .ifPresent(from -> check(in, Secret.class, from.getSecretName(), from.getItems()));
      if (volume.getPersistentVolumeClaim() != null) {
        String claim = volume.getPersistentVolumeClaim().getClaimName();
        in.require(
            in.find(PersistentVolumeClaim.class, namespace(), claim).isPresent(),
            of,
            "claims the volume " + claim + ", which is not there");
      }
    }
  }

  private void check(
      Cluster in, Class<? extends HasMetadata> type, String name, List<KeyToPath> items) {
    in.requireData(of, type, name, "");
    items.forEach(item -> in.requireData(of, type, name, item.getKey()));
  }

  private void check(Cluster in, Container container) {
    SecurityContext may = container.getSecurityContext();
    in.require(
        may != null
            && Boolean.FALSE.equals(may.getAllowPrivilegeEscalation())
            && Boolean.TRUE.equals(may.getReadOnlyRootFilesystem())
            && may.getCapabilities().getDrop().equals(List.of("ALL")),
        of,
        "may gain privileges, or write to its root file system");
    ResourceRequirements resources = container.getResources();
    in.require(
        resources != null
            && resources.getRequests().keySet().containsAll(Set.of("cpu", "memory"))
            && resources.getLimits().containsKey("memory"),
        of,
        "requests no CPU or memory, or has no limit of memory");
    String image = container.getImage();
    in.require(
        image.matches("[^:]+:[^:]*\\d[^:]*"),
        of,
        "has the image " + image + ", which is no exact version");
    Probe ready = container.getReadinessProbe();
    Probe live = container.getLivenessProbe();
    in.require(of instanceof Job || (ready != null && live != null), of, "lacks a probe");
    Stream.of(container.getStartupProbe(), ready, live)
        .flatMap(Stream::ofNullable)
        .forEach(probe -> check(in, container, probe));
    checkVariables(in, container);
    if (image.startsWith(TARGETS) && container.getCommand().isEmpty()) {
      checkServed(in, container);
    }
  }

  private void checkServed(Cluster in, Container container) {
    try {
      int port = Served.parse(container.getArgs()).port();
      in.require(has(container, port), of, "listens on " + port + ", which is no port of its pod");
    } catch (ParameterException e) {
      in.require(false, of, "is not served: " + e.getMessage());
    }
  }

  private void check(Cluster in, Container container, Probe probe) {
    Stream.concat(
            Stream.ofNullable(probe.getHttpGet()).map(HTTPGetAction::getPort),
            Stream.ofNullable(probe.getTcpSocket()).map(TCPSocketAction::getPort))
        .filter(port -> !has(container, port.getValue()))
        .forEach(
            port ->
                in.require(
                    false, of, "has a probe of the port " + port.getValue() + ", which it lacks"));
  }

  private void checkVariables(Cluster in, Container container) {
    for (EnvFromSource from : container.getEnvFrom()) {
      in.requireData(of, ConfigMap.class, from.getConfigMapRef().getName(), "");
    }
    Set<String> names = new HashSet<>();
    List<String> texts = new ArrayList<>(container.getCommand());
    texts.addAll(container.getArgs());
    for (EnvVar variable : container.getEnv()) {
      names.add(variable.getName());
      EnvVarSource from = variable.getValueFrom();
      if (from == null) {
        texts.add(variable.getValue());
      } else if (from.getSecretKeyRef() != null) {
        SecretKeySelector key = from.getSecretKeyRef();
        in.requireData(of, Secret.class, key.getName(), key.getKey());
      } else if (from.getConfigMapKeyRef() != null) {
        ConfigMapKeySelector key = from.getConfigMapKeyRef();
        in.requireData(of, ConfigMap.class, key.getName(), key.getKey());
      }
    }
    texts.stream()
        .flatMap(text -> VARIABLE.matcher(text).results())
        .map(found -> found.group(1))
        .filter(name -> !names.contains(name))
        .forEach(name -> in.require(false, of, "uses $(" + name + "), which is not set"));
    in.checkAddresses(of, texts);
  }
}
