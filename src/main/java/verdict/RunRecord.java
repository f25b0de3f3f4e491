package verdict;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import kpi.KpiReport;
import kpi.Manifest;
import kpi.RunFolder;
import kpi.UnusableFile;
import verdict.Check.Kind;

/**
 * A complete run, read from its folder, that can be judged and compared.
 *
 * @param verdict as the run recorded it
 */
public record RunRecord(Path folder, Manifest manifest, KpiReport report, Verdict verdict) {
  /** Settings that change what is shown of a load, not the load. */
  private static final List<String> NOT_LOAD = List.of("monitor", "ready-within");

  private static final String DEFECT = ".defect";

  private static final Pattern ANY = Pattern.compile(".*");

  /** Of simulations and profiles: they become names of files. */
  private static final Pattern NAME = Pattern.compile("[^./\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]*");

  /**
   * Reads a run folder.
   *
   * @throws UnusableFile if it is not a run folder, or half written, or from a newer version
   */
  public static RunRecord read(Path folder) throws UnusableFile {
    RunFolder files = RunFolder.existing(folder);
    Manifest manifest = files.read(Manifest.FILE, Manifest.class);
    require(folder, "simulation", manifest.simulation(), NAME);
    require(folder, "profile", manifest.profile(), NAME);
    require(folder, "started", manifest.started(), ANY);
    KpiReport report = files.read("kpi.json", KpiReport.class);
    Verdict verdict = files.read("verdict.json", Verdict.class);
    if (verdict.checks().isEmpty()) {
      throw new UnusableFile(folder.resolve("verdict.json") + " has no checks.");
    }
    return new RunRecord(folder, manifest, report, verdict);
  }

  public String simulation() {
    return manifest.simulation();
  }

  public String profile() {
    return manifest.profile();
  }

  /** Returns the start, ISO 8601. */
  public String started() {
    return manifest.started();
  }

  /** Returns the commit that ran, or {@code unknown}. */
  public String commit() {
    return manifest.git().commit();
  }

  /** Returns true if the tree had uncommitted changes. */
  public boolean dirty() {
    return manifest.git().dirty();
  }

  public MachineClass machine() {
    return MachineClass.of(manifest.machine());
  }

  /**
   * Returns the settings that shape the load, and the SLOs, without which goodput has no meaning.
   */
  Map<String, String> settings() {
    Map<String, String> load = new TreeMap<>(manifest.settings());
    load.keySet().removeIf(name -> name.endsWith(DEFECT) || NOT_LOAD.contains(name));
    if (!manifest.slos().isEmpty()) {
      load.put("slos", String.join("; ", manifest.slos()));
    }
    return load;
  }

  /** Returns the defects planted in targets, by setting. */
  Map<String, String> defects() {
    Map<String, String> planted = new TreeMap<>(manifest.settings());
    planted.entrySet().removeIf(entry -> !entry.getKey().endsWith(DEFECT));
    planted.values().removeIf(String::isEmpty);
    return planted;
  }

  /** Returns the checks that cannot be made again from the files: validity and invariants. */
  List<Check> recorded() {
    return verdict.checks().stream()
        .filter(check -> check.kind() == Kind.VALIDITY || check.kind() == Kind.INVARIANT)
        .toList();
  }

  private static void require(Path folder, String field, String value, Pattern form)
      throws UnusableFile {
    Path file = folder.resolve(Manifest.FILE);
    if (value.isEmpty()) {
      throw new UnusableFile(file + " has no " + field + ".");
    }
    if (!form.matcher(value).matches()) {
      throw new UnusableFile(file + ": the " + field + " '" + value + "' is not a name.");
    }
  }
}
