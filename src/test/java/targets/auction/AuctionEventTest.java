package targets.auction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuctionEventTest {
  private static final long AT = 1_700_000_000_123_456L;

  @ParameterizedTest
  @EnumSource(AuctionEvent.Kind.class)
  void an_event_is_read_as_it_was_written(AuctionEvent.Kind kind) {
    boolean bid = kind == AuctionEvent.Kind.BID;
    AuctionEvent event =
        new AuctionEvent(kind, "e", "item", 7, bid ? "b" : "", "ann", bid ? 101 : 0, 100, AT);
    assertThat(AuctionEvent.read(event.json())).contains(event);
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
}
