package kpi;

import java.util.Optional;
import java.util.stream.DoubleStream;

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
    double[] x = DoubleStream.of(n).map(Math::log).toArray();
    double[] z = DoubleStream.of(y).map(Math::log).toArray();
    double meanX = DoubleStream.of(x).average().orElse(0);
    double meanZ = DoubleStream.of(z).average().orElse(0);
    double spread = 0;
    double common = 0;
    for (int i = 0; i < n.length; i++) {
      spread += (x[i] - meanX) * (x[i] - meanX);
      common += (x[i] - meanX) * (z[i] - meanZ);
    }
    // A logarithm of what is not above 0 makes these no numbers.
    if (n.length < LEAST_POINTS || !(spread > 1e-9) || !Double.isFinite(common / spread)) {
      return Optional.empty();
    }
    double exponent = common / spread;
    return Optional.of(new PowerLaw(Math.exp(meanZ - exponent * meanX), exponent));
  }
}
