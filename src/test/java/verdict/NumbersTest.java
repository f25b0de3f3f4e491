package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
