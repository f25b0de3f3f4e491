package report;

import java.util.Comparator;
import java.util.List;
import verdict.Change;
import verdict.Check;

/** The checks and the changes of figures, by which the page marks them. */
record Marks(List<Check> checks, ComparisonSection comparison) {
  /** Ends the name of a check of a change rather than of a figure. */
  private static final String CHANGE = "_change";

  static Marks of(RunFiles run) {
    return new Marks(
        run.checks(), run.comparison().map(ComparisonSection::of).orElse(ComparisonSection.NONE));
  }

  /**
   * Returns the worst outcome of the checks of a figure, if one did not pass; else empty. The
   * checks of {@code ttft.p99} are {@code ttft_p99}, also written {@code ttft.p99}, and {@code
   * ttft_p99_change}.
   */
  String outcome(String figure) {
    String name = plain(figure);
    return checks.stream()
        .filter(check -> check.outcome() != Check.Outcome.PASS)
        .filter(c -> plain(c.name()).equals(name) || plain(c.name()).equals(name + CHANGE))
        .map(Check::outcome)
        .min(Comparator.comparing(Headline::weight))
        .map(Check.Outcome::name)
        .orElse("");
  }

  /** Returns the change of a figure in a few words; null if it was not compared. */
  ChangeRow.Delta delta(String figure) {
    return comparison.of(figure).map(change -> change.delta(comparison.runs())).orElse(null);
  }

  /** Returns the change that a check is about; null if it is about something else. */
  ChangeRow change(Check check) {
    return comparison.changes().stream()
        .filter(change -> plain(check.name()).equals(plain(change.name()) + CHANGE))
        .filter(change -> change.trend() != Change.Trend.ABSENT)
        .findFirst()
        .orElse(null);
  }

  private static String plain(String name) {
    return name.replace('.', '_').replace('-', '_');
  }
}
