package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatChunkTest {
  private static final String TOKEN = event("{\"delta\":{\"content\":\" bal\"},", "null}");

  @Test
  void a_chunk_with_a_token_is_content_and_nothing_else() {
    assertThat(ChatChunk.content(TOKEN)).isEqualTo(" bal");
    assertThat(ChatChunk.isDone(TOKEN)).isFalse();
    assertThat(ChatChunk.isFirst(TOKEN)).isFalse();
    assertThat(ChatChunk.isFinish(TOKEN)).isFalse();
    assertThat(ChatChunk.isError(TOKEN)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"data\":[DONE]}",
        "{\"data\":\"[DONE]\"}",
        "{\"event\":\"message\",\"data\":[DONE]}",
      })
  void the_last_event_is_known_in_each_of_its_forms(String event) {
    assertThat(ChatChunk.isDone(event)).isTrue();
    assertThat(ChatChunk.content(event)).isNull();
    assertThat(ChatChunk.isFinish(event)).isFalse();
  }

  @Test
  void a_token_that_speaks_of_the_last_event_is_not_the_last_event() {
    assertThat(ChatChunk.isDone(event("{\"delta\":{\"content\":\"[DONE]\"},", "null}"))).isFalse();
  }

  @Test
  void the_first_chunk_has_a_role_and_maybe_a_token() {
    String bare = event("{\"delta\":{\"role\":\"assistant\"},", "null}");
    String empty = event("{\"delta\":{\"role\":\"assistant\",\"content\":\"\"},", "null}");
    String full = event("{\"delta\":{\"role\":\"assistant\",\"content\":\"bal\"},", "null}");

    assertThat(ChatChunk.isFirst(bare)).isTrue();
    assertThat(ChatChunk.content(bare)).isNull();
    assertThat(ChatChunk.isFirst(empty)).isTrue();
    assertThat(ChatChunk.content(empty)).isNull();
    assertThat(ChatChunk.isFirst(full)).isTrue();
    assertThat(ChatChunk.content(full)).isEqualTo("bal");
  }

  @Test
  void the_finish_chunk_has_a_reason_and_a_null_is_none() {
    String finish = event("{\"delta\":{},", "\"stop\"}");

    assertThat(ChatChunk.isFinish(finish)).isTrue();
    assertThat(ChatChunk.content(finish)).isNull();
    assertThat(ChatChunk.isFinish(event("{\"delta\":{},", "null}"))).isFalse();
    assertThat(ChatChunk.isFinish("{\"data\":{\"choices\":[]}}")).isFalse();
  }

  @Test
  void spaces_after_colons_make_no_difference() {
    String spaced =
        "{\"data\": {\"choices\": [{\"delta\": {\"content\": \" bal\"}, \"finish_reason\":"
            + "  \"stop\"}]}}";

    assertThat(ChatChunk.content(spaced)).isEqualTo(" bal");
    assertThat(ChatChunk.isFinish(spaced)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a \\\"quoted\\\" word",
        "a backslash at the end \\\\",
        "\\n",
        "\\u00e9",
        "{}[]:,",
        "ü 漢",
      })
  void escapes_are_left_as_they_came(String content) {
    assertThat(ChatChunk.content(event("{\"delta\":{\"content\":\"" + content + "\"},", "null}")))
        .isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"data\":{\"delta\":{\"content\":null}}}",
        "{\"data\":{\"usage\":{}}}",
        "{\"data\":\"cut short: \"content\"",
        "{\"data\":{\"delta\":{\"content\":",
        "{\"data\":{\"delta\":{\"content\":\"never closed",
        "{\"data\":{\"delta\":{\"content\":\"cut at an escape\\",
        "{}",
      })
  void what_adds_no_text_has_no_content(String event) {
    assertThat(ChatChunk.content(event)).isNull();
  }

  @Test
  void an_error_can_come_as_an_event() {
    String error = "{\"data\":{\"error\":{\"message\":\"upstream broke\",\"type\":\"x\"}}}";

    assertThat(ChatChunk.isError(error)).isTrue();
    assertThat(ChatChunk.content(error)).isNull();
    assertThat(ChatChunk.isError(TOKEN)).isFalse();
  }

  private static String event(String delta, String finish) {
    return "{\"data\":{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choices\":[{"
        + "\"index\":0,\"choice\":"
        + delta
        + "\"finish_reason\":"
        + finish
        + "}]}}";
  }
}
