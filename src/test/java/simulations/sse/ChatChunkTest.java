package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documents of OpenAI and Anthropic, and the servers that follow them, send. */
class ChatChunkTest {
  private final ChatChunk chunk = new ChatChunk();

  /** In the file a chunk of a chat completion is its choice; an error is shown by its beginning. */
  @ParameterizedTest
  @CsvFileSource(
      resources = "/simulations/chunks.csv",
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000)
  void an_event_is_read_as_the_documents_of_its_api_say(String event, String expected) {
    String data = event;
    String name = "";
    if (event.matches("(?s)(ping|error|message):.*")) {
      name = event.substring(0, event.indexOf(':'));
      data = event.substring(name.length() + 1);
    } else if (event.matches("\\{(\"index\":0,)?\\s*\"delta\": ?(\\{|null).*")) {
      data = "{\"id\":\"1\",\"choices\":[" + event + "],\"usage\":null}";
    }
    words("", "{\"type\":\"response.created\",\"sequence_number\":7}");
    assertThat(words(name, data)).isEqualTo(expected == null ? "" : expected);
  }

  @ParameterizedTest
  @CsvSource({
    "content_block_delta, content_block_delta before message_start",
    "response.output_text.delta, response.output_text.delta before response.created",
    "ping,",
  })
  void an_event_before_the_first_of_its_api_is_an_error(String type, String error) {
    words("", "{\"type\":\"" + type + "\"}");
    assertThat(chunk.error).isEqualTo(error);
  }

  @Test
  void one_object_reads_event_after_event() {
    words("error", "{}");
    assertThat(words("", "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}")).isEqualTo("a");
    assertThat(words("", "{}")).isEmpty();
  }

  @Test
  void a_value_too_deep_to_matter_is_skipped() {
    String deep = "{\"x\":" + "[".repeat(500) + "]".repeat(500) + ",\"error\":true}";
    assertThat(words("", deep)).startsWith("error=");
  }

  private String words(String name, String data) {
    byte[] bytes = (data + "beyond").getBytes(StandardCharsets.UTF_8);
    chunk.read(name, bytes, bytes.length - "beyond".length());
    StringBuilder words = new StringBuilder();
    String content = chunk.content();
    words.append(content == null ? "" : content.replace('\n', '+'));
    words.append(chunk.other ? " other" : "");
    words.append(chunk.finish == null ? "" : " finish=" + chunk.finish);
    words.append(chunk.last ? " last" : "");
    words.append(chunk.inputTokens < 0 ? "" : " " + chunk.inputTokens + " in");
    words.append(chunk.outputTokens < 0 ? "" : " " + chunk.outputTokens + " out");
    words.append(chunk.cachedTokens < 0 ? "" : " " + chunk.cachedTokens + " cached");
    if (chunk.error != null) {
      boolean json = chunk.error.startsWith("{");
      int end = chunk.error.indexOf(json ? ':' : ' ', json ? 0 : 5);
      words
          .append(" error=")
          .append(json ? chunk.error.substring(0, end + 1) : chunk.error.substring(0, end + 2));
    }
    return content == null ? words.toString().strip() : words.toString();
  }
}
