package kpi;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** The median of a few values. */
public final class Median {
  private Median() {}

  /** Returns the median; the mean of the middle two if their number is even; empty without any. */
  public static OptionalDouble of(DoubleStream values) {
    List<Double> sorted = values.sorted().boxed().toList();
    if (sorted.isEmpty()) {
      return OptionalDouble.empty();
    }
    int middle = sorted.size() / 2;
    return OptionalDouble.of(
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
  }
}
