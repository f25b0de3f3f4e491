package verdict;

import java.util.Locale;
import java.util.OptionalDouble;
import kpi.Direction;
import kpi.KpiReport;
import verdict.Check.Outcome;

/**
 * One figure of a run beside its baseline.
 *
 * @param name of the figure, such as {@code ttft.p99}
 * @param baseline the centre of the baseline's runs
 * @param low the least of them
 * @param high the largest of them
 * @param figure this run's; null if it was not measured or stands on too few samples
 * @param changePct from the baseline to this run; null if there is no figure or the baseline is not
 *     above 0
 * @param noisePct how much change the baseline's own spread can explain; null if the baseline is
 *     not above 0
 * @param outcome of the rule about it; null if there is none
 */
public record Change(
    String name,
    String unit,
    String direction,
    double baseline,
    double low,
    double high,
    Double figure,
    Double changePct,
    Double noisePct,
    Outcome outcome) {
  /** Smaller changes round to 0.00 %: a baseline keeps fewer digits than a run. */
  private static final double VISIBLE_PCT = 0.005;

  /** The meaning of a change beside the noise of the baseline's own runs. */
  public enum Trend {
    /** Beyond the noise, to the bad side; or further than a rule allows. */
    WORSE("worse"),
    /** Beyond the noise, to the good side. */
    BETTER("better"),
    /** Beyond the noise, and neither side is the good one. */
    MOVED("moved"),
    /** The noise is unknown, and the figure is outside the baseline's runs. */
    OUTSIDE("outside its runs"),
    /** The run has no such figure. */
    ABSENT("not compared"),
    /** The baseline's own spread can explain it. */
    NOISE("");

    private final String word;

    Trend(String word) {
      this.word = word;
    }

    /** Returns the word beside a figure; empty for noise. */
    public String word() {
      return word;
    }
  }

  public Change {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a change has no name");
    }
  }

  static Change of(String name, Spread spread, KpiReport report, Check check) {
    OptionalDouble figure = FigureName.parse(name, name).value(report);
    return of(name, spread, figure, spread.noise(), check == null ? null : check.outcome());
  }

  /** Returns the change from one group of runs to another, without a rule. */
  static Change between(String name, Spread one, Spread other) {
    return of(name, one, OptionalDouble.of(other.centre()), one.noise(other), null);
  }

  private static Change of(
      String name, Spread from, OptionalDouble figure, double noise, Outcome outcome) {
    OptionalDouble changed =
        figure.isEmpty() ? figure : from.percent(figure.getAsDouble() - from.centre());
    return new Change(
        name,
        from.unit(),
        from.direction(),
        from.centre(),
        from.low(),
        from.high(),
        boxed(figure),
        boxed(changed),
        boxed(from.percent(noise)),
        outcome);
  }

  private static Double boxed(OptionalDouble value) {
    return value.isEmpty() ? null : Double.valueOf(Spread.rounded(value.getAsDouble()));
  }

  public Trend trend() {
    if (outcome == Outcome.FAIL || outcome == Outcome.WARN) {
      return Trend.WORSE;
    }
    if (figure == null) {
      return Trend.ABSENT;
    }
    if (!looksUnchanged() && (changePct == null || noisePct == null)) {
      return low <= figure && figure <= high ? Trend.NOISE : Trend.OUTSIDE;
    }
    if (looksUnchanged() || Math.abs(changePct) <= noisePct) {
      return Trend.NOISE;
    }
    if (Direction.NEUTRAL.word().equals(direction)) {
      return Trend.MOVED;
    }
    boolean lowerIsBetter = Direction.LOWER.word().equals(direction);
    return figure < baseline == lowerIsBetter ? Trend.BETTER : Trend.WORSE;
  }

  /** Returns true if a reader could not see the difference. */
  public boolean looksUnchanged() {
    return figure != null
        && (figure == baseline || (changePct != null && Math.abs(changePct) < VISIBLE_PCT));
  }

  /** Returns true if it moved more than the noise, or its rule did not pass. */
  public boolean hasMoved() {
    return !isGood() || (trend() != Trend.NOISE && trend() != Trend.ABSENT);
  }

  boolean isGood() {
    return outcome == null || outcome == Outcome.PASS;
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%s%-28s %s -> %s%s  (%s%s)",
        outcome == null ? "" : String.format(Locale.ROOT, "%-12s ", outcome),
        name,
        Numbers.plain(baseline),
        figure == null ? "none" : Numbers.words(figure, unit),
        changePct == null ? "" : "  " + Numbers.change(changePct),
        figure == null ? "too few samples, or not measured" : trend().word(),
        noisePct == null ? "" : ", noise " + Numbers.plain(noisePct) + " %");
  }
}
