package baseline;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
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
import kpi.Kpi;

/**
 * The folder of baselines, one file for each simulation and profile. A file is written whole or not
 * at all, one figure a line, so that a change reads well in a diff.
 */
public final class Baselines {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final Path folder;

  /**
   * @param folder holds the files; made when the first is written
   */
  public Baselines(Path folder) {
    this.folder = folder;
  }

  /** The file of a simulation's profile, whether it exists or not. */
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
              + String.join("; ", faults.subList(0, Math.min(3, faults.size())))
              + (faults.size() > 3 ? "; and " + (faults.size() - 3) + " more" : "")
              + ". Restore it from git, or make it again with -Dupdate-baseline.");
    }
    return Optional.of(baseline);
  }

  /**
   * Writes a baseline, over an older one.
   *
   * @return the file
   * @throws IOException if it cannot be written; an older one is then as it was
   */
  public Path write(Baseline baseline) throws IOException {
    Path file = file(baseline.simulation(), baseline.profile());
    Files.createDirectories(folder);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, text(baseline));
    return Files.move(
        part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The text of a baseline's file. */
  static String text(Baseline baseline) throws JsonProcessingException {
    return MAPPER.writer(new Lines()).writeValueAsString(baseline) + "\n";
  }

  private static Baseline parse(Path file) throws UnusableFile {
    try {
      JsonNode node = MAPPER.readTree(file.toFile());
      int schema = node.path("schema").asInt();
      if (schema != Baseline.SCHEMA) {
        throw new UnusableFile(file + UnusableFile.schema(node.path("schema"), Baseline.SCHEMA));
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
    if (baseline.simulation() == null || baseline.profile() == null) {
      faults.add("simulation or profile is missing");
    }
    if (baseline.machine() == null || baseline.settings() == null || baseline.kpis() == null) {
      faults.add("machine, settings or kpis are missing");
      return faults;
    }
    if (baseline.runs() < Baseline.LEAST_RUNS) {
      faults.add("it stands on " + baseline.runs() + " runs; at least " + Baseline.LEAST_RUNS);
    }
    for (Map.Entry<String, Spread> entry : baseline.kpis().entrySet()) {
      faults.addAll(faults(entry.getKey(), entry.getValue(), baseline.runs()));
    }
    return faults;
  }

  private static List<String> faults(String name, Spread spread, int runs) {
    Optional<Kpi> kpi = Kpi.named(name.replaceFirst("\\.p\\d+$", ""));
    if (kpi.isEmpty()) {
      return List.of(name + " is no KPI");
    }
    if (spread == null
        || !kpi.get().unit().equals(spread.unit())
        || !kpi.get().direction().word().equals(spread.direction())) {
      return List.of(name + " has another unit or direction than the catalogue");
    }
    return spread.faults(runs).stream().map(fault -> name + " " + fault).toList();
  }

  /** Objects a field a line down to the single figure, which is one line with its values. */
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
