package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How fast something grows. */
class PowerLawTest {
  private static final double[] VIEWERS = {100, 1_000, 10_000};

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, 0, 0.3, 1, 2})
  void points_of_a_law_give_its_exponent_and_factor(double exponent) {
    double[] lags = new double[VIEWERS.length];
    for (int i = 0; i < lags.length; i++) {
      lags[i] = 2.5 * Math.pow(VIEWERS[i], exponent);
    }
    PowerLaw law = PowerLaw.fit(VIEWERS, lags).orElseThrow();
    assertThat(law.exponent()).isCloseTo(exponent, within(1e-9));
    assertThat(law.factor()).isCloseTo(2.5, within(1e-6));
  }

  @Test
  void noise_of_a_fifth_moves_the_exponent_by_little() {
    SplittableRandom random = new SplittableRandom(7);
    double[] n = new double[12];
    double[] lags = new double[12];
    for (int i = 0; i < n.length; i++) {
      n[i] = 100 * Math.pow(1.5, i);
      lags[i] = 0.4 * Math.pow(n[i], 0.8) * (0.8 + 0.4 * random.nextDouble());
    }
    assertThat(PowerLaw.fit(n, lags).orElseThrow().exponent()).isCloseTo(0.8, within(0.05));
  }

  @Test
  void the_fit_is_the_one_by_hand() {
    // On logarithms to base 2: (1, 1), (2, 1), (3, 3); slope 2/2 = 1, intercept 5/3 - 2 = -1/3.
    PowerLaw law = PowerLaw.fit(new double[] {2, 4, 8}, new double[] {2, 2, 8}).orElseThrow();
    assertThat(law.exponent()).isCloseTo(1, within(1e-9));
    assertThat(law.factor()).isCloseTo(Math.pow(2, -1.0 / 3), within(1e-9));
  }

  @Test
  void two_points_equal_points_and_nothing_above_zero_are_no_evidence() {
    assertThat(PowerLaw.fit(new double[] {1, 2}, new double[] {1, 2})).isEmpty();
    assertThat(PowerLaw.fit(new double[] {5, 5, 5}, new double[] {1, 2, 3})).isEmpty();
    assertThat(PowerLaw.fit(VIEWERS, new double[] {1, 0, 3})).isEmpty();
    assertThat(PowerLaw.fit(VIEWERS, new double[] {1, Double.NaN, 3})).isEmpty();
  }

  @Test
  void every_n_has_its_y() {
    assertThatIllegalArgumentException().isThrownBy(() -> PowerLaw.fit(VIEWERS, new double[2]));
  }
}
