package report;

import static java.util.Objects.requireNonNullElse;
import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import verdict.Change;
import verdict.Change.Trend;
import verdict.Check;
import verdict.Check.Outcome;
import verdict.Comparison;
import verdict.Numbers;

/**
 * The comparison with the baseline in words, and how the page marks figures by it and by the
 * checks.
 *
 * @param lead whether the run was compared, and with what; empty without a comparison
 * @param tally how many figures moved which way, or why the run was not compared
 * @param source where the baseline is from, in a sentence; empty if there is none
 * @param runs number of the baseline's runs; 0 if it is not known
 * @param changes those with a rule or beyond the noise, most important first
 */
record ComparisonSection(
    String lead,
    String tally,
    boolean compared,
    String source,
    int runs,
    List<Row> changes,
    List<Row> rest,
    @JsonIgnore List<Check> checks) {
  /** Ends the name of a check of a change rather than of a figure. */
  private static final String CHANGE = "_change";

  /** Beginning of a reason that repeats the lead. */
  private static final String TWICE = "^Not compared, because ";

  private static final int COMMIT_CHARACTERS = 7;

  /**
   * A change in words.
   *
   * @param baseline centre of the baseline's runs, without its unit
   * @param range least and largest of the baseline's runs
   * @param delta change in per cent, with its sign; empty if it cannot be computed
   * @param outcome of the rule about this figure; empty if there is none
   * @param tone class of style: {@code tone-FAIL}, {@code better}, {@code moved} or {@code quiet};
   *     never the only sign, for the word and the outcome stand beside it
   * @param beyond by how many points of per cent the change exceeds the noise; negative within it
   */
  record Row(
      String anchor,
      String name,
      String unit,
      String better,
      String baseline,
      String range,
      String figure,
      String delta,
      String noise,
      Trend trend,
      String word,
      String outcome,
      String tone,
      double beyond,
      @JsonIgnore Change change) {

    static Row of(Change change, int position) {
      String unit = requireNonNullElse(change.unit(), "");
      String delta = Shown.change(change.looksUnchanged() ? Double.valueOf(0) : change.changePct());
      double size = Shown.finite(change.changePct()) ? Math.abs(change.changePct()) : 0;
      boolean noiseKnown = Shown.finite(change.noisePct());
      boolean wordless = change.trend() == Trend.NOISE && delta.isEmpty();
      return new Row(
          "change-" + position,
          change.name(),
          unit,
          Shown.better(change.direction()),
          Shown.plain(change.baseline(), unit),
          Shown.interval(change.low(), change.high(), unit),
          Shown.plain(change.figure(), unit),
          delta,
          noiseKnown ? Shown.share(change.noisePct()) : Shown.NONE,
          change.trend(),
          wordless ? "within its runs" : change.trend().word(),
          change.outcome() == null ? "" : change.outcome().name(),
          tone(change),
          noiseKnown ? size - change.noisePct() : size,
          change);
    }

    boolean matters() {
      return !outcome.isEmpty() || change.hasMoved();
    }

    boolean noiseKnown() {
      return !noise.equals(Shown.NONE);
    }

    /** Returns the change for the place of the figure; null without a baseline. */
    Delta delta(int runs) {
      if (baseline.equals(Shown.NONE)) {
        return null;
      }
      String about =
          "baseline "
              + baseline
              + prefixed(" ", unit)
              + prefixed(", ", range)
              + (range.isEmpty() || runs == 0 ? "" : " over " + Shown.runs(runs))
              + ", noise "
              + (noiseKnown() ? noise : "not known");
      String anchored = matters() ? anchor : "";
      return delta.isEmpty()
          ? new Delta("was " + baseline, tone, "", about, anchored)
          : new Delta(words(), tone, baseline, about, anchored);
    }

    /** Returns the change and its meaning, such as {@code +16 % worse}. */
    String words() {
      return (delta + " " + word).strip();
    }

    private int rank() {
      return change.hasMoved() ? 0 : noiseKnown() ? 1 : 2;
    }

    private static String tone(Change change) {
      if (change.outcome() != null && change.outcome() != Outcome.PASS) {
        return "tone-" + change.outcome();
      }
      return switch (change.trend()) {
        case BETTER -> "better";
        case NOISE, ABSENT -> "quiet";
        case WORSE, MOVED, OUTSIDE -> "moved";
      };
    }
  }

  /**
   * A change in a few words, beside the figure itself.
   *
   * @param was the baseline, if the words do not name it; else empty
   * @param about everything known of the change
   * @param anchor of the row with the details; empty if that row is folded away
   */
  record Delta(String words, String tone, String was, String about, String anchor) {}

  static ComparisonSection of(RunFiles run) {
    return of(run.comparison(), run.checks());
  }

  static ComparisonSection of(Optional<Comparison> comparison, List<Check> checks) {
    if (comparison.isEmpty()) {
      return new ComparisonSection("", "", false, "", 0, List.of(), List.of(), checks);
    }
    Comparison found = comparison.get();
    Comparison.Source from =
        requireNonNullElse(found.baseline(), new Comparison.Source("", "", "", 0));
    int runs = Math.max(0, from.runs());
    if (!found.made()) {
      String reason = found.reason().replaceFirst(TWICE, "");
      String why = reason.isBlank() ? "comparison.json gives no reason." : reason;
      return new ComparisonSection(
          "Not compared", why, false, source(from), runs, List.of(), List.of(), checks);
    }
    List<Row> all = new ArrayList<>();
    found.changes().forEach(change -> all.add(Row.of(change, all.size())));
    all.sort(
        Comparator.comparingInt((Row row) -> Headline.weight(row.change().outcome()))
            .thenComparingInt(Row::rank)
            .thenComparing(Comparator.comparingDouble(Row::beyond).reversed()));
    return new ComparisonSection(
        "Compared with the baseline"
            + (runs > 0 ? " of " + Shown.runs(runs) : "")
            + prefixed(", commit ", abbreviated(from.commit())),
        tally(all) + found.otherSpeed(),
        true,
        source(from),
        runs,
        all.stream().filter(Row::matters).toList(),
        all.stream().filter(not(Row::matters)).toList(),
        checks);
  }

  /**
   * Returns the worst outcome of the checks of a figure, if one did not pass; else empty. The
   * checks of {@code ttft.p99} are {@code ttft_p99}, also written {@code ttft.p99}, and {@code
   * ttft_p99_change}.
   */
  String outcome(String figure) {
    String name = plain(figure);
    return checks.stream()
        .filter(check -> check.outcome() != Outcome.PASS)
        .filter(c -> plain(c.name()).equals(name) || plain(c.name()).equals(name + CHANGE))
        .map(Check::outcome)
        .min(Comparator.comparing(Headline::weight))
        .map(Outcome::name)
        .orElse("");
  }

  /** Returns a figure marked by its checks and its change. */
  KpiTable.Cell cell(String label, String text, String interval, String figure) {
    return new KpiTable.Cell(label, text, interval, outcome(figure), delta(figure));
  }

  /** Returns the change of a figure in a few words; null if it was not compared. */
  Delta delta(String figure) {
    return Stream.concat(changes.stream(), rest.stream())
        .filter(row -> row.name().equals(figure))
        .findFirst()
        .map(row -> row.delta(runs))
        .orElse(null);
  }

  /** Returns the change that a check is about; null if it is about something else. */
  Row change(Check check) {
    return changes.stream()
        .filter(row -> plain(check.name()).equals(plain(row.name()) + CHANGE))
        .filter(row -> row.trend() != Trend.ABSENT)
        .findFirst()
        .orElse(null);
  }

  private static String plain(String name) {
    return name.replace('.', '_').replace('-', '_');
  }

  private static String source(Comparison.Source from) {
    String parts =
        Stream.of(
                from.runs() > 0 ? Shown.runs(from.runs()) : "",
                prefixed("commit ", abbreviated(from.commit())),
                prefixed("made ", Headline.instant(requireNonNullElse(from.made(), ""))),
                prefixed("kept in ", from.file()))
            .filter(not(String::isEmpty))
            .collect(joining(", "));
    return parts.isEmpty() ? "" : "Baseline: " + parts + ".";
  }

  private static String prefixed(String lead, String value) {
    return value == null || value.isEmpty() ? "" : lead + value;
  }

  /** Returns the first characters of a commit; other words stay whole. */
  static String abbreviated(String commit) {
    String text = requireNonNullElse(commit, "");
    return text.matches("[0-9a-f]{8,}") ? text.substring(0, COMMIT_CHARACTERS) : text;
  }

  private static String tally(List<Row> all) {
    if (all.isEmpty()) {
      return "no figure.";
    }
    String judged =
        Stream.of(Outcome.FAIL, Outcome.WARN)
            .flatMap(one -> count(all, one.name(), row -> row.change().outcome() == one))
            .collect(joining(", "));
    boolean quiet = all.size() > 1 && all.stream().allMatch(row -> row.trend() == Trend.NOISE);
    return Stream.of(Trend.values())
        .flatMap(
            trend -> {
              String word =
                  switch (trend) {
                    case WORSE -> trend.word() + (judged.isEmpty() ? "" : " (" + judged + ")");
                    case NOISE -> quiet ? "figures, all within noise" : "within noise";
                    default -> trend.word();
                  };
              return count(all, word, row -> row.trend() == trend);
            })
        .collect(joining(", ", "", "."));
  }

  private static Stream<String> count(List<Row> all, String word, Predicate<Row> counted) {
    long count = all.stream().filter(counted).count();
    return count > 0 ? Stream.of(Numbers.count(count) + " " + word) : Stream.empty();
  }
}
