package simulations.mixed;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws one of many by popularity: the k-th is drawn in proportion to {@code 1 / k^s} (Zipf's law).
 * With s = 0 all are alike; around 1 is what requests for pages show. Thread-safe; the random
 * numbers are the caller's.
 */
final class Zipf {
  private final double[] upTo;

  Zipf(int count, double exponent) {
    upTo = new double[count];
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += Math.pow(k + 1, -exponent);
      upTo[k] = sum;
    }
    for (int k = 0; k < count; k++) {
      upTo[k] /= sum;
    }
  }

  /** One of them, from 0. */
  int draw(SplittableRandom random) {
    int found = Arrays.binarySearch(upTo, random.nextDouble());
    return Math.min(found < 0 ? -found - 1 : found + 1, upTo.length - 1);
  }

  /** How often one is drawn, from 0 to 1. */
  double share(int index) {
    return index == 0 ? upTo[0] : upTo[index] - upTo[index - 1];
  }
}
