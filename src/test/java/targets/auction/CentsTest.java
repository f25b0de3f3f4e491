package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import targets.shared.Json;

class CentsTest {
  @ParameterizedTest
  @CsvSource({
    "0.01, 1",
    "100.99, 10099",
    "100.990, 10099",
    "1e2, 10000",
    "9999999999.99, 999999999999",
    "'\"100.5\"', 10050"
  })
  void an_exact_amount_is_read_exactly(String json, long cents) throws Exception {
    assertThat(read(json)).isEqualTo(new Cents.Read(cents, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "0.001",
        "1.000000000000000000000000000001",
        "1e-9",
        "1e308",
        "1e999999999",
        "1e-999999999",
        "10000000000",
        "\"1e2\"",
        "\" 1\"",
        "\"\"",
        "\"٣\"",
        "null",
        "true",
        "{}",
        "[1]"
      })
  void anything_else_is_refused_with_a_reason(String json) throws Exception {
    assertThat(read(json).problem()).isPresent();
  }

  @Test
  void an_amount_is_shown_with_two_decimals() {
    assertThat(Cents.decimal(5)).hasToString("0.05");
    assertThat(Cents.decimal(Cents.MAX)).hasToString("9999999999.99");
  }

  private static Cents.Read read(String json) throws JsonProcessingException {
    return Cents.read(
        Json.MAPPER
            .reader()
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .readTree(json));
  }
}
