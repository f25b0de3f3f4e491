package targets.llm;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import targets.llm.ChatRequest.Delivery;

class ChatRequestTest {
  private static final LlmSettings SETTINGS =
      LlmServer.SPEC.reader(Map.of()).finish(LlmSettings.class);

  @Test
  void what_a_request_leaves_out_comes_from_the_settings() {
    ChatRequest request = accepted("", "");
    assertThat(request.model()).isEqualTo("gpt-4-turbo");
    assertThat(request.delivery()).isEqualTo(Delivery.WHOLE);
    assertThat(request.seed()).isEqualTo(42);
    assertThat(request.pace()).isEqualTo(SETTINGS.pace());
  }

  @Test
  void the_query_wins_over_the_body_and_the_body_over_the_settings() {
    String body =
        ",'seed':5,'pace':{'tokens':7,'duration_ms':70,'first_token_ms':3,'break_after':2}";
    assertThat(accepted("?tokens=9&seed=6&client_id=x", body))
        .matches(request -> request.seed() == 6)
        .extracting(ChatRequest::pace)
        .isEqualTo(new Pace(9, Duration.ofMillis(70), Duration.ofMillis(3), ZERO, Optional.of(2)));
  }

  @Test
  void the_newer_name_of_the_token_bound_wins() {
    assertThat(accepted("", ",'max_tokens':9").tokenBound()).isEqualTo(9);
    assertThat(accepted("", ",'max_tokens':9,'max_completion_tokens':4").tokenBound()).isEqualTo(4);
    assertThat(accepted("", ",'max_tokens':null").tokenBound()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void the_words_of_texts_and_of_parts_are_counted() {
    String body =
        "{'messages':[{'role':'system','content':'a b'},"
            + "{'role':'user','content':[{'type':'text','text':'c d e'}]}]}";
    assertThat(read("", body))
        .isInstanceOfSatisfying(
            ChatRequest.class, it -> assertThat(it.promptTokens()).isEqualTo(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ?tokens=0           |                                | tokens
          ?tokens=            |                                | tokens
          ?duration_ms=-1     |                                | duration_ms
          ?jitter_ms=60001    |                                | jitter_ms
          ?seed=1.5           |                                | seed
          ?break_after=100001 |                                | break_after
          ?a=b                | ,'pace':{'tokens':'7'}         | pace.tokens
          ?a=b                | ,'pace':{'duration_ms':1.5}    | pace.duration_ms
          ?a=b                | ,'pace':{'tempo':1}            | pace.tempo
          ?a=b                | ,'pace':[]                     | pace
          ?a=b                | ,'seed':99999999999999999999   | seed
          ?a=b                | ,'max_tokens':0                | max_tokens
          ?a=b                | ,'model':7                     | model
          ?a=b                | ,'model':''                    | model
          ?a=b                | ,'n':2                         | n
          ?a=b                | ,'stream':'yes'                | stream
          ?a=b                | ,'stream_options':{}           | stream_options
          ?a=b | ,'stream':true,'stream_options':{'include_usage':1} | stream_options.include_usage
          """)
  void a_wrong_value_is_refused_by_the_name_of_its_field(
      String query, String fields, String param) {
    assertThat(refused(query, base(fields == null ? "" : fields)).param()).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}
          {"messages":null}
          {"messages":[]}
          {"messages":"hi"}
          {"messages":["hi"]}
          {"messages":[{"content":"hi"}]}
          """)
  void messages_must_be_there_and_have_roles(String body) {
    assertThat(refused("", body).param()).isEqualTo("messages");
  }

  @ParameterizedTest
  @CsvSource({"RESPONSES, {'stream':true}, input", "MESSAGES, '{''messages'':[]}', messages"})
  void other_apis_have_names_of_their_own(Dialect dialect, String body, String param) {
    assertThat(((Refusal) read(dialect, "", body)).param()).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = "{\n[]\nnull\n7\n{\"a\":1} {}")
  void what_is_no_json_object_is_refused(String body) {
    assertThat(refused("", body)).isEqualTo(Refusal.BAD_JSON);
  }

  private static Refusal refused(String query, String body) {
    return (Refusal) read(query, body);
  }

  private static ChatRequest accepted(String query, String fields) {
    return (ChatRequest) read(query, base(fields));
  }

  private static String base(String fields) {
    return "{'messages':[{'role':'user','content':'x'}]" + fields + "}";
  }

  private static LlmServer.Routed read(String query, String body) {
    return read(Dialect.CHAT, query, body);
  }

  private static LlmServer.Routed read(Dialect dialect, String query, String body) {
    byte[] json = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ChatFields.read(dialect, json, new QueryStringDecoder("/v1" + query), SETTINGS);
  }
}
