package verdict;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import kpi.KpiReport;
import kpi.UnusableFile;

/**
 * What of a run folder can be compared.
 *
 * @param folder where it was read from
 * @param simulation simple class name
 * @param profile name of the profile
 * @param started when, ISO 8601
 * @param commit of the tree that ran, or {@code unknown}
 * @param dirty whether the tree had uncommitted changes
 * @param machine what it ran on
 * @param settings that shape the load; without planted defects and what only the reader sees
 * @param defects planted in the targets, by setting
 * @param seed of everything random
 * @param limits thresholds as written
 * @param limitWords what words in them stand for, in ms; empty in runs of before they were kept
 * @param rules regression rules as written
 * @param thresholdPct what the word threshold stood for in them
 * @param report what was measured
 * @param verdict what it was worth
 */
public record RunRecord(
    Path folder,
    String simulation,
    String profile,
    String started,
    String commit,
    boolean dirty,
    MachineClass machine,
    Map<String, String> settings,
    Map<String, String> defects,
    long seed,
    List<String> limits,
    Map<String, Double> limitWords,
    List<String> rules,
    double thresholdPct,
    KpiReport report,
    Verdict verdict) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int SCHEMA = 1;

  /** Settings that change what is seen of a load, not the load. */
  private static final List<String> UNSEEN = List.of("monitor", "ready-within");

  private static final String DEFECT = ".defect";

  /** Of simulations and profiles: they become names of files. */
  private static final Pattern NAME = Pattern.compile("[^./\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]*");

  /**
   * Reads a run folder.
   *
   * @throws UnusableFile if it is no run folder, or half written, or from a newer version
   */
  public static RunRecord read(Path folder) throws UnusableFile {
    JsonNode manifest = json(folder, "manifest.json");
    Map<String, String> settings = new TreeMap<>();
    Map<String, String> defects = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : manifest.path("settings").properties()) {
      String value = entry.getValue().asText();
      if (entry.getKey().endsWith(DEFECT)) {
        if (!value.isEmpty()) {
          defects.put(entry.getKey(), value);
        }
      } else if (!UNSEEN.contains(entry.getKey())) {
        settings.put(entry.getKey(), value);
      }
    }
    // What a good stream is: goodput means nothing without it.
    List<String> slos = texts(manifest.path("slos"));
    if (!slos.isEmpty()) {
      settings.put("slos", String.join("; ", slos));
    }
    return new RunRecord(
        folder,
        name(folder, manifest, "simulation"),
        name(folder, manifest, "profile"),
        text(folder, manifest, "started"),
        manifest.at("/git/commit").asText("unknown"),
        manifest.at("/git/dirty").asBoolean(),
        MachineClass.of(manifest.path("machine")),
        settings,
        defects,
        manifest.path("seed").asLong(),
        texts(manifest.path("thresholds")),
        numbers(manifest.path("limit_words")),
        texts(manifest.path("regression_rules")),
        manifest.path("regression_threshold").asDouble(),
        report(folder),
        verdict(folder));
  }

  /** The checks that cannot be made again from the files: validity and invariants. */
  public List<Check> recorded() {
    return verdict.checks().stream()
        .filter(
            check -> check.kind() == Check.Kind.VALIDITY || check.kind() == Check.Kind.INVARIANT)
        .toList();
  }

  private static KpiReport report(Path folder) throws UnusableFile {
    // A figure without its value is not 0.
    KpiReport report =
        value(
            folder,
            "kpi.json",
            KpiReport.class,
            MAPPER.reader(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES));
    if (report.kpis() == null || report.figures() == null) {
      throw new UnusableFile(folder.resolve("kpi.json") + " has no kpis or no figures.");
    }
    return report;
  }

  private static Verdict verdict(Path folder) throws UnusableFile {
    Verdict verdict = value(folder, "verdict.json", Verdict.class, MAPPER.reader());
    boolean whole =
        verdict.checks().stream().noneMatch(c -> c.kind() == null || c.outcome() == null);
    if (verdict.verdict() == null || verdict.checks().isEmpty() || !whole) {
      throw new UnusableFile(
          folder.resolve("verdict.json") + " has no verdict, or no checks with their outcomes.");
    }
    return verdict;
  }

  private static JsonNode json(Path folder, String name) throws UnusableFile {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new UnusableFile(
          folder
              + (Files.isDirectory(folder)
                  ? " is no whole run folder: it has no " + name + "."
                  : " is no folder.")
              + " Runs are in target/runs; the newest is target/runs/latest.");
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new UnusableFile(file + " is broken: " + UnusableFile.reason(e), e);
    } catch (IOException e) {
      throw new UnusableFile(file + " cannot be read: " + e, e);
    }
    JsonNode schema = node.path("schema");
    if (!schema.isInt() || schema.asInt() != SCHEMA) {
      throw new UnusableFile(file + UnusableFile.schema(schema, SCHEMA));
    }
    return node;
  }

  private static <T> T value(Path folder, String name, Class<T> type, ObjectReader reader)
      throws UnusableFile {
    try {
      return reader.treeToValue(json(folder, name), type);
    } catch (JsonProcessingException e) {
      throw new UnusableFile(folder.resolve(name) + " is broken: " + UnusableFile.reason(e), e);
    }
  }

  private static String name(Path folder, JsonNode manifest, String field) throws UnusableFile {
    String name = text(folder, manifest, field);
    if (!NAME.matcher(name).matches()) {
      throw new UnusableFile(
          folder.resolve("manifest.json") + " has the " + field + " '" + name + "', no name.");
    }
    return name;
  }

  private static String text(Path folder, JsonNode manifest, String field) throws UnusableFile {
    if (!manifest.path(field).isTextual()) {
      throw new UnusableFile(folder.resolve("manifest.json") + " has no " + field + ".");
    }
    return manifest.path(field).asText();
  }

  private static Map<String, Double> numbers(JsonNode object) {
    Map<String, Double> numbers = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (entry.getValue().isNumber()) {
        numbers.put(entry.getKey(), entry.getValue().asDouble());
      }
    }
    return numbers;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
