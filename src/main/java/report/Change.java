package report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;

/**
 * A figure beside its baseline: an entry of comparison.json, in words.
 *
 * @param anchor unique within the page
 * @param name of the figure, such as {@code ttft.p99}
 * @param baseline middle of the baseline's runs, without its unit
 * @param range least and largest of the baseline's runs
 * @param figure of this run, without its unit
 * @param delta change in per cent, with its sign; empty if it cannot be computed
 * @param noise how much change the baseline's own spread can explain
 * @param trend what the change means
 * @param word the trend, as it is shown
 * @param outcome of the rule that looks at this figure; empty if there is none
 * @param tone class of style: {@code tone-FAIL}, {@code better}, {@code moved} or {@code quiet}; no
 *     reader lives by its colour alone, for the word and the outcome stand beside it
 * @param beyond by how many points of per cent the change exceeds the noise; negative within it
 */
record Change(
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
    double beyond) {
  private static final String UNCHANGED = JsonNumbers.change(DoubleNode.valueOf(0));

  /**
   * A change in a few words, for the place where the figure itself stands.
   *
   * @param was the baseline, if the words do not name it; else empty
   * @param about everything known of the change
   * @param anchor of the row that tells more; empty if that row is folded away
   */
  record Delta(String words, String tone, String was, String about, String anchor) {}

  /** Whether an entry can be shown at all. */
  static boolean readable(JsonNode node) {
    return !node.path("name").asText("").isEmpty();
  }

  static Change of(JsonNode node, int position) {
    String unit = node.path("unit").asText("");
    Outcome outcome =
        node.path("outcome").isTextual() ? Outcome.of(node.path("outcome").asText()) : null;
    Trend trend = trend(node, outcome);
    JsonNode change = node.path("change_pct");
    JsonNode noise = node.path("noise_pct");
    double size = JsonNumbers.finite(change) ? Math.abs(change.asDouble()) : 0;
    return new Change(
        "change-" + position,
        node.path("name").asText(),
        unit,
        KpiTable.better(node),
        JsonNumbers.plain(node.path("baseline"), unit),
        JsonNumbers.interval(node, unit),
        JsonNumbers.plain(node.path("figure"), unit),
        delta(node),
        JsonNumbers.finite(noise) ? JsonNumbers.share(noise.asDouble()) : JsonNumbers.NONE,
        trend,
        trend == Trend.NOISE && delta(node).isEmpty() ? "within its runs" : trend.word(),
        outcome == null ? "" : outcome.name(),
        tone(outcome, trend),
        JsonNumbers.finite(noise) ? size - noise.asDouble() : size);
  }

  /** Whether a reader has to see it: a rule looks at it, or it moved more than the noise. */
  boolean matters() {
    return !outcome.isEmpty() || notable();
  }

  /** Whether it moved more than the noise, or its rule did not pass. */
  boolean notable() {
    return loud() || (trend != Trend.NOISE && trend != Trend.ABSENT);
  }

  /** What stands beside the figure; null if there is nothing to say. */
  Delta delta(int runs) {
    if (baseline.equals(JsonNumbers.NONE)) {
      return null;
    }
    String anchored = matters() ? anchor : "";
    return delta.isEmpty()
        ? new Delta("was " + baseline, tone, "", about(runs), anchored)
        : new Delta(words(), tone, baseline, about(runs), anchored);
  }

  /** The change and what it means, such as {@code +16 % worse}. */
  String words() {
    return (delta + " " + word).strip();
  }

  private String about(int runs) {
    String before = "baseline " + baseline + (unit.isEmpty() ? "" : " " + unit);
    String over = runs > 0 ? " over " + runs + (runs == 1 ? " run" : " runs") : "";
    return before
        + (range.isEmpty() ? "" : ", " + range + over)
        + ", noise "
        + (noise.equals(JsonNumbers.NONE) ? "not known" : noise);
  }

  private boolean loud() {
    return !outcome.isEmpty() && !outcome.equals(Outcome.PASS.name());
  }

  private static String tone(Outcome outcome, Trend trend) {
    if (outcome != null && outcome != Outcome.PASS) {
      return "tone-" + outcome.name();
    }
    return switch (trend) {
      case BETTER -> "better";
      case NOISE, ABSENT -> "quiet";
      case WORSE, MOVED, UNTOLD -> "moved";
    };
  }

  /** From 0 to 0 is no change, though it is no share of anything. */
  private static String delta(JsonNode node) {
    JsonNode figure = node.path("figure");
    boolean same = JsonNumbers.finite(figure) && figure.equals(node.path("baseline"));
    return same ? UNCHANGED : JsonNumbers.change(node.path("change_pct"));
  }

  private static Trend trend(JsonNode node, Outcome outcome) {
    if (outcome == Outcome.FAIL || outcome == Outcome.WARN) {
      return Trend.WORSE;
    }
    if (!JsonNumbers.finite(node.path("figure")) || !JsonNumbers.finite(node.path("baseline"))) {
      return Trend.ABSENT;
    }
    double step = node.path("figure").asDouble() - node.path("baseline").asDouble();
    JsonNode change = node.path("change_pct");
    JsonNode noise = node.path("noise_pct");
    // A baseline keeps fewer digits than a run: what no reader could see is no change.
    if (step == 0 || delta(node).equals(UNCHANGED)) {
      return Trend.NOISE;
    }
    if (!JsonNumbers.finite(change) || !JsonNumbers.finite(noise)) {
      return insideRuns(node) ? Trend.NOISE : Trend.UNTOLD;
    }
    if (Math.abs(change.asDouble()) <= noise.asDouble()) {
      return Trend.NOISE;
    }
    return switch (node.path("direction").asText("")) {
      case "lower" -> step > 0 ? Trend.WORSE : Trend.BETTER;
      case "higher" -> step < 0 ? Trend.WORSE : Trend.BETTER;
      default -> Trend.MOVED;
    };
  }

  private static boolean insideRuns(JsonNode node) {
    double figure = node.path("figure").asDouble();
    return JsonNumbers.finite(node.path("low"))
        && JsonNumbers.finite(node.path("high"))
        && node.path("low").asDouble() <= figure
        && figure <= node.path("high").asDouble();
  }
}
