package targets.relay.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import targets.shared.Json;

class TokenMessageTest {
  private static final String PLAIN =
      "{\"conversation_id\":\"a-1\",\"token\":\"Hé\",\"sequence\":7,\"done\":false,"
          + "\"timestamp\":9}";

  @Test
  void its_fields_are_read() {
    TokenMessage message = good(PLAIN);
    assertThat(message.conversationId()).isEqualTo("a-1");
    assertThat(message.sequence()).isEqualTo(7);
    assertThat(message.isDone()).isFalse();
    assertThat(message.timestampNs()).isEqualTo(9);
  }

  @Test
  void each_hop_adds_its_time_and_leaves_the_rest_as_it_is() {
    byte[] once = good(PLAIN).stamped("\"bridge\":1");
    byte[] twice = good(text(once)).stamped("\"adapter\":2");
    assertThat(text(twice))
        .isEqualTo(PLAIN.replaceAll("}$", ",\"hops\":{\"bridge\":1,\"adapter\":2}}"));
  }

  @Test
  void unknown_fields_and_a_producers_own_hops_are_kept_wherever_they_stand() throws IOException {
    String json =
        "{\"hops\":{\"é\":{\"n\":[1,{}]}},\"x\":{\"done\":true,\"y\":[\"}\"]},"
            + PLAIN.substring(1);
    JsonNode stamped = Json.MAPPER.readTree(good(json).stamped("\"bridge\":1"));
    assertThat(stamped.at("/hops").toString()).isEqualTo("{\"é\":{\"n\":[1,{}]},\"bridge\":1}");
    assertThat(stamped.at("/x/y/0").asText()).isEqualTo("}");
    assertThat(stamped.at("/done").asBoolean()).isFalse();
  }

  @Test
  void empty_hops_get_no_comma() throws IOException {
    String json = "{\"hops\":{ }," + PLAIN.substring(1) + "  ";
    assertThat(Json.MAPPER.readTree(good(json).stamped("\"bridge\":1")).at("/hops").toString())
        .isEqualTo("{\"bridge\":1}");
  }

  @Test
  void line_ends_between_values_become_blanks_because_they_would_end_an_sse_line() {
    TokenMessage message = good(PLAIN.replace(",", ",\r\n"));
    assertThat(text(message.json())).doesNotContain("\n", "\r").contains("\"sequence\":7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "MALFORMED | no json",
        "MALFORMED | [1]",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":1,\"token\":\"x\"",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":1,\"token\":\"x\"} {}",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":1}",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":1,\"token\":5}",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":1.5,\"token\":\"x\"}",
        "MALFORMED | {\"conversation_id\":\"a\",\"sequence\":99999999999999999999,\"token\":\"x\"}",
        "BAD_SEQUENCE | {\"conversation_id\":\"a\",\"sequence\":0,\"token\":\"x\"}",
        "BAD_SEQUENCE | {\"conversation_id\":\"a\",\"sequence\":-4,\"token\":\"x\"}",
        "BAD_ID | {\"sequence\":1,\"token\":\"x\"}",
        "BAD_ID | {\"conversation_id\":\"a.b\",\"sequence\":1,\"token\":\"x\"}",
        "BAD_ID | {\"conversation_id\":\"a b\",\"sequence\":1,\"token\":\"x\"}",
        "BAD_ID | {\"conversation_id\":\"*\",\"sequence\":1,\"token\":\"x\"}",
        "BAD_ID | {\"conversation_id\":\"\",\"sequence\":1,\"token\":\"x\"}",
      })
  void what_is_no_token_message_is_refused_by_its_kind(Undelivered.Reason kind, String json) {
    assertThat(((TokenMessage.Read.Bad) read(json)).why()).isEqualTo(kind);
  }

  @Test
  void a_refused_token_whose_place_is_known_is_reported_to_the_client() {
    TokenMessage.Read.Bad bad =
        (TokenMessage.Read.Bad) read("{\"conversation_id\":\"a\",\"sequence\":3}");
    assertThat(bad.isPlaced()).isTrue();
    TokenMessage notice =
        good(text(TokenMessage.loss("a", bad.sequence(), true, "no \"token\"\\\n")));
    assertThat(notice.sequence()).isEqualTo(3);
    assertThat(notice.isDone()).isTrue();
    assertThat(notice.error()).hasValueSatisfying(text -> assertThat(text).startsWith("no"));
  }

  private static TokenMessage.Read read(String json) {
    return TokenMessage.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static TokenMessage good(String json) {
    return ((TokenMessage.Read.Good) read(json)).message();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
