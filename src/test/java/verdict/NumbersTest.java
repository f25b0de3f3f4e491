package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "100, %, 100 %",
    "99.97, %, 99.97 %",
    "99.99999, %, 99.999 %",
    "99.9, %, 99.90 %",
    "0.0123, ms, 0.012 ms",
    "3.14159, ms, 3.14 ms",
    "61.349, ms, 61.3 ms",
    "412.7, ms, 413 ms",
  })
  void a_number_reads_as_exactly_as_it_is_known(double value, String unit, String words) {
    assertThat(Numbers.words(value, unit)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 | 0", "1234567 | 1,234,567"})
  void a_count_has_its_thousands_apart(long value, String words) {
    assertThat(Numbers.count(value)).isEqualTo(words);
  }

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
  void what_rounds_to_nothing_has_no_sign() {
    assertThat(Numbers.words(-0.0004, "MB/s")).isEqualTo("0.000 MB/s");
    assertThat(Numbers.words(-0.04, "MB/s")).isEqualTo("-0.040 MB/s");
    assertThat(Numbers.fixed(-0.4, 0)).isEqualTo("0");
  }
}
