package gauntlet;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A kustomization.yaml, of which only that is known, and so allowed, which the folders under {@code
 * deploy/kubernetes} use.
 *
 * @param resources files and folders
 * @param patches lists of JSON patch
 */
record Kustomization(
    String apiVersion,
    String kind,
    List<String> resources,
    Options generatorOptions,
    List<Generated> configMapGenerator,
    List<Generated> secretGenerator,
    List<Patch> patches,
    List<Image> images) {
  private static final String FILE = "kustomization.yaml";
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
  }

  /** Names without a hash, so that a name is the same in every file. */
  record Options(boolean disableNameSuffixHash) {}

  /**
   * A ConfigMap or a Secret, made from files, files of variables, and literals.
   *
   * @param behavior merge if one of a base gets more, or other, values
   */
  record Generated(
      String name,
      String namespace,
      String behavior,
      List<String> files,
      List<String> envs,
      List<String> literals) {
    private void into(List<JsonNode> manifests, Path folder, String kind) throws IOException {
      ObjectNode data;
      boolean isSecret = kind.equals("Secret");
      if ("merge".equals(behavior)) {
        data =
            new Patch.Target(kind, name, namespace, null)
                .in(manifests).stream()
                    .findFirst()
                    .map(found -> (ObjectNode) found.get("data"))
                    .orElseThrow(() -> new IOException(kind + " " + name + " merges into nothing"));
      } else {
        ObjectNode manifest = JSON.createObjectNode().put("apiVersion", "v1").put("kind", kind);
        manifest.putObject("metadata").put("name", name).put("namespace", namespace);
        data = manifest.putObject("data");
        if (isSecret) {
          manifest.put("type", "Opaque");
        }
        manifests.add(manifest);
      }
      values(folder)
          .forEach(
              (key, text) -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                data.put(key, isSecret ? Base64.getEncoder().encodeToString(bytes) : text);
              });
    }

    private Map<String, String> values(Path folder) throws IOException {
      Map<String, String> values = new TreeMap<>();
      for (String file : files) {
        values.put(Path.of(file).getFileName().toString(), Files.readString(folder.resolve(file)));
      }
      List<String> variables = new ArrayList<>(literals);
      for (String file : envs) {
        variables.addAll(Files.readAllLines(folder.resolve(file)));
      }
      variables.stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split("=", 2))
          .forEach(pair -> values.put(pair[0], pair[1]));
      return values;
    }
  }

  /** A JSON patch of every manifest that the target selects. */
  record Patch(String path, Target target) {
    record Target(String kind, String name, String namespace, String labelSelector) {
      private List<JsonNode> in(List<JsonNode> manifests) {
        return manifests.stream().filter(this::selects).toList();
      }

      private boolean selects(JsonNode manifest) {
        JsonNode meta = manifest.path("metadata");
        return isEqual(kind, manifest.path("kind"))
            && isEqual(name, meta.path("name"))
            && isEqual(namespace, meta.path("namespace"))
            && (labelSelector == null
                || Stream.of(labelSelector.split(","))
                    .map(label -> label.split("=", 2))
                    .allMatch(label -> isEqual(label[1], meta.path("labels").path(label[0]))));
      }

      private static boolean isEqual(String wanted, JsonNode found) {
        return wanted == null || wanted.equals(found.asText());
      }
    }
  }

  /** The version of an image. */
  record Image(String name, String newName, String newTag) {
    private void apply(JsonNode manifest) {
      for (JsonNode found : manifest.findParents("image")) {
        if (found.path("image").asText().equals(name)) {
          String image = newName == null ? name : newName;
          ((ObjectNode) found).put("image", image + ":" + newTag);
        }
      }
    }
  }

  /** Returns the manifests of a folder as {@code kubectl kustomize} prints them, in any order. */
  static List<JsonNode> render(Path folder) throws IOException {
    JsonNode read = yaml(folder.resolve(FILE)).get(0);
    Kustomization own = JSON.treeToValue(read, Kustomization.class);
    own.requireAllListed(folder);
    List<JsonNode> manifests = new ArrayList<>();
    for (String resource : own.resources) {
      Path path = folder.resolve(resource).normalize();
      manifests.addAll(Files.isDirectory(path) ? render(path) : yaml(path));
    }
    for (Generated each : own.configMapGenerator) {
      each.into(manifests, folder, "ConfigMap");
    }
    for (Generated each : own.secretGenerator) {
      each.into(manifests, folder, "Secret");
    }
    for (Patch patch : own.patches) {
      JsonNode operations = JSON.valueToTree(yaml(folder.resolve(patch.path)).get(0));
      if (patch.target.in(manifests).isEmpty()) {
        throw new IOException(folder + ": the patch " + patch.path + " selects nothing");
      }
      manifests.replaceAll(
          manifest ->
              patch.target.selects(manifest)
                  // A copy for each, because its values become parts of the manifest.
                  ? JsonPatch.apply(operations.deepCopy(), manifest)
                  : manifest);
    }
    manifests.forEach(manifest -> own.images.forEach(image -> image.apply(manifest)));
    return manifests;
  }

  /** Reads the documents of a file; a key that is there twice is an error. */
  static List<JsonNode> yaml(Path file) throws IOException {
    return yaml(Files.readString(file));
  }

  static List<JsonNode> yaml(String text) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    Iterable<Object> documents = new Yaml(strict).loadAll(text);
    return StreamSupport.stream(documents.spliterator(), false)
        .map(document -> JSON.<JsonNode>valueToTree(document))
        .collect(Collectors.toList());
  }

  private void requireAllListed(Path folder) throws IOException {
    Set<String> listed = new HashSet<>(resources);
    patches.forEach(patch -> listed.add(patch.path));
    Stream.concat(configMapGenerator.stream(), secretGenerator.stream())
        .flatMap(each -> Stream.concat(each.files.stream(), each.envs.stream()))
        .forEach(listed::add);
    listed.add(FILE);
    Set<String> files = new TreeSet<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .forEach(files::add);
    }
    files.removeAll(listed);
    if (!files.isEmpty()) {
      throw new IOException(folder + "/" + FILE + " does not list " + String.join(", ", files));
    }
  }
}
