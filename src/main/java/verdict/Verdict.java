package verdict;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a run is worth: the content of {@code verdict.json}.
 *
 * @param schema version of this form
 * @param verdict the worst outcome of all checks that count
 * @param sentence the verdict in one sentence
 * @param failOnRegression whether the comparison with a baseline was asked for: then a baseline
 *     that is missing or cannot be compared counts, and whatever the comparison finds fails a build
 * @param checks every check, in the order validity, invariants, thresholds, baseline
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Verdict(
    int schema,
    Check.Outcome verdict,
    String sentence,
    @JsonProperty("fail_on_regression") boolean failOnRegression,
    List<Check> checks) {
  /** The version that this code writes. */
  public static final int SCHEMA = 1;

  /** Checks on a console: one screen; the report has the rest. */
  private static final int LINES_MAX = 12;

  /** A file without checks has none. */
  public Verdict {
    checks = checks == null ? List.of() : checks;
    if (verdict == null
        || checks.stream().anyMatch(check -> check.kind() == null || check.outcome() == null)) {
      throw new IllegalArgumentException("it has no verdict, or a check without kind or outcome");
    }
  }

  /** Composes the checks of a run whose comparison with a baseline was not asked for. */
  public static Verdict of(List<Check> checks) {
    return of(checks, false);
  }

  /**
   * Composes checks. If one of them makes the run invalid, thresholds and baselines are not
   * compared: they become INCONCLUSIVE. What a comparison found counts always; that there was
   * nothing to compare with counts only if the comparison was asked for, for otherwise nobody's
   * first run could be good.
   *
   * @param failOnRegression whether it was asked for
   */
  public static Verdict of(List<Check> checks, boolean failOnRegression) {
    boolean invalid = checks.stream().anyMatch(check -> check.outcome() == Check.Outcome.INVALID);
    List<Check> judged = checks.stream().map(check -> invalid ? uncompared(check) : check).toList();
    List<Check> counted = judged.stream().filter(check -> counts(check, failOnRegression)).toList();
    Check.Outcome worst = Check.Outcome.worst(counted.stream().map(Check::outcome).toList());
    String sentence = sentence(worst, counted) + openComparison(worst, judged, counted);
    return new Verdict(SCHEMA, worst, sentence, failOnRegression, judged);
  }

  /**
   * True unless a build should fail: the run is good, or all that is wrong with it is a comparison
   * that nobody asked to stand on.
   */
  public boolean letsBuildGoOn() {
    return binding().isGood();
  }

  /** True for a check that decides a build. */
  public boolean binds(Check check) {
    return failOnRegression || check.kind() != Check.Kind.BASELINE;
  }

  /** The worst outcome of the checks that decide a build. */
  public Check.Outcome binding() {
    return Check.Outcome.worst(checks.stream().filter(this::binds).map(Check::outcome).toList());
  }

  /** The checks that did not pass, worst first. */
  public Stream<Check> troubles() {
    return checks.stream()
        .filter(check -> check.outcome() != Check.Outcome.PASS)
        .sorted(Comparator.comparing(Check::outcome).reversed());
  }

  /** Returns the verdict for a console: its sentence, the checks that did not pass, a count. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(verdict + "  " + sentence);
    List<Check> troubles = troubles().toList();
    for (Check check : troubles.subList(0, Math.min(LINES_MAX, troubles.size()))) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-12s %-24s %s (%s)",
              check.outcome(),
              check.name(),
              check.reason(),
              check.figure()));
    }
    if (troubles.size() > LINES_MAX) {
      lines.add("  and " + (troubles.size() - LINES_MAX) + " more, which the report names");
    }
    int passed = checks.size() - troubles.size();
    lines.add(String.format(Locale.ROOT, "  %d of %d checks pass.", passed, checks.size()));
    return lines;
  }

  /** Returns true for a check that counts in the verdict. */
  public boolean counts(Check check) {
    return counts(check, failOnRegression);
  }

  private static boolean counts(Check check, boolean failOnRegression) {
    boolean open =
        check.kind() == Check.Kind.BASELINE && check.outcome() == Check.Outcome.INCONCLUSIVE;
    return failOnRegression || !open;
  }

  private static String openComparison(
      Check.Outcome worst, List<Check> judged, List<Check> counted) {
    if (judged.size() == counted.size() || !worst.isGood()) {
      return "";
    }
    return " "
        + judged.stream()
            .filter(check -> !counts(check, false))
            .map(Check::reason)
            .findFirst()
            .orElseThrow();
  }

  private static Check uncompared(Check check) {
    return switch (check.kind()) {
      case VALIDITY, INVARIANT -> check;
      case THRESHOLD, BASELINE -> check.inconclusive("Not compared, because the run is invalid.");
    };
  }

  private static String sentence(Check.Outcome worst, List<Check> checks) {
    List<Check> worstChecks = checks.stream().filter(check -> check.outcome() == worst).toList();
    if (worst == Check.Outcome.PASS) {
      return "All " + checks.size() + " checks hold.";
    }
    if (worstChecks.isEmpty()) {
      return "Nothing was checked.";
    }
    String more = worstChecks.size() > 1 ? " And " + (worstChecks.size() - 1) + " more." : "";
    return worstChecks.get(0).reason() + more;
  }
}
