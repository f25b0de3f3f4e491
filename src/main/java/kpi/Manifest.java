package kpi;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * The content of {@code manifest.json}: what a run was, and all that is needed to run it again.
 * What an older or interrupted run did not write reads as empty.
 *
 * @param started ISO 8601
 * @param mode {@code managed} or {@code external}
 * @param settings by name, secrets masked
 * @param limitWords values in ms of the words in thresholds
 * @param regressionThreshold value in per cent of the word in the rules
 * @param slos of one stream, as written
 * @param headlines figures that a report shows first, such as {@code ttft.p99}
 * @param processes of the run, in the order of reports
 * @param gatlingReport address of Gatling's report, relative to the run folder; empty for none
 * @param metrics how the metrics were sent by OpenTelemetry, in a sentence; empty if they were not
 *     to be
 * @param share in a load of several generators; null if it is the whole
 * @param generators whose runs were merged into this one
 */
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
    List<String> headlines,
    List<String> processes,
    String gatlingReport,
    String metrics,
    Share share,
    List<Generator> generators) {
  public static final String FILE = "manifest.json";

  /** The tree that ran: its hash, or {@code unknown}; dirty if it had uncommitted changes. */
  public record Git(String commit, boolean dirty) {
    public Git {
      commit = commit.isEmpty() ? "unknown" : commit;
    }
  }

  /**
   * The share of one of several generators in a load.
   *
   * @param index from 0
   * @param startAt common start of the measured phase, ISO 8601
   * @param measuredFromS start of the measured phase in seconds of the run
   * @param lateMs how long after the common start that was
   * @param host boot id of the system, whose processes have one clock; may be empty
   * @param clockMs this clock less the target's
   * @param clockBoundMs largest error of that; null if it was not measured
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Share(
      int index,
      int count,
      String startAt,
      double measuredFromS,
      double lateMs,
      String host,
      double clockMs,
      Double clockBoundMs) {}

  /**
   * One generator of a merged run.
   *
   * @param verdict on its run by itself
   * @param figures by name, such as streams_started
   */
  public record Generator(
      Share share, String folder, String verdict, String sentence, Map<String, Double> figures) {}

  /** Replaces what is absent. */
  public Manifest {
    git = git == null ? new Git("", false) : git;
    generators = generators == null ? List.of() : generators;
    machine = machine == null ? new Machine(0, "", ProcessFigures.UNKNOWN, "", "") : machine;
  }
}
