package targets.llm;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * The JSON of one answer, in OpenAI's shape.
 *
 * @param id unique for this server
 * @param createdS when it was begun, in seconds since 1970
 * @param model as the client named it
 */
record Completion(String id, long createdS, String model) {
  private record Body(
      String id, String object, long created, String model, List<Choice> choices, Usage usage) {}

  @JsonNaming(SnakeCaseStrategy.class)
  private record Choice(int index, Message message, String logprobs, String finishReason) {}

  private record Message(String role, String content, String refusal) {}

  /** The usage figures. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Usage(int promptTokens, int completionTokens, int totalTokens) {
    Usage(int promptTokens, int completionTokens) {
      this(promptTokens, completionTokens, promptTokens + completionTokens);
    }
  }

  /** Returns the body of an answer that is not streamed. */
  Object whole(String content, StreamPlan.Ending ending, Usage usage) {
    Message message = new Message("assistant", content, null);
    Choice choice = new Choice(0, message, null, ending.reason());
    return new Body(id, "chat.completion", createdS, model, List.of(choice), usage);
  }
}
