package verdict;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.UnusableFile;

/**
 * The folder of baselines, one file for each simulation and profile. A file is written whole or not
 * at all, one figure a line, so that a change reads well in a diff.
 */
public final class Baselines {
  /** Strict: the file is edited and merged by hand. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private static final int FAULTS_SHOWN = 3;

  private final Path folder;

  /**
   * @param folder holds the files; created with the first
   */
  public Baselines(Path folder) {
    this.folder = folder;
  }

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
    Baseline baseline = parse(file);
    List<String> faults = faults(baseline);
    if (!baseline.simulation().equals(simulation) || !baseline.profile().equals(profile)) {
      faults.add(0, "it is the baseline of " + baseline.simulation() + "." + baseline.profile());
    }
    if (!faults.isEmpty()) {
      throw new UnusableFile(
          file
              + " cannot be used: "
              + String.join("; ", faults.subList(0, Math.min(FAULTS_SHOWN, faults.size())))
              + (faults.size() > FAULTS_SHOWN
                  ? "; and " + (faults.size() - FAULTS_SHOWN) + " more"
                  : "")
              + ". Restore it from git, or make it again with -Dupdate-baseline.");
    }
    return Optional.of(baseline);
  }

  /**
   * Writes a baseline, over an older one.
   *
   * @return the file
   * @throws IOException if it cannot be written; an older one is then unchanged
   */
  public Path write(Baseline baseline) throws IOException {
    Path file = file(baseline.simulation(), baseline.profile());
    Files.createDirectories(folder);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(part, text(baseline));
      return Files.move(
          part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Returns the text of a baseline's file. */
  static String text(Baseline baseline) throws JsonProcessingException {
    return MAPPER.writer(new Lines()).writeValueAsString(baseline) + "\n";
  }

  private static Baseline parse(Path file) throws UnusableFile {
    try {
      JsonNode node = MAPPER.readTree(file.toFile());
      JsonNode schema = node.path("schema");
      if (!schema.isInt() || schema.asInt() != Baseline.SCHEMA) {
        throw new UnusableFile(file + UnusableFile.schema(schema, Baseline.SCHEMA));
      }
      return MAPPER.treeToValue(node, Baseline.class);
    } catch (JsonProcessingException e) {
      throw new UnusableFile(
          file
              + " is broken: "
              + UnusableFile.reason(e)
              + ". Restore it from git, or make it again with -Dupdate-baseline.",
          e);
    } catch (IOException e) {
      throw new UnusableFile(file + " cannot be read: " + e, e);
    }
  }

  private static List<String> faults(Baseline baseline) {
    List<String> faults = new ArrayList<>();
    if (baseline.runs() < Baseline.LEAST_RUNS) {
      faults.add("it stands on " + baseline.runs() + " runs; at least " + Baseline.LEAST_RUNS);
    }
    for (Map.Entry<String, Spread> entry : baseline.kpis().entrySet()) {
      faults.addAll(faults(entry.getKey(), entry.getValue(), baseline.runs()));
    }
    return faults;
  }

  private static List<String> faults(String name, Spread spread, int runs) {
    FigureName figure;
    try {
      figure = FigureName.parse(name, name);
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage());
    }
    if (figure.isEach()) {
      return List.of("'" + name + "' is no single figure");
    }
    if (!figure.kpi().unit().equals(spread.unit())
        || !figure.kpi().direction().word().equals(spread.direction())) {
      return List.of(name + " has another unit or direction than the catalogue");
    }
    return spread.faults(runs).stream().map(fault -> name + " " + fault).toList();
  }

  /** Writes one field a line, down to the figure, which is one line with its values. */
  private static final class Lines extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1;
    private static final int ENTRY_LEVEL = 2;

    Lines() {
      super(
          Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
      indentObjectsWith(new ShallowIndenter());
      indentArraysWith(new DefaultPrettyPrinter.NopIndenter());
    }

    private Lines(Lines base) {
      super(base);
    }

    @Override
    public DefaultPrettyPrinter createInstance() {
      return new Lines(this);
    }

    @Override
    public void writeEndObject(JsonGenerator generator, int entries) throws IOException {
      if (_nesting > ENTRY_LEVEL) {
        _nesting--;
        generator.writeRaw(" }");
      } else {
        super.writeEndObject(generator, entries);
      }
    }

    private static final class ShallowIndenter extends DefaultPrettyPrinter.NopIndenter {
      private static final long serialVersionUID = 1;
      private static final DefaultIndenter DEEP = new DefaultIndenter("  ", "\n");

      @Override
      public void writeIndentation(JsonGenerator generator, int level) throws IOException {
        if (level <= ENTRY_LEVEL) {
          DEEP.writeIndentation(generator, level);
        } else {
          generator.writeRaw(' ');
        }
      }

      @Override
      public boolean isInline() {
        return false;
      }
    }
  }
}
