package kpi;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

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
 * <p>Points may come in rows apart from each other, between which anything may happen: only pairs
 * within a row count, and the variances of S add up (R. M. Hirsch, J. R. Slack and R. A. Smith,
 * Techniques of trend analysis for monthly water quality data, Water Resour. Res. 18, 1982,
 * 107-121).
 *
 * @param slope y by x
 */
public record TheilSen(double slope, double low, double high) {
  /**
   * With fewer orders of the points there is no 95 % interval: four in a row that only rise or only
   * fall are one chance in twelve, five are one in sixty.
   */
  private static final double ORDERS_MIN = 40;

  /**
   * Of more points in a row this many are used, evenly spread: half a million pairs take 4 MB and a
   * tenth of a second.
   */
  static final int POINTS_MAX = 1_000;

  /** The normal deviate of 97.5 %. */
  private static final double Z = 1.959963984540054;

  public record Point(double x, double y) {}

  /**
   * Fits a slope to rows of points.
   *
   * @param rows in each of which x strictly increases
   * @return empty if the points have fewer than 40 orders, as four in a row
   * @throws IllegalArgumentException if x does not increase
   */
  public static Optional<TheilSen> of(List<List<Point>> rows) {
    rows.forEach(TheilSen::requireIncreasing);
    if (rows.stream().mapToDouble(TheilSen::orders).reduce(1, (a, b) -> a * b) < ORDERS_MIN) {
      return Optional.empty();
    }
    List<List<Point>> kept = rows.stream().map(TheilSen::thinned).toList();
    double[] slopes = kept.stream().flatMapToDouble(TheilSen::slopes).sorted().toArray();
    int pairs = slopes.length;
    double halfWidth = Z * Math.sqrt(kept.stream().mapToDouble(TheilSen::varianceOfS).sum());
    int lowRank = (int) Math.rint((pairs - halfWidth) / 2);
    int highRank = (int) Math.rint((pairs + halfWidth) / 2) + 1;
    return Optional.of(
        new TheilSen(
            (slopes[(pairs - 1) / 2] + slopes[pairs / 2]) / 2,
            slopes[Math.max(lowRank, 1) - 1],
            slopes[Math.min(highRank, pairs) - 1]));
  }

  private static void requireIncreasing(List<Point> row) {
    for (int i = 1; i < row.size(); i++) {
      if (!(row.get(i).x > row.get(i - 1).x)) {
        throw new IllegalArgumentException("x does not increase at " + row.get(i).x);
      }
    }
  }

  private static double orders(List<Point> row) {
    return IntStream.rangeClosed(1, row.size()).asDoubleStream().reduce(1, (a, b) -> a * b);
  }

  /** The first, the last, and evenly between them. */
  private static List<Point> thinned(List<Point> all) {
    double step = (all.size() - 1.0) / (POINTS_MAX - 1);
    return all.size() <= POINTS_MAX
        ? all
        : IntStream.range(0, POINTS_MAX).mapToObj(i -> all.get((int) Math.rint(i * step))).toList();
  }

  /** Of every pair. */
  private static DoubleStream slopes(List<Point> row) {
    return IntStream.range(1, row.size())
        .boxed()
        .flatMapToDouble(
            j ->
                row.subList(0, j).stream()
                    .mapToDouble(from -> (row.get(j).y - from.y) / (row.get(j).x - from.x)));
  }

  /** The variance of Kendall's S if there is no trend; equal values lower it (Sen 1968, 2.6). */
  private static double varianceOfS(List<Point> row) {
    double[] sorted = row.stream().mapToDouble(Point::y).sorted().toArray();
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
