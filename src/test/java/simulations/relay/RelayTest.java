package simulations.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import kpi.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.run.Clock.Stamp;
import simulations.run.Field;

/** Conversations and events. */
class RelayTest {
  private static final long MS = 1_000_000;
  private static final long UNIX_NS = 1_700_000_000_000_000_000L;
  private static final Stamp OTHER = new Stamp(UNIX_NS - 100, 200, "other", -10, 5L);

  @Test
  void tokens_are_due_a_delay_apart_and_up_to_half_of_it_later_by_the_seed_alone() {
    Conversation conversation = conversation(200, 0, 1);
    long lastNs = conversation.dueNs(200);
    assertThat(lastNs)
        .isEqualTo(conversation(200, 0, 1).dueNs(200))
        .isNotEqualTo(conversation(200, 0, 2).dueNs(200));
    conversation.begin(7 * MS);
    assertThat(conversation.dueNs(1)).isEqualTo(7 * MS);
    for (int sequence = 2; sequence <= 200; sequence++) {
      assertThat(conversation.dueNs(sequence) - conversation.dueNs(sequence - 1))
          .isBetween(20 * MS, 30 * MS);
    }
    assertThat((conversation.dueNs(200) - 7 * MS) / 199).isBetween(24 * MS, 26 * MS);
  }

  @Test
  void after_a_rest_the_next_token_is_due_when_it_is_resumed_until_each_is_settled() {
    Conversation conversation = conversation(10, 4, 1);
    conversation.begin(0);
    long fourthNs = conversation.dueNs(4);
    for (int i = 0; i < 4; i++) {
      assertThat(conversation.resting).isFalse();
      conversation.settle(true);
    }
    assertThat(conversation.resting).isTrue();
    conversation.resume(5_000 * MS);
    assertThat(conversation.resting).isFalse();
    assertThat(conversation.dueNs(4)).isEqualTo(fourthNs);
    assertThat(conversation.dueNs(5)).isEqualTo(5_000 * MS);
    assertThat(conversation.dueNs(6)).isBetween(5_020 * MS, 5_030 * MS);
    for (int i = 4; i < 10; i++) {
      assertThat(conversation.isOver()).isFalse();
      conversation.settle(i % 2 == 0);
    }
    assertThat(conversation.isOver()).as("each was taken or given up").isTrue();
    assertThat(conversation.published()).isEqualTo(7);
  }

  @Test
  void no_two_tokens_have_the_same_text() {
    assertThat(Conversation.text("a-1", 1))
        .isEqualTo(Conversation.text("a-1", 1))
        .matches("[0-9a-z]+")
        .isNotEqualTo(Conversation.text("a-1", 2))
        .isNotEqualTo(Conversation.text("a-2", 1));
    assertThat(Conversation.empty("c-9").token(1)).isEmpty();
    assertThat(Conversation.empty("c-9").tokens()).isOne();
  }

  @Test
  void a_token_has_its_place_its_text_and_its_time_at_each_hop() {
    TokenEvent event =
        read(
            """
            {"event":"token","id":"7","data":{"conversation_id":"c","token":"x ","sequence":7,
            "done":true,"timestamp":1700000000000000001,"other":[1],
            "hops":{"bridge":5,"adapter":9}}}\
            """);
    assertThat(event.isToken()).isTrue();
    assertThat(event.sequence()).isEqualTo(7);
    assertThat(event.done()).isTrue();
    assertThat(event.text()).isEqualTo("x");
    assertThat(event.at("bridge")).isEqualTo(5);
    assertThat(event.at("adapter")).isEqualTo(9);
    assertThat(event.at("redis")).isNull();
    assertThat(event.plan())
        .as("without a plan it was due when it was sent")
        .isEqualTo(new Stamp(UNIX_NS + 1, 0, "", 0, null));
  }

  @Test
  void a_producers_plan_is_read_as_it_was_written() {
    String data = "{\"sequence\":1,\"plan\":" + OTHER.json() + "}";
    assertThat(read("{\"event\":\"token\",\"data\":" + data + "}").plan()).isEqualTo(OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"connected\",\"data\":{\"conversation_id\":\"c\"}}",
        "{\"event\":\"token\",\"data\":\"text\"}",
        "{\"event\":\"token\",\"data\":{\"token\":\"without a place\"}}",
      })
  void anything_else_is_no_token(String json) {
    assertThat(read(json)).matches(event -> !event.isToken() && !event.isError());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[DONE]", "no json", ""})
  void data_that_is_no_json_is_no_token_unless_it_has_an_id(String text) {
    byte[] data = text.getBytes(UTF_8);
    var byId = new TokenEvent.Form(TokenEvent.Seq.parse("id"), Field.NONE);
    assertThat(TokenEvent.of("", 7, data, data.length, byId).isToken()).isTrue();
    assertThat(TokenEvent.of("", -1, data, data.length, byId).isToken()).isFalse();
    var bySequence = TokenEvent.Form.ORIGINAL;
    assertThat(TokenEvent.of("", 7, data, data.length, bySequence).isToken()).isFalse();
  }

  private static TokenEvent read(String json) {
    return read(json, TokenEvent.Form.ORIGINAL);
  }

  private static TokenEvent read(String text, TokenEvent.Form form) {
    JsonNode event = json(text);
    byte[] data = event.path("data").toString().getBytes(UTF_8);
    String name = event.path("event").asText();
    return TokenEvent.of(name, event.path("id").asLong(-1), data, data.length, form);
  }

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'event':'token','data':{'sequence':7.0,'timestamp':1.7e18}} | /sequence | /timestamp",
        "{'data':{'sequence':'7','timestamp':1700000000000}} | /sequence | /timestamp",
        "{'event':'message','id':'7','data':{'at':'2023-11-14T22:13:20Z'}} | id | /at",
        "{'id':7,'data':{'n':9,'at':1700000000}} | id | /at",
        "{'id':'x','data':{'n':[{'of':7}],'at':1700000000}} | /n/0/of | /at",
      })
  void a_token_of_another_service_has_its_number_and_its_time_where_the_options_say(
      String json, String seq, String sent) {
    var form = new TokenEvent.Form(TokenEvent.Seq.parse(seq), Field.parse(sent));
    TokenEvent event = read(json.replace('\'', '"'), form);
    assertThat(event.isToken()).isTrue();
    assertThat(event.sequence()).isEqualTo(7);
    assertThat(event.publishedNs()).isEqualTo(1_700_000_000_000_000_000L);
  }

  @Test
  void an_event_without_a_number_is_unread_unless_its_name_is_another() {
    assertThat(read("{\"data\":{\"n\":1}}").isUnread()).isTrue();
    assertThat(read("{\"event\":\"heartbeat\",\"data\":{}}").isUnread()).isFalse();
  }

  @Test
  void the_shard_of_an_id_is_its_crc_32_modulo_8() {
    // CRC-32 of "123456789" is cbf43926 (the check value of the catalogue of CRC algorithms).
    assertThat(RedisTokens.shard("123456789")).isEqualTo(0xcbf43926L % 8);
  }

  private static Conversation conversation(int tokens, int restsAfter, long seed) {
    return new Conversation(
        "c-0", Phase.MEASURE, new Conversation.Shape(tokens, 20 * MS, 0, restsAfter), seed);
  }
}
