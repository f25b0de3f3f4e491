package verdict;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run is worth: the content of {@code verdict.json}.
 *
 * @param schema version of this form
 * @param verdict the worst outcome of all checks
 * @param sentence the verdict in one sentence
 * @param checks every check, in the order validity, invariants, thresholds
 */
public record Verdict(int schema, Grade verdict, String sentence, List<Check> checks) {
  /** The version that this code writes. */
  public static final int SCHEMA = 1;

  /**
   * Composes checks. If one of them makes the run invalid, thresholds and baselines are not
   * compared: they become INCONCLUSIVE.
   */
  public static Verdict of(List<Check> checks) {
    boolean invalid = checks.stream().anyMatch(check -> check.outcome() == Grade.INVALID);
    List<Check> judged = checks.stream().map(check -> invalid ? uncompared(check) : check).toList();
    Grade worst = Grade.worst(judged.stream().map(Check::outcome).toList());
    return new Verdict(SCHEMA, worst, sentence(worst, judged), judged);
  }

  /** The checks that did not pass, worst first. */
  public Stream<Check> troubles() {
    return checks.stream()
        .filter(check -> check.outcome() != Grade.PASS)
        .sorted(Comparator.comparing(Check::outcome).reversed());
  }

  private static Check uncompared(Check check) {
    return switch (check.kind()) {
      case VALIDITY, INVARIANT -> check;
      case THRESHOLD, BASELINE -> check.inconclusive("Not compared, because the run is invalid.");
    };
  }

  private static String sentence(Grade worst, List<Check> checks) {
    List<Check> worstChecks = checks.stream().filter(check -> check.outcome() == worst).toList();
    if (worst == Grade.PASS) {
      return "All " + checks.size() + " checks hold.";
    }
    if (worstChecks.isEmpty()) {
      return "Nothing was checked.";
    }
    String more = worstChecks.size() > 1 ? " And " + (worstChecks.size() - 1) + " more." : "";
    return worstChecks.get(0).reason() + more;
  }
}
