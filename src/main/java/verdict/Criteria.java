package verdict;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kpi.KpiReport;
import kpi.UnusableFile;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/**
 * The thresholds and rules by which runs are judged. A run that has just ended and an old one are
 * both judged from their folder, so the same folder gives the same verdict.
 *
 * <p>Validity and invariants stay as the run recorded them, for they need more than the files.
 *
 * @param thresholds absolute bounds
 * @param rules how much worse than its baseline a figure may be; the catalogue has those of others
 * @param thresholdPct per cent that "threshold" stands for in the rules of the catalogue
 * @param failOnRegression whether the comparison decides a build, see {@link Verdict}
 */
public record Criteria(
    List<Threshold> thresholds, List<Rule> rules, double thresholdPct, boolean failOnRegression) {
  /** A judged run; the checks of the comparison are among the verdict's. */
  public record Judgement(KpiReport report, Verdict verdict, Comparison comparison) {}

  /**
   * Judges a run.
   *
   * @param run from its folder; of its verdict only validity and invariants are taken over
   * @param baselines holds its baseline
   * @throws UnusableFile if there is a baseline that cannot be used, or the run has no check of its
   *     validity
   */
  public Judgement judge(RunRecord run, Baselines baselines) throws UnusableFile {
    return judge(run, Comparison.of(baselines, run, rules, thresholdPct));
  }

  /**
   * Judges a run that cannot be compared with anything.
   *
   * @param why it cannot, in a sentence
   * @throws UnusableFile if the run has no check of its validity
   */
  public Judgement judge(RunRecord run, String why) throws UnusableFile {
    return judge(run, Comparison.none(why));
  }

  private Judgement judge(RunRecord run, Comparison comparison) throws UnusableFile {
    List<Check> checks = new ArrayList<>(run.recorded());
    if (checks.stream().noneMatch(check -> check.kind() == Kind.VALIDITY)) {
      throw new UnusableFile(
          run.folder().resolve("verdict.json")
              + " has no check of the run's validity: the run was never judged, and nothing it"
              + " measured can be believed.");
    }
    Threshold.check(thresholds, run.report()).stream()
        .map(check -> onTime(check, run))
        .forEach(checks::add);
    checks.addAll(comparison.checks());
    if (mayBeOthersFault(checks, run.report())) {
      checks.replaceAll(Validity::blamed);
    }
    return new Judgement(run.report(), Verdict.of(checks, failOnRegression), comparison);
  }

  /** Judges a limit of a latency that was missed without the seconds of a late generator. */
  private Check onTime(Check check, RunRecord run) {
    return thresholds.stream()
        .filter(limit -> check.outcome() == Outcome.FAIL && limit.boundsLatency())
        .filter(limit -> limit.checkName().equals(check.name()))
        .findFirst()
        .map(
            limit ->
                new LateSeconds(run, limit.figure(), limit.slack())
                    .judge(check, limit::holds, limit.bound()))
        .orElse(check);
  }

  /** Others on the machine explain no broken invariant, and all else only if each part of it is. */
  private boolean mayBeOthersFault(List<Check> checks, KpiReport report) {
    Set<String> late = new HashSet<>();
    thresholds.stream().filter(limit -> limit.isNear(report)).forEach(l -> late.add(l.checkName()));
    List<Check> failed = checks.stream().filter(each -> each.outcome() == Outcome.FAIL).toList();
    return !failed.isEmpty() && failed.stream().allMatch(check -> late.contains(check.name()));
  }
}
