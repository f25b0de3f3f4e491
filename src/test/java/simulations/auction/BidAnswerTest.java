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

/** Answers of a bid service, to the cent. */
class BidAnswerTest {
  @Test
  void every_field_is_read_and_unknown_ones_are_skipped() throws Exception {
    assertThat(
            read(
                "{\"success\":true,\"message\":{\"a\":[1]},\"current_bid\":100.99,"
                    + "\"highest_bidder_id\":\"ann\",\"previous_bid\":0.01,\"sequence\":2,"
                    + "\"decided\":\"unknown\"}"))
        .isEqualTo(new BidAnswer(true, 10_099, 1, Optional.of("ann"), "unknown", 2));
  }

  @Test
  void absent_fields_and_null_are_none() throws Exception {
    assertThat(read("{\"highest_bidder_id\":null}")).isEqualTo(BidAnswer.EMPTY);
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

  private static BidAnswer read(String json) throws IOException {
    return BidAnswer.read(json.getBytes(UTF_8));
  }
}
