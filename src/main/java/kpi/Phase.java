package kpi;

/** The phase in which a value was recorded; nothing of the warm-up enters a KPI. */
public enum Phase {
  /** The same users, cut from every figure. */
  WARM_UP("warm-up"),
  /** Reported and judged. */
  MEASURE("measure");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /** Returns the name in files. */
  public String word() {
    return word;
  }
}
