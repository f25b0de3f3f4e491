package simulations.auction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a bid service, to the cent. */
class BidAnswerTest {
  @Test
  void an_accepted_bid_tells_the_price_that_it_beat() throws Exception {
    BidAnswer answer =
        read(
            "{\"success\":true,\"message\":\"m\",\"current_bid\":100.99,\"your_bid\":100.99,"
                + "\"event_id\":\"e\",\"previous_bid\":0.01,\"sequence\":2}");
    assertThat(answer.success()).isTrue();
    assertThat(answer.currentCents()).isEqualTo(10_099);
    assertThat(answer.previousCents()).isEqualTo(1);
  }

  @Test
  void a_rejected_bid_tells_whose_price_it_is() throws Exception {
    BidAnswer answer =
        read("{\"success\":false,\"current_bid\":7.50,\"highest_bidder_id\":\"ann\"}");
    assertThat(answer.success()).isFalse();
    assertThat(answer.bidder()).contains("ann");
    assertThat(answer.previousCents()).isEqualTo(BidAnswer.NONE);
  }

  @Test
  void nobody_has_bid_yet() throws Exception {
    BidAnswer answer = read("{\"id\":\"i\",\"current_bid\":0.00,\"highest_bidder_id\":null}");
    assertThat(answer.currentCents()).isZero();
    assertThat(answer.bidder()).isEmpty();
  }

  @Test
  void what_nobody_knows_is_said_so() throws Exception {
    assertThat(read("{\"error\":\"late\",\"decided\":\"unknown\"}").decided()).isEqualTo("unknown");
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
  void what_is_no_answer_is_refused(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
  }

  private static BidAnswer read(String json) throws IOException {
    return BidAnswer.read(json.getBytes(UTF_8));
  }
}
