package verdict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.JsonFile;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/**
 * The verdict on a run: the content of {@code verdict.json}.
 *
 * @param verdict the worst outcome of all checks that count
 * @param failOnRegression whether the comparison with a baseline decides a build: then a comparison
 *     that could not be made counts too
 * @param checks every check, in the order validity, invariants, thresholds, baseline
 */
public record Verdict(
    int schema, Outcome verdict, String sentence, boolean failOnRegression, List<Check> checks) {
  /** Checks on a console: one screen; the report has the rest. */
  private static final int LINES_MAX = 12;

  /** Requires a verdict, and a kind and an outcome of every check. */
  public Verdict {
    if (verdict == null
        || checks.stream().anyMatch(check -> check.kind() == null || check.outcome() == null)) {
      throw new IllegalArgumentException("it has no verdict, or a check without kind or outcome");
    }
  }

  public static Verdict of(List<Check> checks) {
    return of(checks, false);
  }

  /**
   * Composes checks. If one of them makes the run invalid, thresholds and baselines are not
   * compared: they become INCONCLUSIVE. The changes of a comparison count always; a comparison that
   * could not be made counts only if it decides a build, for a first run has no baseline.
   */
  public static Verdict of(List<Check> checks, boolean failOnRegression) {
    boolean invalid = checks.stream().anyMatch(check -> check.outcome() == Outcome.INVALID);
    List<Check> judged = checks.stream().map(check -> invalid ? uncompared(check) : check).toList();
    List<Check> counted = judged.stream().filter(check -> counts(check, failOnRegression)).toList();
    Outcome worst = Outcome.worst(counted.stream().map(Check::outcome).toList());
    return new Verdict(
        JsonFile.SCHEMA, worst, sentence(worst, counted, judged), failOnRegression, judged);
  }

  /**
   * Returns false if a build should fail: a check did not pass, and it is not a comparison that
   * does not decide.
   */
  public boolean letsBuildGoOn() {
    return binding().isGood();
  }

  public boolean binds(Check check) {
    return failOnRegression || check.kind() != Kind.BASELINE;
  }

  /** Returns the worst outcome of the checks that decide a build. */
  public Outcome binding() {
    return Outcome.worst(checks.stream().filter(this::binds).map(Check::outcome).toList());
  }

  /** Returns the checks that did not pass, worst first. */
  public Stream<Check> troubles() {
    return checks.stream()
        .filter(check -> check.outcome() != Outcome.PASS)
        .sorted(Comparator.comparing(Check::outcome).reversed());
  }

  /** Returns the verdict for a console: its sentence, the checks that did not pass, a count. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(verdict + "  " + sentence);
    // What was not evaluated for one reason is one line.
    Collection<List<Check>> troubles =
        troubles()
            .collect(
                Collectors.groupingBy(
                    check -> check.outcome() == Outcome.NOT_EVALUATED ? check.reason() : check,
                    LinkedHashMap::new,
                    Collectors.toList()))
            .values();
    troubles.stream().limit(LINES_MAX).map(Verdict::line).forEach(lines::add);
    if (troubles.size() > LINES_MAX) {
      lines.add("  and " + (troubles.size() - LINES_MAX) + " more, which the report names");
    }
    if (!sentence.startsWith(tally(checks))) {
      lines.add("  " + tally(checks));
    }
    return lines;
  }

  private static String line(List<Check> alike) {
    Check check = alike.get(0);
    return String.format(
        Locale.ROOT,
        "  %-13s %-24s %s%s",
        check.outcome(),
        alike.stream().map(Check::name).collect(Collectors.joining(", ")),
        check.reason(),
        check.figure().isEmpty() ? "" : " (" + check.figure() + ")");
  }

  /** Returns how many checks hold, and how many could not be made, in a sentence. */
  public static String tally(List<Check> checks) {
    int all = checks.size();
    long hold = checks.stream().filter(check -> check.outcome() == Outcome.PASS).count();
    long open = checks.stream().filter(check -> check.outcome() == Outcome.NOT_EVALUATED).count();
    String holding = hold == all ? "All " + all : hold + " of " + all;
    return holding + " checks hold" + (open > 0 ? ", " + open + " not evaluated" : "") + ".";
  }

  public boolean counts(Check check) {
    return counts(check, failOnRegression);
  }

  private static boolean counts(Check check, boolean failOnRegression) {
    boolean open = check.kind() == Kind.BASELINE && check.outcome() == Outcome.INCONCLUSIVE;
    return failOnRegression || !open;
  }

  private static Check uncompared(Check check) {
    if (check.outcome() == Outcome.NOT_EVALUATED) {
      return check;
    }
    return switch (check.kind()) {
      case VALIDITY, INVARIANT -> check;
      case THRESHOLD, BASELINE -> check.inconclusive("Not compared, because the run is invalid.");
    };
  }

  private static String sentence(Outcome worst, List<Check> counted, List<Check> all) {
    if (worst == Outcome.PASS) {
      return tally(all);
    }
    List<Check> worstChecks = counted.stream().filter(check -> check.outcome() == worst).toList();
    if (worstChecks.isEmpty()) {
      return "Nothing was checked.";
    }
    String more = worstChecks.size() > 1 ? " And " + (worstChecks.size() - 1) + " more." : "";
    return worstChecks.get(0).reason() + more;
  }
}
