package report;

/** Where a figure went since the baseline, once the noise of the baseline's own runs is allowed. */
enum Trend {
  /** Beyond the noise, to the bad side; or further than a rule allows. */
  WORSE("worse"),
  /** Beyond the noise, to the good side. */
  BETTER("better"),
  /** Beyond the noise, and neither side is the good one. */
  MOVED("moved"),
  /** The noise is not known, and none of the baseline's runs was like this one. */
  UNTOLD("outside its runs"),
  /** This run or the baseline has no such figure. */
  ABSENT("not compared"),
  /** What the baseline's own spread can explain. */
  NOISE("");

  private final String word;

  Trend(String word) {
    this.word = word;
  }

  /** How it is shown beside a figure; empty for what deserves no word. */
  String word() {
    return word;
  }
}
