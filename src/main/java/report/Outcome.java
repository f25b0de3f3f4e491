package report;

/** How a check or a whole run ended, in the words of verdict.json. */
enum Outcome {
  PASS,
  WARN,
  FAIL,
  INCONCLUSIVE,
  INVALID;

  /** Reads an outcome; a word that is not known proves nothing and so is INCONCLUSIVE. */
  static Outcome of(String word) {
    for (Outcome outcome : values()) {
      if (outcome.name().equals(word)) {
        return outcome;
      }
    }
    return INCONCLUSIVE;
  }
}
