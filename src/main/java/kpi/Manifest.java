package kpi;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;

/**
 * The content of {@code manifest.json}: what a run was, and all that is needed to run it again.
 * What an older or interrupted run did not write reads as empty.
 *
 * @param schema version of this form
 * @param simulation simple class name
 * @param profile name of the profile
 * @param sentence the run in one sentence
 * @param seed of everything random
 * @param started ISO 8601
 * @param pid the injector's process
 * @param git the tree that ran
 * @param machine the machine that it ran on
 * @param mode {@code managed} or {@code external}
 * @param settings by name, secrets masked
 * @param versions of libraries, by name
 * @param phases so far, in their order
 * @param thresholds as written
 * @param limitWords values in ms of the words in thresholds
 * @param regressionRules as written
 * @param regressionThreshold value in per cent of the word in the rules
 * @param slos of one stream, as written
 * @param processes of the run, in the order of reports
 * @param gatlingReport address of Gatling's report, relative to the run folder; null for none
 * @param unchecked what could not be checked
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Manifest(
    int schema,
    String simulation,
    String profile,
    String sentence,
    long seed,
    String started,
    long pid,
    Git git,
    Machine machine,
    String mode,
    Map<String, String> settings,
    Map<String, String> versions,
    List<Timeline.Span> phases,
    List<String> thresholds,
    Map<String, Double> limitWords,
    List<String> regressionRules,
    double regressionThreshold,
    List<String> slos,
    List<String> processes,
    String gatlingReport,
    List<Unchecked> unchecked) {
  /** The name of the file. */
  public static final String FILE = "manifest.json";

  /**
   * The tree that ran.
   *
   * @param commit its hash, or {@code unknown}
   * @param dirty whether it had uncommitted changes
   */
  public record Git(String commit, boolean dirty) {
    /** Replaces an absent commit. */
    public Git {
      commit = commit == null ? "unknown" : commit;
    }
  }

  /** A check that could not be made, and the reason. */
  public record Unchecked(String name, String reason) {}

  /** Replaces what is absent. */
  public Manifest {
    simulation = text(simulation);
    profile = text(profile);
    sentence = text(sentence);
    started = text(started);
    git = git == null ? new Git(null, false) : git;
    machine = machine == null ? new Machine(0, null, ProcessFigures.UNKNOWN, null, null) : machine;
    mode = text(mode);
    settings = map(settings);
    versions = map(versions);
    phases = list(phases);
    thresholds = list(thresholds);
    limitWords = map(limitWords);
    regressionRules = list(regressionRules);
    slos = list(slos);
    processes = list(processes);
    gatlingReport = text(gatlingReport);
    unchecked = list(unchecked);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  private static <T> List<T> list(List<T> value) {
    return value == null ? List.of() : value;
  }

  private static <T> Map<String, T> map(Map<String, T> value) {
    return value == null ? Map.of() : value;
  }
}
