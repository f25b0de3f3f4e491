package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatChunkTest {
  private static final Map<String, Predicate<String>> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("done", ChatChunk::isDone);
    KINDS.put("first", ChatChunk::isFirst);
    KINDS.put("finish", ChatChunk::isFinish);
    KINDS.put("error", ChatChunk::isError);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"data":[DONE]}                                                      | done   |
          {"data":"[DONE]"}                                                    | done   |
          {"event":"message","data":[DONE]}                                    | done   |
          {"data":{"delta":{"content":" bal"},"finish_reason":null}}           | none   | ` bal`
          {"data":{"delta":{"content":"[DONE]"},"finish_reason":null}}         | none   | [DONE]
          {"data":{"delta":{"role":"assistant"},"finish_reason":null}}         | first  |
          {"data":{"delta":{"role":"a","content":""},"finish_reason":null}}    | first  |
          {"data":{"delta":{"role":"a","content":"bal"},"finish_reason":null}} | first  | bal
          {"data":{"delta":{},"finish_reason":"stop"}}                         | finish |
          {"data":{"delta":{},"finish_reason":null}}                           | none   |
          {"data": {"delta": {"content": " bal"}, "finish_reason":  "stop"}}   | finish | ` bal`
          {"data":{"choices":[]}}                                              | none   |
          {"data":{"error":{"message":"upstream broke","type":"x"}}}           | error  |
          {"data":{"delta":{"content":null}}}                                  | none   |
          {"data":{"usage":{}}}                                                | none   |
          {"data":"cut short: "content"                                        | none   |
          {"data":{"delta":{"content":                                         | none   |
          {"data":{"delta":{"content":"never closed                            | none   |
          {"data":{"delta":{"content":"cut at an escape\\                       | none   |
          {}                                                                   | none   |
          """)
  void an_event_is_known_by_its_kind_and_the_text_that_it_adds(
      String event, String kind, String content) {
    assertThat(ChatChunk.content(event)).isEqualTo(content);
    KINDS.forEach((name, is) -> assertThat(is.test(event)).as(name).isEqualTo(name.equals(kind)));
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
    String event = "{\"data\":{\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}}";

    assertThat(ChatChunk.content(event.formatted(content))).isEqualTo(content);
  }
}
