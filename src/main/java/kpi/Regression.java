package kpi;

/**
 * How much worse than its baseline a KPI may be, unless the run has a rule of its own on the
 * figure. Rules have the form of {@code verdict.Rule}, without the figure.
 *
 * @param rule of a single figure, or of a median; empty if the KPI is not compared
 * @param tailRule of a high percentile
 * @param whyNot the reason why the KPI is not compared, in a phrase; else empty
 */
public record Regression(String rule, String tailRule, String whyNot) {
  private static final String SHARES = "warn threshold fail 2.5 threshold";

  static final Regression SHARE = rule(SHARES);

  /** Of a percentage near 100: with the usual threshold, 2 % worse warns and 5 % fails. */
  static final Regression OF_ALL = rule("warn 0.1 threshold fail 0.25 threshold");

  /** A user feels neither 1 ms in most cases nor 10 ms in few. */
  static final Regression LATENCY =
      new Regression(SHARES + " at least 1 ms", SHARES + " at least 10 ms", "");

  /** Of a single largest value, which is chance to a large part: it never fails. */
  static final Regression WORST = rule("warn 2.5 threshold at least 20 ms");

  static final Regression HOP = notCompared("a part of delivery_lag");
  static final Regression LEAK = notCompared("any growth is a leak: its threshold is absolute");
  static final Regression LOAD = notCompared("the load, not the target");
  static final Regression GENERATOR = notCompared("the generator's own; validity judges it");
  static final Regression BY_FAULT = notCompared("a fault decides it");
  static final Regression OTHERS = notCompared("of programs outside the run; validity judges it");
  static final Regression MEASUREMENT = notCompared("of the measurement; validity judges it");

  static Regression rule(String rule) {
    return new Regression(rule, rule, "");
  }

  static Regression atLeast(String amount) {
    return rule(SHARES + " at least " + amount);
  }

  static Regression notCompared(String why) {
    return new Regression("", "", why);
  }

  /** Returns the rule of a statistic, or of a single figure, which has none; empty for no rule. */
  public String of(String stat) {
    return stat.isEmpty() || stat.equals("p50") ? rule : tailRule;
  }
}
