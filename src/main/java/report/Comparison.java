package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import verdict.Numbers;

/**
 * What became of every figure since the baseline, as comparison.json has it.
 *
 * @param lead whether the run was compared, and with what; empty if nobody tried
 * @param tally how many figures went where, or why the run was not compared
 * @param compared whether there are changes to show
 * @param source where the baseline is from, in a sentence; empty if there is none
 * @param runs how many runs the baseline was made of; 0 if that is not known
 * @param changes what a rule looks at or what moved beyond the noise, most important first
 * @param rest all other figures
 */
record Comparison(
    String lead,
    String tally,
    boolean compared,
    String source,
    int runs,
    List<Change> changes,
    List<Change> rest) {

  /** FAIL before WARN before what nobody could tell; then what passed, then what has no rule. */
  private static final List<String> ORDER =
      List.of("INVALID", "FAIL", "WARN", "INCONCLUSIVE", "PASS", "");

  /** What a reason need not say after the words that lead to it. */
  private static final String TWICE = "^Not compared, because ";

  private static final int COMMIT_CHARACTERS = 7;

  static Comparison of(RunFolder run) {
    JsonNode node = run.comparison();
    if (!node.isObject()) {
      return new Comparison("", "", false, "", 0, List.of(), List.of());
    }
    JsonNode baseline = node.path("baseline");
    int runs = Math.max(0, baseline.path("runs").asInt());
    if (!node.path("state").asText("").equals(BaselineFiles.COMPARED)) {
      String reason = node.path("reason").asText("").replaceFirst(TWICE, "");
      String why = reason.isBlank() ? "comparison.json gives no reason." : reason;
      return new Comparison(
          "Not compared", why, false, source(baseline, runs), runs, List.of(), List.of());
    }
    List<Change> all = changes(node.path("changes"));
    return new Comparison(
        "Compared with " + baseline(baseline, runs),
        tally(all),
        true,
        source(baseline, runs),
        runs,
        all.stream().filter(Change::matters).toList(),
        all.stream().filter(change -> !change.matters()).toList());
  }

  /** The change of the figure of that name, if it was compared. */
  Optional<Change> of(String figure) {
    return Stream.concat(changes.stream(), rest.stream())
        .filter(change -> change.name().equals(figure))
        .findFirst();
  }

  private static List<Change> changes(JsonNode nodes) {
    List<Change> changes = new ArrayList<>();
    for (JsonNode node : nodes) {
      if (Change.readable(node)) {
        changes.add(Change.of(node, changes.size()));
      }
    }
    changes.sort(
        Comparator.comparingInt((Change change) -> ORDER.indexOf(change.outcome()))
            .thenComparingInt(Comparison::rank)
            .thenComparing(Comparator.comparingDouble(Change::beyond).reversed()));
    return changes;
  }

  private static int rank(Change change) {
    boolean noiseKnown = !change.noise().equals(JsonNumbers.NONE);
    return change.notable() ? 0 : noiseKnown ? 1 : 2;
  }

  private static String baseline(JsonNode baseline, int runs) {
    String of = runs > 0 ? " of " + runs(runs) : "";
    String commit = abbreviated(baseline.path("commit").asText(""));
    return "the baseline" + of + (commit.isEmpty() ? "" : ", commit " + commit);
  }

  private static String source(JsonNode baseline, int runs) {
    if (!baseline.isObject()) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    String commit = abbreviated(baseline.path("commit").asText(""));
    String made = baseline.path("made").asText("");
    String file = baseline.path("file").asText("");
    if (runs > 0) {
      parts.add(runs(runs));
    }
    if (!commit.isEmpty()) {
      parts.add("commit " + commit);
    }
    if (!made.isEmpty()) {
      parts.add("made " + Headline.instant(made));
    }
    if (!file.isEmpty()) {
      parts.add("kept in " + file);
    }
    return parts.isEmpty() ? "" : "Baseline: " + String.join(", ", parts) + ".";
  }

  private static String runs(int runs) {
    return Numbers.count(runs) + (runs == 1 ? " run" : " runs");
  }

  /** As many characters of a commit as people compare; what is no commit stays as it is. */
  static String abbreviated(String commit) {
    return commit.matches("[0-9a-f]{8,}") ? commit.substring(0, COMMIT_CHARACTERS) : commit;
  }

  private static String tally(List<Change> all) {
    if (all.isEmpty()) {
      return "no figure.";
    }
    List<String> parts = new ArrayList<>();
    long worse = count(all, Trend.WORSE);
    if (worse > 0) {
      parts.add(Numbers.count(worse) + " worse" + judged(all));
    }
    for (Trend trend : List.of(Trend.BETTER, Trend.MOVED, Trend.UNTOLD, Trend.ABSENT)) {
      add(parts, count(all, trend), trend.word());
    }
    long noise = count(all, Trend.NOISE);
    add(
        parts,
        noise,
        noise == all.size() && noise > 1 ? "figures, all within noise" : "within noise");
    return String.join(", ", parts) + ".";
  }

  private static String judged(List<Change> all) {
    List<String> parts = new ArrayList<>();
    for (Outcome outcome : List.of(Outcome.FAIL, Outcome.WARN)) {
      add(
          parts,
          all.stream().filter(change -> change.outcome().equals(outcome.name())).count(),
          outcome.name());
    }
    return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
  }

  private static long count(List<Change> all, Trend trend) {
    return all.stream().filter(change -> change.trend() == trend).count();
  }

  private static void add(List<String> parts, long count, String word) {
    if (count > 0) {
      parts.add(Numbers.count(count) + " " + word);
    }
  }
}
