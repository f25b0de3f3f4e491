package report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "0.12345 | 0.123",
        "3.14159 | 3.14",
        "61.349 | 61.3",
        "884.2 | 884",
        "10003.7 | 10,004",
        "412500 | 412,500",
        "-2.5 | -2.50"
      })
  void keeps_about_three_significant_digits(double value, String text) {
    assertThat(Numbers.plain(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100 | 100",
        "99.96 | 99.96",
        "99.9999 | 99.999",
        "99.995 | 99.995",
        "0 | 0",
        "0.0001 | < 0.001",
        "96.84 | 96.8"
      })
  void never_rounds_a_percentage_to_all_or_nothing(double value, String text) {
    assertThat(Numbers.percent(value)).isEqualTo(text);
  }

  @Test
  void counts_megabytes_in_millions() {
    assertThat(Numbers.megabytes(216_900_000)).isEqualTo("217 MB");
  }
}
