package kpi;

import java.util.Arrays;
import java.util.Optional;

/**
 * The slope of a straight line through points, with its interval at 95 % confidence. Up to 29 % of
 * the points may be arbitrarily wrong without bending the line.
 *
 * <p>The slope is the median of the slopes between all pairs of points (H. Theil, A rank-invariant
 * method of linear and polynomial regression analysis, Proc. Kon. Ned. Akad. v. Wetensch. 53, 1950,
 * 386-392). The interval is P. K. Sen's (Estimates of the regression coefficient based on Kendall's
 * tau, J. Am. Stat. Assoc. 63, 1968, 1379-1389): the pairwise slopes whose ranks are half the
 * number of pairs, less and plus half of 1.96 standard deviations of Kendall's S, with its
 * correction for ties. It requires that the errors of the points are independent of each other.
 *
 * @param slope y by x
 */
public record TheilSen(double slope, double low, double high) {
  /**
   * Fewer points have no 95 % interval: four values in a row that only rise or only fall are one
   * chance in twelve, five are one in sixty.
   */
  public static final int POINTS_MIN = 5;

  /**
   * Of more points this many are used, evenly spread: half a million pairs take 4 MB and a tenth of
   * a second.
   */
  static final int POINTS_MAX = 1_000;

  /** The normal deviate of 97.5 %. */
  private static final double Z = 1.959963984540054;

  /**
   * Fits a line through points.
   *
   * @param x strictly increasing
   * @param y one value for each x
   * @return empty with fewer than {@value #POINTS_MIN} points
   * @throws IllegalArgumentException if x does not increase or y has another length
   */
  public static Optional<TheilSen> of(double[] x, double[] y) {
    check(x, y);
    if (x.length < POINTS_MIN) {
      return Optional.empty();
    }
    double[] keptY = thinned(y);
    double[] slopes = slopes(thinned(x), keptY);
    int pairs = slopes.length;
    double halfWidth = Z * Math.sqrt(varianceOfS(keptY));
    int lowRank = (int) Math.rint((pairs - halfWidth) / 2);
    int highRank = (int) Math.rint((pairs + halfWidth) / 2) + 1;
    return Optional.of(
        new TheilSen(
            (slopes[(pairs - 1) / 2] + slopes[pairs / 2]) / 2,
            slopes[Math.max(lowRank, 1) - 1],
            slopes[Math.min(highRank, pairs) - 1]));
  }

  private static void check(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " x, but " + y.length + " y");
    }
    for (int i = 1; i < x.length; i++) {
      if (!(x[i] > x[i - 1])) {
        throw new IllegalArgumentException("x does not increase at " + x[i]);
      }
    }
  }

  /** The first, the last, and evenly between them. */
  private static double[] thinned(double[] all) {
    if (all.length <= POINTS_MAX) {
      return all;
    }
    double[] kept = new double[POINTS_MAX];
    double step = (all.length - 1.0) / (POINTS_MAX - 1);
    for (int i = 0; i < POINTS_MAX; i++) {
      kept[i] = all[(int) Math.rint(i * step)];
    }
    return kept;
  }

  /** Of every pair, sorted. */
  private static double[] slopes(double[] x, double[] y) {
    double[] slopes = new double[x.length * (x.length - 1) / 2];
    int pair = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = i + 1; j < x.length; j++) {
        slopes[pair++] = (y[j] - y[i]) / (x[j] - x[i]);
      }
    }
    Arrays.sort(slopes);
    return slopes;
  }

  /** The variance of Kendall's S if there is no trend; equal values lower it (Sen 1968, 2.6). */
  private static double varianceOfS(double[] y) {
    double[] sorted = y.clone();
    Arrays.sort(sorted);
    double sum = term(sorted.length);
    int equal = 1;
    for (int i = 1; i <= sorted.length; i++) {
      if (i < sorted.length && sorted[i] == sorted[i - 1]) {
        equal++;
      } else {
        sum -= term(equal);
        equal = 1;
      }
    }
    return sum / 18;
  }

  private static double term(double n) {
    return n * (n - 1) * (2 * n + 5);
  }
}
