package kpi;

import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** The median of a few values. */
public final class Median {
  private Median() {}

  /** Returns the median; the mean of the middle two if their number is even; empty without any. */
  public static OptionalDouble of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
  }
}
