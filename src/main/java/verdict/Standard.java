package verdict;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run is held against, be it the run that has just ended or an old one that is judged again:
 * both are judged from their folder, so that the same folder gives the same verdict.
 *
 * <p>Validity and invariants stay as the run recorded them, for they need more than the files.
 *
 * @param limits absolute ones
 * @param rules how much worse than its baseline a figure may be
 * @param failOnRegression whether the comparison was asked for, see {@link Verdict}
 */
public record Standard(List<Limit> limits, List<Rule> rules, boolean failOnRegression) {

  /**
   * Judges a run.
   *
   * @param run as its folder has it; of its verdict only validity and invariants are taken over
   * @param baselines where its baseline is looked for
   * @throws UnusableFile if there is a baseline that cannot be used, or the run never checked
   *     whether it can be believed
   */
  public Ruling judge(RunRecord run, Baselines baselines) throws UnusableFile {
    RunRecord judged = run.with(Verdict.of(ownChecks(run)));
    return ruling(run, Comparison.of(baselines, judged, rules));
  }

  /**
   * Judges a run that cannot be compared with anything.
   *
   * @param why it cannot, in a sentence
   * @throws UnusableFile if the run never checked whether it can be believed
   */
  public Ruling judge(RunRecord run, String why) throws UnusableFile {
    return ruling(run, Comparison.none(why));
  }

  private Ruling ruling(RunRecord run, Comparison comparison) throws UnusableFile {
    List<Check> checks = ownChecks(run);
    checks.addAll(comparison.checks());
    return new Ruling(Verdict.of(checks, failOnRegression), comparison);
  }

  /** Everything but the comparison. */
  private List<Check> ownChecks(RunRecord run) throws UnusableFile {
    List<Check> checks = new ArrayList<>(run.recorded());
    if (checks.stream().noneMatch(check -> check.kind() == CheckKind.VALIDITY)) {
      throw new UnusableFile(
          run.folder().resolve("verdict.json")
              + " has no check of the run's validity: the run was never judged, and nothing it"
              + " measured can be believed.");
    }
    checks.addAll(Thresholds.check(limits, run.report()));
    return checks;
  }
}
