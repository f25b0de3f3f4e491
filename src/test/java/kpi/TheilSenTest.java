package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import kpi.TheilSen.Point;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines through points. */
class TheilSenTest {
  private static final Offset<Double> EXACTLY = within(1e-12);

  /**
   * By hand: the 15 slopes in order are -2, -1/2, 1/2, 2/3, 2/3, 3/4, 3/4, 4/5, 1, 1, 1, 1, 5/3, 2,
   * 3; var(S) = 6 * 5 * 17 / 18 = 28.3, so that the ranks are (15 -+ 10.43) / 2, rounded: the 2nd
   * and, one after the 13th, the 14th.
   */
  @Test
  void six_points_computed_by_hand() {
    assertLine(of(5, 6, 4, 7, 8, 9), 0.8, -0.5, 2);
  }

  @Test
  void five_points_have_every_slope_in_their_interval_and_a_line_has_no_doubt() {
    assertLine(of(0, 1, 2, 3, 10), 1, 1, 7);
    assertLine(of(7, 7, 7, 7, 7, 7), 0, 0, 0);
    assertLine(line(10, x -> 3 - 0.25 * x), -0.25, -0.25, -0.25);
    // A week of seconds, which is thinned.
    assertLine(line(600_000, x -> 1e-3 * x), 1e-3, 1e-3, 1e-3);
  }

  /** The expected values are those of scipy.stats.theilslopes 1.17.1: y = 3 + 0.35 x + noise. */
  @Test
  void an_uneven_row_with_three_wild_values_is_what_scipy_says() {
    double[] x = {
      1.13, 2.52, 3.8, 4.52, 5.32, 6.7, 7.2, 8.52, 9.82, 10.79, 11.59, 12.37, 13.12, 14.07, 15.07,
      16.13, 17.62, 18.92, 20.04, 21.53, 22.24, 22.9, 24.02, 24.56
    };
    double[] y = {
      3.55, 3.7, 1.81, 4.04, 29.81, 5.46, 3.99, 5.5, 5.46, -24.03, 8.12, 6.52, 7.56, 8.81, 7.69,
      8.53, 9.28, 49.69, 8.79, 10.61, 12.14, 9.47, 12.27, 11.72
    };
    assertLine(
        TheilSen.of(List.of(row(x, y))).orElseThrow(),
        0.38571428571428557,
        0.3060567010309278,
        0.4740177439797212);
  }

  /** As above, by scipy. */
  @Test
  void equal_values_narrow_the_interval_as_scipy_says() {
    assertLine(
        of(7, 7, 7, 8, 7, 7, 8, 8, 7, 8, 8, 8, 9, 8, 8, 9, 9, 8, 9, 9),
        0.1,
        0,
        0.14285714285714285);
  }

  @Test
  void ninety_five_intervals_in_a_hundred_hold_the_true_slope() {
    int trials = 2_000;
    SplittableRandom chance = new SplittableRandom(42);
    long held =
        IntStream.range(0, trials)
            .mapToObj(trial -> line(12, x -> 0.3 * x + chance.nextGaussian()))
            .filter(line -> line.low() <= 0.3 && 0.3 <= line.high())
            .count();
    // Three standard deviations of a count of 2,000 are 1.5 %.
    assertThat(100.0 * held / trials).isCloseTo(95, within(2.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void fewer_than_five_points_are_no_evidence(int points) {
    assertThat(TheilSen.of(List.of(row(new double[points])))).isEmpty();
    assertThat(TheilSen.of(List.of())).isEmpty();
  }

  @Test
  void what_happens_between_two_rows_does_not_count() {
    List<List<Point>> steps =
        List.of(row(100, 100, 100, 100), row(300, 301, 302, 303), row(7, 8, 9, 10));
    TheilSen slope = TheilSen.of(steps).orElseThrow();
    assertThat(slope.slope()).isEqualTo(1);
    assertThat(slope.low()).isZero();
    assertThat(slope.high()).isEqualTo(1);
    // Two rows of three have 36 orders, which is too few; three of them have 216.
    List<List<Point>> three = List.of(row(1, 2, 3), row(1, 2, 3), row(1, 2, 3));
    assertThat(TheilSen.of(three.subList(0, 2))).isEmpty();
    assertThat(TheilSen.of(three)).isPresent();
  }

  @Test
  void what_is_no_row_of_points_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TheilSen.of(List.of(row(new double[] {0, 1, 2, 2, 3}, new double[5]))))
        .withMessage("x does not increase at 2.0");
  }

  private static TheilSen of(double... y) {
    return TheilSen.of(List.of(row(y))).orElseThrow();
  }

  private static List<Point> row(double... y) {
    return row(IntStream.range(0, y.length).asDoubleStream().toArray(), y);
  }

  private static List<Point> row(double[] x, double[] y) {
    return IntStream.range(0, x.length).mapToObj(at -> new Point(x[at], y[at])).toList();
  }

  private static TheilSen line(int points, DoubleUnaryOperator y) {
    return of(IntStream.range(0, points).mapToDouble(x -> x).map(y).toArray());
  }

  private static void assertLine(TheilSen line, double slope, double low, double high) {
    assertThat(line.slope()).isCloseTo(slope, EXACTLY);
    assertThat(line.low()).isCloseTo(low, EXACTLY);
    assertThat(line.high()).isCloseTo(high, EXACTLY);
  }
}
