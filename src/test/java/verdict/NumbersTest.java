package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in words, and the spread of runs. */
class NumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | ms | 0 ms",
        "0.0123 | ms | 0.012 ms",
        "3.14159 | ms | 3.14 ms",
        "61.349 | ms | 61.3 ms",
        "412.7 | ms | 413 ms",
        "10003.7 | '' | 10,004",
        "412500 | MB | 412,500 MB",
        "-2.5 | MB/s | -2.50 MB/s",
        "-0.04 | MB/s | -0.040 MB/s",
        "-0.0004 | MB/s | 0.000 MB/s", // What rounds to nothing has no sign.
        "100 | % | 100 %",
        "99.9 | % | 99.90 %",
        "99.96 | % | 99.96 %",
        "99.995 | % | 99.995 %",
        "99.99999 | % | 99.999 %", // Never all, and never nothing.
        "0.0001 | % | < 0.001 %",
        "0 | % | 0 %",
        "96.84 | % | 96.8 %",
      })
  void a_number_reads_as_exactly_as_it_is_known(double value, String unit, String words) {
    assertThat(Numbers.words(value, unit)).isEqualTo(words);
  }

  @Test
  void a_sentence_has_values_as_readers_write_them() {
    List<Object> values =
        List.of(
            1_000,
            List.of(1, 20_000L),
            0.25,
            Duration.ofMillis(20),
            Duration.ofSeconds(90),
            Check.Kind.VALIDITY,
            "x");
    assertThat(Numbers.sentence("%s; %s; %s; %s; %s; %s; %s", values.toArray()))
        .isEqualTo("1,000; 1, then 20,000; 0.250; 20 ms; 90 s; validity; x");
  }

  @Test
  void is_the_median_and_the_standard_deviation_of_a_run() {
    assertThat(spread(12, 10, 11))
        .isEqualTo(new Spread("ms", "lower", 11, 1, List.of(12.0, 10.0, 11.0)));
    assertThat(spread(10, 20, 40, 80).centre()).isEqualTo(30);
    assertThat(spread(10, 11, 100).centre()).as("one run went wrong").isEqualTo(11);
    assertThat(spread(10, 11, 100).spread()).isCloseTo(51.68, within(0.01));
  }

  @Test
  void keeps_five_significant_digits() {
    Spread spread = spread(0.00123456789, 1234.56789, -98765432.1);
    assertThat(spread.values()).containsExactly(0.0012346, 1234.6, -98765000.0);
    assertThat(spread.centre()).isEqualTo(0.0012346);
    assertThat(spread(0.1, 0.2, 0.30000000000000004, 1e-9, 123456789).faults(5)).isEmpty();
  }

  /**
   * Upper 99 % points of Student's t, NIST/SEMATECH e-Handbook of Statistical Methods 1.3.6.7.2.
   */
  @ParameterizedTest
  @CsvSource({"3, 6.965", "4, 4.541", "5, 3.747", "10, 2.821", "30, 2.462", "50, 2.405"})
  void the_noise_is_the_prediction_interval_of_students_t(int runs, double t) {
    Spread spread = spread(IntStream.range(100, 100 + runs).asDoubleStream().toArray());
    assertThat(spread.noise())
        .isCloseTo(t * spread.spread() * Math.sqrt(1 + 1.0 / runs), within(3e-4 * spread.noise()));
    assertThat(spread(61.3745, 61.3745, 61.3745).noise()).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -5, Double.MIN_VALUE})
  void an_amount_is_a_share_of_a_centre_above_0_only(double centre) {
    assertThat(spread(40, 50, 60).percent(-10)).hasValue(-20);
    assertThat(spread(centre, centre, centre).percent(1)).isEmpty();
  }

  private static Spread spread(double... values) {
    return Spread.of(Kpi.TTFT, Arrays.stream(values).boxed().toList());
  }
}
