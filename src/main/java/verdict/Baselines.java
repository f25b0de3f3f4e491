package verdict;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kpi.JsonFile;
import kpi.UnusableFile;

/**
 * The folder of baselines, one file for each simulation and profile. A file is written whole or not
 * at all, one figure a line, so that a change reads well in a diff.
 *
 * @param folder holds the files; created with the first
 */
public record Baselines(Path folder) {
  /** Strict: the files are edited and merged by hand. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private static final int FAULTS_SHOWN = 3;
  private static final String ADVICE =
      ". Restore it from git, or make it again with -Dupdate-baseline.";

  /** Returns the file of a simulation's profile, which may not exist. */
  public Path file(String simulation, String profile) {
    return folder.resolve(simulation + "." + profile + ".json");
  }

  /**
   * Reads a baseline.
   *
   * @return empty if there is no such file
   * @throws UnusableFile if it is broken, from a newer version, contradicts itself, or belongs to
   *     another simulation or profile
   */
  public Optional<Baseline> read(String simulation, String profile) throws UnusableFile {
    Path file = file(simulation, profile);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Baseline baseline = JsonFile.read(file, MAPPER, Baseline.class, ADVICE);
    List<String> faults = baseline.faults();
    if (!baseline.simulation().equals(simulation) || !baseline.profile().equals(profile)) {
      faults.add(0, "it is the baseline of " + baseline.simulation() + "." + baseline.profile());
    }
    if (faults.isEmpty()) {
      return Optional.of(baseline);
    }
    int more = faults.size() - FAULTS_SHOWN;
    throw new UnusableFile(
        file
            + " cannot be used: "
            + faults.stream().limit(FAULTS_SHOWN).collect(Collectors.joining("; "))
            + (more > 0 ? "; and " + more + " more" : "")
            + ADVICE);
  }

  /**
   * Writes a baseline, over an older one.
   *
   * @return the file
   * @throws IOException if it cannot be written; an older one is then unchanged
   */
  public Path write(Baseline baseline) throws IOException {
    Files.createDirectories(folder);
    String text = text(MAPPER.valueToTree(baseline), 0) + "\n";
    return JsonFile.write(
        file(baseline.simulation(), baseline.profile()), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns one field a line, down to the figure, which is one line with its values. */
  private static String text(JsonNode node, int level) {
    if (!node.isObject() || node.isEmpty()) {
      return node.isObject() ? "{ }" : node.toString();
    }
    boolean deep = level > 1;
    return node.properties().stream()
        .map(field -> TextNode.valueOf(field.getKey()) + ": " + text(field.getValue(), level + 1))
        .map(field -> (deep ? " " : "\n" + "  ".repeat(level + 1)) + field)
        .collect(Collectors.joining(",", "{", (deep ? " " : "\n" + "  ".repeat(level)) + "}"));
  }
}
