package kpi;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** The middle of a few values. */
public final class Median {
  private Median() {}

  /** The median; of an even number of values the mean of the middle two; empty of none. */
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
