package kpi;

/** What a value was recorded in; nothing of the warm-up enters a KPI. */
public enum Phase {
  /** The same users, cut from every figure. */
  WARM_UP("warm-up"),
  /** What is reported and judged. */
  MEASURE("measure");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /** The name in files. */
  public String word() {
    return word;
  }
}
