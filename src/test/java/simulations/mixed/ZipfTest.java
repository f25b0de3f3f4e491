package simulations.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which item a user is drawn to. */
class ZipfTest {
  private static final int DRAWS = 200_000;

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 0", "20, 1", "50, 0.8", "10, 2"})
  void each_is_drawn_as_often_as_the_law_says(int count, double exponent) {
    Zipf zipf = new Zipf(count, exponent);
    SplittableRandom random = new SplittableRandom(42);
    int[] drawn = new int[count];
    for (int i = 0; i < DRAWS; i++) {
      drawn[zipf.draw(random)]++;
    }
    double sum = 0;
    for (int k = 0; k < count; k++) {
      assertThat((double) drawn[k] / DRAWS).isCloseTo(zipf.share(k), within(0.005));
      assertThat(zipf.share(k)).isCloseTo(zipf.share(0) / Math.pow(k + 1, exponent), within(1e-9));
      sum += zipf.share(k);
    }
    assertThat(sum).isCloseTo(1, within(1e-9));
  }
}
