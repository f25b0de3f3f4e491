package simulations.auction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a bid service, and frames without a parser, to the cent. */
class AmountsTest {
  private static final String KEY = "\"amount\"";

  @Test
  void every_field_of_an_answer_is_read_and_unknown_ones_are_skipped() throws Exception {
    assertThat(
            read(
                "{\"success\":true,\"message\":{\"a\":[1]},\"current_bid\":100.99,"
                    + "\"highest_bidder_id\":\"ann\",\"previous_bid\":0.01,\"sequence\":2,"
                    + "\"decided\":\"unknown\"}"))
        .isEqualTo(new BidAnswer(true, 10_099, 1, Optional.of("ann"), "unknown", 2));
    assertThat(read("{\"highest_bidder_id\":null}")).isEqualTo(BidAnswer.EMPTY);
    assertThat(read("{\"highest_bidder_id\":\"\"}")).isEqualTo(BidAnswer.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 10000",
    "100.5, 10050",
    "1.0099e2, 10099",
    "9999999999.99, 999999999999",
    "'\"12.34\"', 1234",
    "null, -1"
  })
  void amounts_are_read_as_they_are_written(String text, long cents) throws Exception {
    assertThat(read("{\"current_bid\": " + text + "}").currentCents()).isEqualTo(cents);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "no",
        "{\"current_bid\":1",
        "{\"current_bid\":0.001}",
        "{\"current_bid\":\"x\"}",
        "{\"current_bid\":100.98999999999999}",
        "{\"current_bid\":{\"a\":1}}"
      })
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "100.01,  10001",
    "0.5,     50",
    "7,       700",
    "7.,      700",
    "12.3400, 1234",
    "12.345,  -1",
    "1e3,     -1",
    "null,    -1",
    "-5.00,   -1",
    "10.0E2,  -1",
  })
  void an_amount_of_a_frame_is_exact_to_the_cent_or_none(String amount, long cents) {
    assertThat(EventText.cents("{\"amount\":" + amount + ",\"x\":1}", KEY)).isEqualTo(cents);
    assertThat(EventText.cents("{\"amount\" : \"" + amount + "\"}", KEY)).isEqualTo(cents);
  }

  @Test
  void an_absent_amount_is_none() {
    assertThat(EventText.cents("{}", KEY)).isEqualTo(EventText.NONE);
    assertThat(EventText.cents("{\"amount\":", KEY)).isEqualTo(EventText.NONE);
  }

  @ParameterizedTest
  @CsvSource({"bid, true", "bi, false", "bids, false"})
  void a_word_of_a_frame_is_read_whole(String word, boolean there) {
    String frame = "{\"type\":\"bid\",\"event_id\":\"e\"}";
    assertThat(EventText.says(frame, "\"type\"", word)).isEqualTo(there);
    assertThat(EventText.says("", "\"type\"", word)).isFalse();
  }

  private static BidAnswer read(String json) throws IOException {
    return BidForm.ORIGINAL.read(json.getBytes(UTF_8));
  }
}
