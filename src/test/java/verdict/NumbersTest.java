package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "1234567 | 1,234,567",
        "-1000 | -1,000",
        "1234.56 | 1,235",
        "99.94 | 99.9",
        "9.994 | 9.99",
        "0.12345 | 0.123",
        "-0.5 | -0.500",
      })
  void numbers_have_three_digits_and_thousands_apart(double value, String words) {
    assertThat(Numbers.plain(value)).isEqualTo(words);
  }

  @Test
  void a_unit_follows_after_a_space() {
    assertThat(Numbers.words(12.5, "ms")).isEqualTo("12.5 ms");
    assertThat(Numbers.words(12, "")).isEqualTo("12");
    assertThat(Numbers.count(16_300)).isEqualTo("16,300");
  }
}
