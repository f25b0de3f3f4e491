package report;

import verdict.Change;
import verdict.Check;

/**
 * A {@link Change} in words.
 *
 * @param anchor unique within the page
 * @param baseline centre of the baseline's runs, without its unit
 * @param range least and largest of the baseline's runs
 * @param figure of this run, without its unit
 * @param delta change in per cent, with its sign; empty if it cannot be computed
 * @param noise how much change the baseline's own spread can explain
 * @param outcome of the rule about this figure; empty if there is none
 * @param tone class of style: {@code tone-FAIL}, {@code better}, {@code moved} or {@code quiet};
 *     never the only sign, for the word and the outcome stand beside it
 * @param beyond by how many points of per cent the change exceeds the noise; negative within it
 */
record ChangeRow(
    String anchor,
    String name,
    String unit,
    String better,
    String baseline,
    String range,
    String figure,
    String delta,
    String noise,
    Change.Trend trend,
    String word,
    String outcome,
    String tone,
    double beyond) {

  /**
   * A change in a few words, beside the figure itself.
   *
   * @param was the baseline, if the words do not name it; else empty
   * @param about everything known of the change
   * @param anchor of the row with the details; empty if that row is folded away
   */
  record Delta(String words, String tone, String was, String about, String anchor) {}

  static ChangeRow of(Change change, int position) {
    String unit = change.unit() == null ? "" : change.unit();
    Change.Trend trend = change.trend();
    String delta = change.looksUnchanged() ? Shown.change(0.0) : Shown.change(change.changePct());
    double size = Shown.finite(change.changePct()) ? Math.abs(change.changePct()) : 0;
    boolean noiseKnown = Shown.finite(change.noisePct());
    return new ChangeRow(
        "change-" + position,
        change.name(),
        unit,
        Shown.better(change.direction()),
        Shown.plain(change.baseline(), unit),
        Shown.interval(change.low(), change.high(), unit),
        Shown.plain(change.figure(), unit),
        delta,
        noiseKnown ? Shown.share(change.noisePct()) : Shown.NONE,
        trend,
        trend == Change.Trend.NOISE && delta.isEmpty() ? "within its runs" : trend.word(),
        change.outcome() == null ? "" : change.outcome().name(),
        tone(change),
        noiseKnown ? size - change.noisePct() : size);
  }

  /** Returns true if a rule is about it, or it moved more than the noise. */
  boolean matters() {
    return !outcome.isEmpty() || notable();
  }

  /** Returns true if it moved more than the noise, or its rule did not pass. */
  boolean notable() {
    boolean passed = outcome.isEmpty() || outcome.equals(Check.Outcome.PASS.name());
    return !passed || (trend != Change.Trend.NOISE && trend != Change.Trend.ABSENT);
  }

  /** Returns the change for the place of the figure; null without a baseline. */
  Delta delta(int runs) {
    if (baseline.equals(Shown.NONE)) {
      return null;
    }
    String anchored = matters() ? anchor : "";
    return delta.isEmpty()
        ? new Delta("was " + baseline, tone, "", about(runs), anchored)
        : new Delta(words(), tone, baseline, about(runs), anchored);
  }

  /** Returns the change and its meaning, such as {@code +16 % worse}. */
  String words() {
    return (delta + " " + word).strip();
  }

  private String about(int runs) {
    return "baseline "
        + baseline
        + (unit.isEmpty() ? "" : " " + unit)
        + (range.isEmpty() ? "" : ", " + range + (runs > 0 ? " over " + Shown.runs(runs) : ""))
        + ", noise "
        + (noise.equals(Shown.NONE) ? "not known" : noise);
  }

  private static String tone(Change change) {
    if (change.outcome() != null && change.outcome() != Check.Outcome.PASS) {
      return "tone-" + change.outcome();
    }
    return switch (change.trend()) {
      case BETTER -> "better";
      case NOISE, ABSENT -> "quiet";
      case WORSE, MOVED, OUTSIDE -> "moved";
    };
  }
}
