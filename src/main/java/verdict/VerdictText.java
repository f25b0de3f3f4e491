package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A verdict as lines of text, for a console: what is wrong fits on one screen. */
public final class VerdictText {
  /** The report has the rest. */
  private static final int TROUBLES_MAX = 12;

  private VerdictText() {}

  /** The verdict with its sentence, the checks that did not pass, and how many did. */
  public static List<String> lines(Verdict verdict) {
    List<String> lines = new ArrayList<>();
    lines.add(verdict.verdict() + "  " + verdict.sentence());
    List<Check> troubles = verdict.troubles().toList();
    troubles.stream().limit(TROUBLES_MAX).forEach(check -> lines.add("  " + words(check)));
    if (troubles.size() > TROUBLES_MAX) {
      lines.add("  and " + (troubles.size() - TROUBLES_MAX) + " more, which the report names");
    }
    int all = verdict.checks().size();
    int passed = all - troubles.size();
    lines.add(String.format(Locale.ROOT, "  %d of %d checks pass.", passed, all));
    return lines;
  }

  private static String words(Check check) {
    return String.format(
        Locale.ROOT,
        "%-12s %-24s %s (%s)",
        check.outcome(),
        check.name(),
        check.reason(),
        check.figure());
  }
}
