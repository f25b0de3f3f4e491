package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.SeededText;

/** OpenAI's own client library, as it is published. */
class OpenAiClientTest {
  @Test
  void it_reads_a_stream_with_usage() {
    try (RunningLlm llm = RunningLlm.with()) {
      ChatCompletionCreateParams params =
          params()
              .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
              .build();
      List<ChatCompletionChunk> chunks;
      try (StreamResponse<ChatCompletionChunk> stream =
          client(llm).chat().completions().createStreaming(params)) {
        chunks = stream.stream().toList();
      }
      StringBuilder text = new StringBuilder();
      for (ChatCompletionChunk chunk : chunks) {
        chunk.validate();
        chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
      }
      assertThat(text).hasToString(new SeededText(7).first(12));
      assertThat(chunks).hasSize(14);
      assertThat(chunks.get(13).usage().orElseThrow().completionTokens()).isEqualTo(12);
    }
  }

  @Test
  void it_reads_a_stream_of_responses() {
    try (RunningLlm llm = RunningLlm.with()) {
      List<ResponseStreamEvent> events;
      try (StreamResponse<ResponseStreamEvent> stream =
          client(llm).responses().createStreaming(response())) {
        events = stream.stream().toList();
      }
      StringBuilder text = new StringBuilder();
      for (ResponseStreamEvent event : events) {
        event.validate();
        event.outputTextDelta().ifPresent(delta -> text.append(delta.delta()));
      }
      assertThat(text).hasToString(new SeededText(7).first(12));
      ResponseUsage usage =
          events.get(events.size() - 1).asCompleted().response().usage().orElseThrow();
      assertThat(usage.inputTokens()).isEqualTo(2);
      assertThat(usage.outputTokens()).isEqualTo(12);
    }
  }

  @Test
  void it_reads_a_whole_answer_and_the_models() {
    try (RunningLlm llm = RunningLlm.with()) {
      OpenAIClient client = client(llm);
      ChatCompletion answer = client.chat().completions().create(params().build()).validate();
      assertThat(answer.choices().get(0).message().content()).hasValue(new SeededText(7).first(12));
      assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(14);
      assertThat(client.models().list().data().get(0).id()).isEqualTo("gpt-4-turbo");
      assertThat(client.models().retrieve("gpt-4-turbo").ownedBy()).isEqualTo("gauntlet");
    }
  }

  @Test
  void it_reads_a_whole_response() {
    try (RunningLlm llm = RunningLlm.with()) {
      Response response = client(llm).responses().create(response()).validate();
      assertThat(response.output().get(0).asMessage().content().get(0).asOutputText().text())
          .isEqualTo(new SeededText(7).first(12));
      assertThat(response.usage().orElseThrow().totalTokens()).isEqualTo(14);
    }
  }

  @Test
  void it_reads_a_refusal() {
    try (RunningLlm llm = RunningLlm.with()) {
      ChatCompletionCreateParams bad = params().maxCompletionTokens(0).build();
      BadRequestException refused =
          catchThrowableOfType(
              BadRequestException.class, () -> client(llm).chat().completions().create(bad));
      assertThat(refused.param()).hasValue("max_completion_tokens");
      assertThat(refused.code()).hasValue("invalid_value");
    }
  }

  private static OpenAIClient client(RunningLlm llm) {
    return OpenAIOkHttpClient.builder()
        .baseUrl("http://127.0.0.1:" + llm.port() + "/v1")
        .apiKey("any")
        .maxRetries(0)
        .build();
  }

  private static ResponseCreateParams response() {
    return ResponseCreateParams.builder()
        .model("any")
        .input("two words")
        .putAdditionalBodyProperty("seed", JsonValue.from(7))
        .putAdditionalBodyProperty("pace", JsonValue.from(Map.of("tokens", 12)))
        .build();
  }

  private static ChatCompletionCreateParams.Builder params() {
    return ChatCompletionCreateParams.builder()
        .model("any")
        .addUserMessage("two words")
        .putAdditionalBodyProperty("seed", JsonValue.from(7))
        .putAdditionalBodyProperty("pace", JsonValue.from(Map.of("tokens", 12)));
  }
}
