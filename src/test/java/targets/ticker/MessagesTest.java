package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import targets.ticker.Feeds.Feed;
import targets.ticker.Subject.Kind;
import testing.RawWebSocket;

/** What clients and the market say, without sockets. */
class MessagesTest {
  private static final List<Kind> ALL = List.of(Kind.values());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "123.4500",
        "1",
        "-0.0",
        "1e3",
        "1795262526236",
        "\"mine\"",
        "null",
        "\"\\\",\\\"type\\\":\\\"x\""
      })
  void the_timestamp_of_a_ping_is_kept_character_by_character(String timestamp) {
    ClientMessage read = ClientMessage.read("{\"type\":\"ping\",\"timestamp\":" + timestamp + "}");
    assertThat(read.type()).isEqualTo(ClientMessage.Type.PING);
    assertThat(read.timestamp()).isEqualTo(timestamp);
  }

  @Test
  void fields_may_come_in_any_order_and_unknown_ones_are_ignored() {
    ClientMessage subscribe =
        ClientMessage.read(
            "{\"clientId\":{\"a\":[1]},\"tokens\":[\"T1\",\"T2\"],\"type\":\"subscribe\"}");
    assertThat(subscribe.type()).isEqualTo(ClientMessage.Type.SUBSCRIBE);
    assertThat(subscribe.tokens()).containsExactly("T1", "T2");
    assertThat(ClientMessage.read("{\"type\":\"unsubscribe\",\"tokens\":[]}").type())
        .isEqualTo(ClientMessage.Type.UNSUBSCRIBE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "7",
        "{",
        "{}",
        "{}{}",
        "{\"type\":7}",
        "{\"type\":\"price:update\"}",
        "{\"type\":\"subscribe\"}",
        "{\"type\":\"subscribe\",\"tokens\":\"T1\"}",
        "{\"type\":\"subscribe\",\"tokens\":[7]}",
        "{\"type\":\"subscribe\",\"tokens\":[[\"T1\"]]}",
        "{\"type\":\"subscribe\",\"tokens\":[\"a.b\"]}",
        "{\"type\":\"subscribe\",\"tokens\":[\"\"]}",
        "{\"type\":\"ping\",\"timestamp\":01}",
        "{\"type\":\"ping\"} x"
      })
  void a_malformed_message_is_reported_as_such(String text) {
    assertThat(ClientMessage.read(text))
        .extracting(ClientMessage::type)
        .isEqualTo(ClientMessage.Type.MALFORMED);
  }

  @Test
  void a_deeply_nested_message_is_malformed_and_no_failure() {
    String deep = "{\"type\":\"ping\",\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    assertThat(ClientMessage.read(deep).type()).isEqualTo(ClientMessage.Type.MALFORMED);
  }

  @Test
  void packed_messages_can_be_unpacked_each_by_itself() throws IOException {
    Market.Deflation deflation = new Market.Deflation();
    for (int count : new int[] {1, 8, 600, 7_000}) {
      String message = "{\"price\":12.5}".repeat(count);
      byte[] packed = deflation.pack(message.getBytes(StandardCharsets.UTF_8));
      assertThat(new RawWebSocket.Frame(RawWebSocket.PACKED_TEXT, packed, 0).inflated())
          .isEqualTo(message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "odin.token.T1.price, PRICE, T1",
    "odin.token.T1.volume, VOLUME, T1",
    "odin.token.T1.holders, HOLDERS, T1",
    "odin.token.batch.update, BATCH, market",
    "odin.trades.T1, TRADE, T1",
    "odin.trades.user.user-7, USER_TRADE, user-7",
    "odin.market.statistics, STATS, market"
  })
  void a_subject_has_one_text_and_a_text_one_subject(String text, Kind kind, String name) {
    Subject subject = new Subject(kind, name);
    assertThat(Subject.read(text)).contains(subject);
    assertThat(subject.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "odin.token.T1",
        "odin.token.T1.colour",
        "odin.token.T1.price.more",
        "odin.token.a b.price",
        "odin.trades",
        "odin.trades.a.b",
        "odin.market.weather"
      })
  void other_subjects_are_unknown(String text) {
    assertThat(Subject.read(text)).isEmpty();
  }

  @Test
  void a_feed_counts_what_is_missing_and_notices_what_is_repeated() {
    Feed feed = new Feed(new Subject(Kind.PRICE, "T1"), 1);
    assertThat(feed.advance(5, 3)).as("what precedes it is unknown").isZero();
    assertThat(feed.advance(5, 4)).isZero();
    assertThat(feed.advance(5, 7)).isEqualTo(2);
    assertThat(feed.advance(5, 7)).isEqualTo(Feed.REPEATED);
    assertThat(feed.advance(6, 1)).as("another epoch").isZero();
    assertThat(feed.shown()).isEqualTo(new Feeds.Shown("T1.price", "price:update", 6, 1, 2));
  }

  @Test
  void the_same_seed_makes_the_same_market() {
    assertThat(first(100, new SeededMarket(7, 5, 3, ALL)))
        .isEqualTo(first(100, new SeededMarket(7, 5, 3, ALL)))
        .isNotEqualTo(first(100, new SeededMarket(8, 5, 3, ALL)));
  }

  @Test
  void every_kind_occurs_and_half_of_all_are_prices() {
    List<SeededMarket.Event> events = first(10_000, new SeededMarket(42, 10, 3, ALL));
    assertThat(events).extracting(each -> each.subject().kind()).contains(Kind.values());
    assertThat(events.stream().filter(each -> each.subject().kind() == Kind.PRICE).count())
        .isBetween(4_700L, 5_300L);
  }

  @Test
  void only_the_chosen_kinds_occur() {
    assertThat(first(100, new SeededMarket(42, 2, 0, List.of(Kind.TRADE))))
        .extracting(each -> each.subject().kind())
        .containsOnly(Kind.TRADE);
    assertThat(first(100, new SeededMarket(42, 2, 0, List.of(Kind.USER_TRADE))))
        .as("trades of users, and no users")
        .extracting(each -> each.subject().kind())
        .containsOnly(Kind.PRICE);
  }

  private static List<SeededMarket.Event> first(int count, SeededMarket market) {
    return Stream.generate(market::next).limit(count).toList();
  }
}
