package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fields of a frame without a parser. */
class EventTextTest {
  private static final String KEY = "\"amount\"";

  @ParameterizedTest
  @CsvSource({
    "100.01,     10001",
    "0.5,        50",
    "7,          700",
    "7.,         700",
    "12.3400,    1234",
    "12.345,     -1",
    "1e3,        -1",
    "null,       -1",
    "-5.00,      -1",
    "10.0E2,     -1",
  })
  void an_amount_is_exact_to_the_cent_or_none(String amount, long cents) {
    assertThat(EventText.cents("{\"amount\":" + amount + ",\"x\":1}", KEY)).isEqualTo(cents);
    assertThat(EventText.cents("{\"amount\" : \"" + amount + "\"}", KEY)).isEqualTo(cents);
  }

  @Test
  void an_absent_field_is_none() {
    assertThat(EventText.cents("{}", KEY)).isEqualTo(EventText.NONE);
    assertThat(EventText.cents("{\"amount\":", KEY)).isEqualTo(EventText.NONE);
    assertThat(EventText.says("", "\"type\"", "bid")).isFalse();
  }

  @Test
  void a_word_is_read_wherever_it_stands() {
    String frame = "{\"type\":\"bid\",\"event_id\":\"e\"}";
    assertThat(EventText.says(frame, "\"type\"", "bid")).isTrue();
    assertThat(EventText.says(frame, "\"type\"", "bi")).isFalse();
    assertThat(EventText.says(frame, "\"type\"", "bids")).isFalse();
  }
}
