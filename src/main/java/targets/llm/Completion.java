package targets.llm;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import targets.shared.Json;

/**
 * The JSON of one answer, in OpenAI's shape.
 *
 * @param id unique for this server
 * @param createdS when it was begun, in seconds since 1970
 * @param model as the client named it
 */
record Completion(String id, long createdS, String model) {
  private static final String ROLE = "assistant";

  /** What every event of the answer begins with, up to and including {@code "choices":[}. */
  byte[] eventHead() {
    String head =
        "data: {\"id\":"
            + Json.text(id)
            + ",\"object\":\"chat.completion.chunk\",\"created\":"
            + createdS
            + ",\"model\":"
            + Json.text(model)
            + ",\"choices\":[";
    return head.getBytes(StandardCharsets.UTF_8);
  }

  /** The body of an answer that is not streamed. */
  Map<String, Object> whole(String content, StreamPlan.Ending ending, Usage usage) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", ROLE);
    message.put("content", content);
    message.put("refusal", null);
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("message", message);
    choice.put("logprobs", null);
    choice.put("finish_reason", ending.reason());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", id);
    body.put("object", "chat.completion");
    body.put("created", createdS);
    body.put("model", model);
    body.put("choices", List.of(choice));
    body.put("usage", usage.asMap());
    return body;
  }

  /**
   * The usage figures.
   *
   * @param promptTokens words of the messages
   * @param completionTokens tokens of the answer
   */
  record Usage(int promptTokens, int completionTokens) {
    Map<String, Object> asMap() {
      Map<String, Object> usage = new LinkedHashMap<>();
      usage.put("prompt_tokens", promptTokens);
      usage.put("completion_tokens", completionTokens);
      usage.put("total_tokens", promptTokens + completionTokens);
      return usage;
    }
  }
}
