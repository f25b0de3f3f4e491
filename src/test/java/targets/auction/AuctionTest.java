package targets.auction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import targets.shared.Json;

/** Money and events of the auction. */
class AuctionTest {
  private static final long AT = 1_700_000_000_123_456L;

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
    assertThat(amount(json)).isEqualTo(cents);
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
  void any_other_amount_is_refused_with_a_reason(String json) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> amount(json))
        .withMessageStartingWith("amount ");
  }

  @ParameterizedTest
  @EnumSource(AuctionEvent.Kind.class)
  void an_event_is_read_as_it_was_written(AuctionEvent.Kind kind) {
    boolean bid = kind == AuctionEvent.Kind.BID;
    AuctionEvent event =
        new AuctionEvent(kind, "e", "item", 7, bid ? "b" : "", "ann", bid ? 101 : 0, 100, AT);
    assertThat(AuctionEvent.read(event.json())).contains(event);
    assertThat(AuctionEvent.readLogEntry(event.logEntry())).contains(event);
  }

  @Test
  void a_bid_has_the_fields_of_the_original() {
    AuctionEvent event =
        new AuctionEvent(AuctionEvent.Kind.BID, "e", "item", 7, "b", "ann", 101, 100, AT);
    assertThat(new String(event.json(), UTF_8))
        .isEqualTo(
            "{\"type\":\"bid\",\"event_id\":\"e\",\"item_id\":\"item\",\"sequence\":7,"
                + "\"bid_id\":\"b\",\"user_id\":\"ann\",\"amount\":1.01,\"previous_bid\":1.00,"
                + "\"highest_bidder_id\":\"ann\",\"timestamp\":\"2023-11-14T22:13:20.123456Z\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "{\"type\":\"bid\"}", "{\"type\":\"x\"}"})
  void what_is_no_event_is_not_read(String json) {
    assertThat(AuctionEvent.read(json.getBytes(UTF_8))).isEmpty();
  }

  private static long amount(String json) throws JsonProcessingException {
    return Cents.read(Json.EXACT.readTree(json));
  }
}
