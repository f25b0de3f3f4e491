package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.SeededText;

/** The answers of the APIs whose events have names. */
class DialectTest {
  private static final String MESSAGES =
      "{\"stream\":true,\"max_tokens\":%d,\"seed\":7,\"pace\":{\"tokens\":3},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"two words\"}]}";

  @ParameterizedTest
  @CsvSource({"9, 3, end_turn", "3, 3, end_turn", "2, 2, max_tokens"})
  void messages_are_streamed_as_anthropic_documents_them(int bound, int tokens, String reason) {
    try (RunningLlm llm = RunningLlm.with()) {
      List<JsonNode> events = events(llm, "/v1/messages", MESSAGES.formatted(bound));

      assertThat(events)
          .extracting(event -> event.path("type").asText())
          .startsWith("message_start", "content_block_start", "content_block_delta")
          .endsWith("content_block_stop", "message_delta", "message_stop")
          .hasSize(tokens + 5);
      assertThat(events.get(0).at("/message/usage/input_tokens").asInt()).isEqualTo(2);
      assertThat(
              events.stream()
                  .map(event -> event.at("/delta/text").asText())
                  .collect(Collectors.joining()))
          .isEqualTo(new SeededText(7).first(tokens));
      JsonNode delta = events.get(tokens + 3);
      assertThat(delta.at("/delta/stop_reason").asText()).isEqualTo(reason);
      assertThat(delta.at("/usage/output_tokens").asInt()).isEqualTo(tokens);
      assertThat(llm.await("completed_streams", 1).get("events_completed").asInt())
          .isEqualTo(tokens + 5);
    }
  }

  @ParameterizedTest
  @CsvSource({"9, 3, end_turn", "2, 2, max_tokens"})
  void messages_that_are_not_streamed_are_one_body(int bound, int tokens, String reason) {
    try (RunningLlm llm = RunningLlm.with()) {
      String request = MESSAGES.formatted(bound).replace("\"stream\":true,", "");
      JsonNode message = RunningLlm.json(llm.post("/v1/messages", request).body());

      assertThat(message.get("type").asText()).isEqualTo("message");
      assertThat(message.get("stop_reason").asText()).isEqualTo(reason);
      assertThat(message.at("/content/0/text").asText()).isEqualTo(new SeededText(7).first(tokens));
      assertThat(message.get("usage").toString())
          .isEqualTo("{\"input_tokens\":2,\"output_tokens\":" + tokens + "}");
    }
  }

  @Test
  void the_events_of_a_response_are_numbered_and_its_bound_is_a_reason() {
    try (RunningLlm llm = RunningLlm.with()) {
      String body = "{\"stream\":true,\"max_output_tokens\":2,\"input\":\"x\"}";
      List<JsonNode> events = events(llm, "/v1/responses", body);

      for (int number = 0; number < events.size(); number++) {
        assertThat(events.get(number).get("sequence_number").asInt()).isEqualTo(number);
      }
      JsonNode last = events.get(events.size() - 1);
      assertThat(last.get("type").asText()).isEqualTo("response.incomplete");
      assertThat(last.at("/response/incomplete_details/reason").asText())
          .isEqualTo("max_output_tokens");
    }
  }

  /** Returns the data of the events, whose names are their types. */
  private static List<JsonNode> events(RunningLlm llm, String path, String body) {
    return Arrays.stream(llm.post(path, body).body().split("\n\n", 0))
        .map(
            event -> {
              String[] lines = event.split("\n", 2);
              JsonNode data = RunningLlm.json(lines[1].substring("data: ".length()));
              assertThat(lines[0]).isEqualTo("event: " + data.get("type").asText());
              return data;
            })
        .toList();
  }
}
