package report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import verdict.Change.Trend;
import verdict.Comparison;
import verdict.Numbers;

/**
 * The comparison with the baseline in words.
 *
 * @param lead whether the run was compared, and with what; empty without a comparison
 * @param tally how many figures moved which way, or why the run was not compared
 * @param compared whether there are changes to show
 * @param source where the baseline is from, in a sentence; empty if there is none
 * @param runs number of the baseline's runs; 0 if it is not known
 * @param changes those with a rule or beyond the noise, most important first
 * @param rest all other changes
 */
record ComparisonSection(
    String lead,
    String tally,
    boolean compared,
    String source,
    int runs,
    List<ChangeRow> changes,
    List<ChangeRow> rest) {

  /** FAIL before WARN before INCONCLUSIVE; then what passed, then what has no rule. */
  private static final List<String> ORDER =
      List.of("INVALID", "FAIL", "WARN", "INCONCLUSIVE", "PASS", "");

  /** Beginning of a reason that repeats the lead. */
  private static final String TWICE = "^Not compared, because ";

  private static final int COMMIT_CHARACTERS = 7;

  static final ComparisonSection NONE =
      new ComparisonSection("", "", false, "", 0, List.of(), List.of());

  static ComparisonSection of(Comparison comparison) {
    Comparison.Source from = comparison.baseline();
    int runs = from == null ? 0 : Math.max(0, from.runs());
    if (!comparison.made()) {
      String reason = comparison.reason().replaceFirst(TWICE, "");
      String why = reason.isBlank() ? "comparison.json gives no reason." : reason;
      return new ComparisonSection(
          "Not compared", why, false, source(from), runs, List.of(), List.of());
    }
    List<ChangeRow> all = new ArrayList<>();
    comparison.changes().forEach(change -> all.add(ChangeRow.of(change, all.size())));
    all.sort(
        Comparator.comparingInt((ChangeRow change) -> ORDER.indexOf(change.outcome()))
            .thenComparingInt(ComparisonSection::rank)
            .thenComparing(Comparator.comparingDouble(ChangeRow::beyond).reversed()));
    String commit = from == null ? "" : abbreviated(from.commit());
    return new ComparisonSection(
        "Compared with the baseline"
            + (runs > 0 ? " of " + Shown.runs(runs) : "")
            + (commit.isEmpty() ? "" : ", commit " + commit),
        tally(all),
        true,
        source(from),
        runs,
        all.stream().filter(ChangeRow::matters).toList(),
        all.stream().filter(change -> !change.matters()).toList());
  }

  /** Returns the change of a figure, if it was compared. */
  Optional<ChangeRow> of(String figure) {
    return Stream.concat(changes.stream(), rest.stream())
        .filter(change -> change.name().equals(figure))
        .findFirst();
  }

  private static int rank(ChangeRow change) {
    return change.notable() ? 0 : change.noise().equals(Shown.NONE) ? 2 : 1;
  }

  private static String source(Comparison.Source from) {
    if (from == null) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    if (from.runs() > 0) {
      parts.add(Shown.runs(from.runs()));
    }
    add(parts, "commit ", abbreviated(from.commit()));
    add(parts, "made ", from.made() == null ? "" : Headline.instant(from.made()));
    add(parts, "kept in ", from.file());
    return parts.isEmpty() ? "" : "Baseline: " + String.join(", ", parts) + ".";
  }

  private static void add(List<String> parts, String lead, String value) {
    if (value != null && !value.isEmpty()) {
      parts.add(lead + value);
    }
  }

  /** Returns the first characters of a commit; other words stay whole. */
  static String abbreviated(String commit) {
    String text = commit == null ? "" : commit;
    return text.matches("[0-9a-f]{8,}") ? text.substring(0, COMMIT_CHARACTERS) : text;
  }

  private static String tally(List<ChangeRow> all) {
    if (all.isEmpty()) {
      return "no figure.";
    }
    List<String> parts = new ArrayList<>();
    count(parts, all, Trend.WORSE, "worse" + judged(all));
    for (Trend trend : List.of(Trend.BETTER, Trend.MOVED, Trend.OUTSIDE, Trend.ABSENT)) {
      count(parts, all, trend, trend.word());
    }
    boolean quiet =
        all.size() > 1 && all.stream().allMatch(change -> change.trend() == Trend.NOISE);
    count(parts, all, Trend.NOISE, quiet ? "figures, all within noise" : "within noise");
    return String.join(", ", parts) + ".";
  }

  private static void count(List<String> parts, List<ChangeRow> all, Trend trend, String word) {
    long count = all.stream().filter(change -> change.trend() == trend).count();
    if (count > 0) {
      parts.add(Numbers.count(count) + " " + word);
    }
  }

  private static String judged(List<ChangeRow> all) {
    List<String> parts = new ArrayList<>();
    for (String outcome : List.of("FAIL", "WARN")) {
      long count = all.stream().filter(change -> change.outcome().equals(outcome)).count();
      if (count > 0) {
        parts.add(Numbers.count(count) + " " + outcome);
      }
    }
    return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
  }
}
