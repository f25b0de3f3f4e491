package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpreadTest {
  @Test
  void is_the_median_and_the_standard_deviation_of_a_run() {
    Spread spread = spread(12, 10, 11);

    assertThat(spread).isEqualTo(new Spread("ms", "lower", 11, 1, List.of(12.0, 10.0, 11.0)));
    assertThat(spread.low()).isEqualTo(10);
    assertThat(spread.high()).isEqualTo(12);
  }

  @Test
  void the_centre_of_an_even_number_of_runs_lies_between_the_middle_two() {
    assertThat(spread(10, 20, 40, 80).centre()).isEqualTo(30);
  }

  @Test
  void one_run_that_went_wrong_moves_the_spread_but_not_the_centre() {
    Spread spread = spread(10, 11, 100);

    assertThat(spread.centre()).isEqualTo(11);
    assertThat(spread.spread()).isCloseTo(51.68, within(0.01));
  }

  @Test
  void keeps_five_significant_digits() {
    Spread spread = spread(0.00123456789, 1234.56789, -98765432.1);

    assertThat(spread.values()).containsExactly(0.0012346, 1234.6, -98765000.0);
    assertThat(spread.centre()).isEqualTo(0.0012346);
  }

  /**
   * Upper 99 % points of Student's t, NIST/SEMATECH e-Handbook of Statistical Methods 1.3.6.7.2.
   */
  @ParameterizedTest
  @CsvSource({
    "3, 6.965",
    "4, 4.541",
    "5, 3.747",
    "6, 3.365",
    "7, 3.143",
    "10, 2.821",
    "20, 2.539",
    "30, 2.462",
    "50, 2.405",
  })
  void the_noise_is_the_prediction_interval_of_students_t(int runs, double t) {
    double[] values = new double[runs];
    for (int run = 0; run < runs; run++) {
      values[run] = 100 + run;
    }
    Spread spread = spread(values);

    assertThat(spread.noise())
        .isCloseTo(t * spread.spread() * Math.sqrt(1 + 1.0 / runs), within(3e-4 * spread.noise()));
  }

  /** Of two degrees of freedom the quantile is (2p - 1) / sqrt(2p (1 - p)). */
  @Test
  void the_noise_of_three_runs_is_that_of_the_closed_form() {
    double t = 0.98 / Math.sqrt(2 * 0.99 * 0.01);

    assertThat(spread(10, 11, 12).noise()).isCloseTo(t * Math.sqrt(4.0 / 3), within(1e-9));
  }

  /** Calculated with scipy.stats.t.ppf(0.99, n - 1) and numpy.std(ddof=1), to five digits. */
  @Test
  void the_noise_is_that_of_scipy() {
    assertThat(spread(10, 11, 12).noise()).isCloseTo(8.04198, within(1e-5));
    assertThat(spread(10, 12, 14, 16).noise()).isCloseTo(13.10794, within(1e-5));
    assertThat(spread(10, 12, 14, 16, 18).noise()).isCloseTo(12.97990, within(1e-5));
    assertThat(spread(100, 103, 97, 101, 99, 104, 96, 102, 98, 100).noise())
        .isCloseTo(7.64052, within(1e-5));
  }

  @Test
  void equal_runs_have_no_noise() {
    assertThat(spread(61.3745, 61.3745, 61.3745).noise()).isZero();
    assertThat(spread(0, 0, 0).noise()).isZero();
  }

  @Test
  void an_amount_is_a_share_of_the_centre() {
    assertThat(spread(40, 50, 60).percent(10)).hasValue(20);
    assertThat(spread(40, 50, 60).percent(-10)).hasValue(-20);
    assertThat(spread(40, 50, 60).percent(0)).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -5, Double.MIN_VALUE})
  void an_amount_is_no_share_of_a_centre_of_0_or_less(double centre) {
    assertThat(spread(centre, centre, centre).percent(1)).isEmpty();
  }

  @Test
  void a_spread_of_values_has_no_contradiction() {
    assertThat(spread(12, 10, 11).faults(3)).isEmpty();
    assertThat(spread(0.1, 0.2, 0.30000000000000004, 1e-9, 123456789).faults(5)).isEmpty();
  }

  @Test
  void contradictions_are_named() {
    List<Double> values = List.of(10.0, 11.0, 12.0);

    assertThat(new Spread("ms", "lower", 10.9, 1, values).faults(3))
        .containsExactly("has centre 10.9, but the median of its values is 11.0");
    assertThat(new Spread("ms", "lower", 11, 0.5, values).faults(3))
        .containsExactly("has spread 0.5, but the standard deviation of its values is 1.0");
    assertThat(new Spread("ms", "lower", 11, 1, List.of(10.0, 11.0, 19.0)).faults(3))
        .containsExactly("has spread 1.0, but the standard deviation of its values is 4.9329");
    assertThat(new Spread("ms", "lower", 0, 0, values).faults(3)).hasSize(2);
    assertThat(new Spread("ms", "lower", 11, 1, values).faults(4))
        .containsExactly("has not one value for each of the 4 runs");
    assertThat(new Spread("ms", "lower", 11, 1, List.of()).faults(3))
        .containsExactly("has not one value for each of the 3 runs");
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.7e308, -1e200})
  void a_value_that_is_not_a_number_or_too_large_is_a_contradiction(double value) {
    Spread edited = new Spread("ms", "lower", 11, Double.NaN, List.of(10.0, 11.0, value));

    assertThat(edited.faults(3)).containsExactly("has a value that is no number, or too large");
  }

  private static Spread spread(double... values) {
    return Spread.of(Kpi.TTFT, Arrays.stream(values).boxed().toList());
  }
}
