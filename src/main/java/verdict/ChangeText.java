package verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import kpi.Direction;

/** A comparison as lines of text, for a console: what changed fits on one screen. */
public final class ChangeText {
  /** The report has the rest. */
  private static final int CHANGES_MAX = 8;

  private static final Comparator<Change> ORDER =
      Comparator.comparing(ChangeText::grade)
          .reversed()
          .thenComparingDouble((ToDoubleFunction<Change>) change -> -size(change));

  private ChangeText() {}

  /**
   * What came of the comparison, and the figures that a rule holds against the run or that moved.
   */
  public static List<String> lines(Comparison comparison) {
    List<String> lines = new ArrayList<>();
    lines.add(comparison.sentence());
    if (!comparison.made()) {
      return lines;
    }
    List<Change> loud =
        comparison.changes().stream().filter(ChangeText::isLoud).sorted(ORDER).toList();
    loud.stream().limit(CHANGES_MAX).forEach(change -> lines.add("  " + words(change)));
    if (loud.size() > CHANGES_MAX) {
      lines.add("  and " + (loud.size() - CHANGES_MAX) + " more that moved");
    }
    int quiet = comparison.changes().size() - loud.size();
    lines.add("  " + Numbers.count(quiet) + " figures are where runs of the baseline were.");
    return lines;
  }

  private static Check.Outcome grade(Change change) {
    return change.outcome() == null ? Check.Outcome.PASS : change.outcome();
  }

  private static double size(Change change) {
    return change.changePct() == null ? Double.POSITIVE_INFINITY : Math.abs(change.changePct());
  }

  /** Beyond what the baseline's own runs explain, or held against the run by a rule. */
  private static boolean isLoud(Change change) {
    if (grade(change) != Check.Outcome.PASS) {
      return true;
    }
    if (change.figure() == null) {
      return false;
    }
    if (change.changePct() != null && change.noisePct() != null) {
      return Math.abs(change.changePct()) > change.noisePct();
    }
    return change.figure() < change.low() || change.figure() > change.high();
  }

  private static String words(Change change) {
    String percent =
        change.changePct() == null
            ? ""
            : String.format(Locale.ROOT, "  %+.1f %%", change.changePct());
    String noise =
        change.noisePct() == null
            ? ""
            : String.format(Locale.ROOT, ", noise %s %%", Numbers.plain(change.noisePct()));
    return String.format(
        Locale.ROOT,
        "%-12s %-28s %s -> %s%s  (%s%s)",
        change.outcome() == null ? "" : change.outcome(),
        change.name(),
        Numbers.plain(change.baseline()),
        change.figure() == null ? "none" : Numbers.words(change.figure(), change.unit()),
        percent,
        way(change),
        noise);
  }

  private static String way(Change change) {
    if (change.figure() == null) {
      return "too few samples, or not measured";
    }
    boolean lower = change.figure() < change.baseline();
    if (change.direction().equals(Direction.NEUTRAL.word())) {
      return "moved";
    }
    return lower == change.direction().equals(Direction.LOWER.word()) ? "better" : "worse";
  }
}
