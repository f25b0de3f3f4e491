package report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a figure beyond its value: the check that looks at it and its change since the
 * baseline.
 */
record Marks(List<Check> checks, Comparison comparison) {
  /** Ends the name of a check that looks at a change rather than at a figure. */
  private static final String CHANGE = "_change";

  static Marks of(RunFolder run) {
    return new Marks(Check.of(run.verdict()), Comparison.of(run));
  }

  /**
   * The worst outcome of the checks of that figure, if one did not pass, else empty. The checks of
   * {@code ttft.p99} are {@code ttft_p99}, also written {@code ttft.p99}, and {@code
   * ttft_p99_change}.
   */
  String outcome(String figure) {
    String name = plain(figure);
    return checks.stream()
        .filter(Check::loud)
        .filter(c -> plain(c.name()).equals(name) || plain(c.name()).equals(name + CHANGE))
        .map(Check::outcome)
        .min(Comparator.comparing(Headline::weight))
        .map(Outcome::name)
        .orElse("");
  }

  /** The change of that figure in a few words; null if it was not compared. */
  Change.Delta delta(String figure) {
    return comparison.of(figure).map(change -> change.delta(comparison.runs())).orElse(null);
  }

  /** The change that a check looks at; null if it looks at something else, or saw nothing. */
  Change change(Check check) {
    Optional<Change> change =
        comparison.changes().stream()
            .filter(c -> plain(check.name()).equals(plain(c.name()) + CHANGE))
            .filter(c -> c.trend() != Trend.ABSENT)
            .findFirst();
    return change.orElse(null);
  }

  private static String plain(String name) {
    return name.replace('.', '_').replace('-', '_');
  }
}
