package verdict;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import kpi.Kpi;
import kpi.Median;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * One figure over several runs.
 *
 * @param direction which way is better, as in the catalogue
 * @param centre the median
 * @param spread the standard deviation of a run, n - 1 in the denominator
 * @param values one for each run, in their order
 */
public record Spread(
    String unit, String direction, double centre, double spread, List<Double> values) {
  private static final MathContext DIGITS = new MathContext(5);

  /** One false alarm in a hundred, for one figure of an unchanged system. */
  private static final double CONFIDENCE = 0.99;

  static Spread of(Kpi kpi, List<Double> values) {
    List<Double> rounded = values.stream().map(Spread::rounded).toList();
    return new Spread(
        kpi.unit(), kpi.direction().word(), centreOf(rounded), spreadOf(rounded), rounded);
  }

  /**
   * Returns how far a further run of the same system may lie from the centre, to one side, in 99 of
   * 100 cases: the prediction interval of Student's t, {@code t(0.99, n-1) s sqrt(1 + 1/n)} (Hahn
   * and Meeker, Statistical Intervals, chapter 4). It is that of the mean; around the median it
   * holds 98.9 of 100 normal runs with ten runs behind it, and 99.0 with three.
   */
  double noise() {
    int runs = values.size();
    double t = TDistribution.of(runs - 1).inverseCumulativeProbability(CONFIDENCE);
    return t * spread * Math.sqrt(1 + 1.0 / runs);
  }

  /**
   * Returns how far the mean of other runs of the same system may lie from that of these, to either
   * side, in 99 of 100 cases: the interval of Welch's t (Welch, Biometrika 34, 1947). NaN if a side
   * has a single run.
   */
  double noise(Spread other) {
    double own = spread * spread / values.size();
    double others = other.spread * other.spread / other.values.size();
    if (values.size() < 2 || other.values.size() < 2) {
      return Double.NaN;
    }
    if (own + others == 0) {
      return 0;
    }
    double freedom =
        (own + others)
            * (own + others)
            / (own * own / (values.size() - 1) + others * others / (other.values.size() - 1));
    double t = TDistribution.of(freedom).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
    return t * Math.sqrt(own + others);
  }

  /** Returns an amount in per cent of the centre; empty if the centre is not above 0. */
  OptionalDouble percent(double amount) {
    double percent = 100 * amount / centre;
    return centre > 0 && Double.isFinite(percent)
        ? OptionalDouble.of(percent)
        : OptionalDouble.empty();
  }

  double low() {
    return stream(values).min().orElseThrow();
  }

  double high() {
    return stream(values).max().orElseThrow();
  }

  /** Returns the centre and the spread, such as {@code 100 ± 2 ms}. */
  String words() {
    return Numbers.plain(centre) + " ± " + Numbers.words(spread, unit);
  }

  /** Returns the contradictions in it, for files are edited by hand. */
  List<String> faults(int runs) {
    if (values.size() != runs) {
      return List.of("has not one value for each of the " + runs + " runs");
    }
    if (!values.stream().allMatch(Double::isFinite) || !Double.isFinite(spreadOf(values))) {
      return List.of("has a value that is no number, or too large");
    }
    List<String> faults = new ArrayList<>();
    if (centre != centreOf(values)) {
      faults.add("has centre " + centre + ", but the median of its values is " + centreOf(values));
    }
    if (spread != spreadOf(values)) {
      faults.add(
          "has spread "
              + spread
              + ", but the standard deviation of its values is "
              + spreadOf(values));
    }
    return faults;
  }

  private static double centreOf(List<Double> values) {
    return rounded(Median.of(stream(values)).orElseThrow());
  }

  private static double spreadOf(List<Double> values) {
    double mean = stream(values).average().orElseThrow();
    double squares = stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return rounded(Math.sqrt(squares / (values.size() - 1)));
  }

  private static DoubleStream stream(List<Double> values) {
    return values.stream().mapToDouble(value -> value);
  }

  /** Returns a value with the five significant digits of baselines. */
  static double rounded(double value) {
    return Double.isFinite(value) ? BigDecimal.valueOf(value).round(DIGITS).doubleValue() : value;
  }
}
