package verdict;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kpi.UnusableFile;

/**
 * One run in the history: a line of {@code history.ndjson}.
 *
 * @param schema version of this form
 * @param time start of the run, ISO 8601; identifies the run with simulation and profile
 * @param commit of the tree that ran, or {@code unknown}
 * @param dirty whether the tree had uncommitted changes
 * @param simulation simple class name
 * @param profile name of the profile
 * @param machine the class of machine
 * @param settings that shape the load: figures under others are not compared
 * @param seed of everything random
 * @param verdict of the run; never INVALID
 * @param figures every figure by name, in the unit of the catalogue
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({
  "schema",
  "time",
  "commit",
  "dirty",
  "simulation",
  "profile",
  "machine",
  "settings",
  "seed",
  "verdict",
  "figures"
})
public record HistoryEntry(
    int schema,
    String time,
    String commit,
    boolean dirty,
    String simulation,
    String profile,
    MachineClass machine,
    Map<String, String> settings,
    long seed,
    Check.Outcome verdict,
    Map<String, Double> figures) {
  /** The version that this code writes. */
  public static final int SCHEMA = 1;

  /** The identity of a run. */
  record Identity(String simulation, String profile, Instant start) {}

  /**
   * Returns the entry of a run.
   *
   * @throws UnusableFile if the run is not valid, or its figures are of a planted defect
   */
  public static HistoryEntry of(RunRecord run) throws UnusableFile {
    if (run.verdict().verdict() == Check.Outcome.INVALID) {
      throw new UnusableFile(
          run.folder() + " is INVALID, so its figures mean nothing: " + run.verdict().sentence());
    }
    if (!run.defects().isEmpty()) {
      throw new UnusableFile(run.folder() + " ran with a planted defect, " + run.defects() + ".");
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    for (FigureName name : Baseline.names(run.report())) {
      name.value(run.report()).ifPresent(value -> figures.put(name.text(), Spread.rounded(value)));
    }
    HistoryEntry entry =
        new HistoryEntry(
            SCHEMA,
            run.started(),
            run.commit(),
            run.dirty(),
            run.simulation(),
            run.profile(),
            run.machine(),
            new TreeMap<>(run.settings()),
            run.manifest().seed(),
            run.verdict().verdict(),
            figures);
    List<String> faults = entry.faults();
    if (!faults.isEmpty()) {
      throw new UnusableFile(run.folder() + " cannot be kept: " + String.join("; ", faults) + ".");
    }
    return entry;
  }

  /** Returns the start of the run. */
  public Instant start() {
    return Instant.parse(time);
  }

  /** Returns the identity of the run. */
  Identity identity() {
    return new Identity(simulation, profile, start());
  }

  /** Returns the errors in it, for lines are edited by hand. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (simulation == null || profile == null || commit == null || verdict == null) {
      faults.add("simulation, profile, commit or verdict is missing");
    }
    if (machine == null || settings == null || figures == null) {
      faults.add("machine, settings or figures are missing");
    }
    if (verdict == Check.Outcome.INVALID) {
      faults.add("the verdict is INVALID, and such runs are not kept");
    }
    if (!isTime(time)) {
      faults.add("its time '" + time + "' is not ISO 8601");
    }
    if (figures != null
        && figures.values().stream().anyMatch(value -> value == null || !Double.isFinite(value))) {
      faults.add("a figure is not a number");
    }
    return faults;
  }

  private static boolean isTime(String text) {
    try {
      return text != null && Instant.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
