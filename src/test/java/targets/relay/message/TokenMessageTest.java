package targets.relay.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import targets.relay.message.Undelivered.Reason;
import targets.shared.Counters;
import targets.shared.Json;

class TokenMessageTest {
  private static final String PLAIN =
      "{\"conversation_id\":\"a-1\",\"token\":\"Hé\",\"sequence\":7,\"done\":false,"
          + "\"timestamp\":9}";

  private final Undelivered undelivered = new Undelivered(new Counters("test_"));

  @Test
  void each_hop_adds_its_time_and_leaves_the_rest_as_it_is() {
    TokenMessage once = read(PLAIN, "\"bridge\":1").orElseThrow();
    TokenMessage twice = read(text(once), "\"adapter\":2").orElseThrow();
    assertThat(twice)
        .returns("a-1", TokenMessage::id)
        .returns(7L, TokenMessage::sequence)
        .returns(9L, TokenMessage::timestampNs)
        .returns(false, TokenMessage::isDone)
        .returns(false, TokenMessage::isError)
        .returns(false, TokenMessage::isNotice);
    assertThat(text(twice))
        .isEqualTo(PLAIN.replaceAll("}$", ",\"hops\":{\"bridge\":1,\"adapter\":2}}"));
  }

  @Test
  void unknown_fields_and_a_producers_own_hops_are_kept_wherever_they_stand() throws IOException {
    String json =
        "{\"hops\":{\"é\":{\"n\":[1,{}]}},\"x\":{\"done\":true,\"y\":[\"}\"]},"
            + PLAIN.substring(1);
    JsonNode stamped = stamped(json);
    assertThat(stamped.at("/hops").toString()).isEqualTo("{\"é\":{\"n\":[1,{}]},\"bridge\":1}");
    assertThat(stamped.at("/x/y/0").asText()).isEqualTo("}");
    assertThat(stamped.at("/done").asBoolean()).isFalse();
  }

  @Test
  void empty_hops_get_no_comma() throws IOException {
    assertThat(stamped("{\"hops\":{ }," + PLAIN.substring(1) + "  ").at("/hops").toString())
        .isEqualTo("{\"bridge\":1}");
  }

  @Test
  void line_ends_between_values_become_blanks_because_they_would_end_an_sse_line() {
    assertThat(text(read(PLAIN.replace(",", ",\r\n"), "").orElseThrow()))
        .doesNotContain("\n", "\r")
        .contains("\"sequence\":7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "MALFORMED | no json",
        "MALFORMED | [1]",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":0,\"token\":\"x\"",
        "MALFORMED | {\"conversation_id\":\"a\",\"token\":5,\"sequence\":1}",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":1.5,\"token\":\"x\"}",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":99999999999999999999,\"token\":\"x\"}",
        "BAD_SEQUENCE | {\"conversation_id\":\"a\",\"sequence\":0,\"token\":\"x\"}",
        "BAD_SEQUENCE | {\"conversation_id\":\"a\",\"sequence\":-4,\"token\":\"x\"}",
        "BAD_ID | {\"sequence\":1,\"token\":\"x\"}",
        "BAD_ID | {\"conversation_id\":\"a.b\",\"sequence\":1,\"token\":\"x\"}",
      })
  void what_is_no_token_message_is_counted_by_its_kind(Reason kind, String json) {
    assertThat(read(json, "")).isEmpty();
    assertThat(undelivered.count(kind)).isOne();
    assertThat(undelivered.total()).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"conversation_id\":\"a\",\"sequence\":3}",
        "{\"conversation_id\":\"a\",\"sequence\":3,\"token\":\"x\"",
        "{\"conversation_id\":\"a\",\"sequence\":3,\"token\":\"x\"} {}"
      })
  void a_token_whose_place_is_known_is_counted_and_reported_to_the_client(String json) {
    assertThat(read(json, ""))
        .hasValueSatisfying(
            notice -> {
              assertThat(notice.isNotice()).isTrue();
              assertThat(notice.id()).isEqualTo("a");
              assertThat(notice.sequence()).isEqualTo(3);
            });
    assertThat(undelivered.count(Reason.MALFORMED)).isOne();
  }

  @Test
  void the_notice_of_a_loss_is_a_message_itself() throws IOException {
    TokenMessage notice = TokenMessage.notice("a", 3, true, "no \"token\"\\\n");
    TokenMessage again = read(text(notice), "\"adapter\":2").orElseThrow();
    assertThat(again.sequence()).isEqualTo(3);
    assertThat(again.isDone() && again.isError() && !again.isNotice()).isTrue();
    assertThat(Json.MAPPER.readTree(again.json()).at("/error").asText()).startsWith("no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "*", "a>", "é", "a\n", "a/b", "a%2Eb"})
  void an_id_has_letters_digits_and_dashes_and_nothing_else(String bad) {
    assertThat(Channels.refusal(bad))
        .hasValueSatisfying(why -> assertThat(why).contains("letters"));
    assertThat(Channels.refusal("a".repeat(129))).isPresent();
    assertThat(List.of("a", "loadtest-17-3", "A_b-9"))
        .allMatch(id -> Channels.refusal(id).isEmpty());
  }

  private Optional<TokenMessage> read(String json, String stamps) {
    return TokenMessage.read(json.getBytes(UTF_8), stamps, undelivered);
  }

  private JsonNode stamped(String json) throws IOException {
    return Json.MAPPER.readTree(read(json, "\"bridge\":1").orElseThrow().json());
  }

  private static String text(TokenMessage message) {
    return new String(message.json(), UTF_8);
  }
}
