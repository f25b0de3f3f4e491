package kpi;

import java.util.Optional;

/**
 * A law {@code y = a n^k}, fitted to points by least squares on their logarithms: the slope of log
 * y over log n is k. Below 1 the growth is sub-linear.
 *
 * @param factor a
 * @param exponent k
 */
public record PowerLaw(double factor, double exponent) {
  /** Two points always lie on a line; a third can contradict. */
  public static final int LEAST_POINTS = 3;

  /**
   * Fits points.
   *
   * @param n above 0
   * @param y above 0, as many
   * @return empty for fewer than {@value #LEAST_POINTS} points, for one n only, or if a number is
   *     not above 0
   * @throws IllegalArgumentException if there are not as many of each
   */
  public static Optional<PowerLaw> fit(double[] n, double[] y) {
    if (n.length != y.length) {
      throw new IllegalArgumentException(n.length + " n and " + y.length + " y");
    }
    if (n.length < LEAST_POINTS) {
      return Optional.empty();
    }
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int i = 0; i < n.length; i++) {
      if (!(n[i] > 0 && y[i] > 0)) {
        return Optional.empty();
      }
      double logN = Math.log(n[i]);
      double logY = Math.log(y[i]);
      sumX += logN;
      sumY += logY;
      sumXx += logN * logN;
      sumXy += logN * logY;
    }
    double spread = n.length * sumXx - sumX * sumX;
    if (spread <= 1e-9) {
      return Optional.empty();
    }
    double exponent = (n.length * sumXy - sumX * sumY) / spread;
    return Optional.of(new PowerLaw(Math.exp((sumY - exponent * sumX) / n.length), exponent));
  }
}
