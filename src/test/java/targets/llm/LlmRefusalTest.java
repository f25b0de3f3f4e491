package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static targets.llm.RunningLlm.STREAM;
import static targets.llm.RunningLlm.WHOLE;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import testing.RawClient;

@Timeout(30)
class LlmRefusalTest {
  @Test
  void every_refusal_has_the_four_fields_of_openai() {
    try (RunningLlm llm = RunningLlm.with()) {
      assertError(llm.chat("", "{"), 400, "", "");
      assertError(llm.chat("", "[]"), 400, "", "");
      assertError(llm.chat("", "{} x"), 400, "", "");
      assertError(llm.chat("", "{}"), 400, "messages", "missing_required_parameter");
      assertError(llm.chat("?tokens=x", WHOLE), 400, "tokens", "invalid_value");
      assertError(llm.chat("?tokens=%25zz", WHOLE), 400, "tokens", "invalid_value");
      assertError(llm.get("/nowhere"), 404, "", "unknown_url");
      assertError(llm.get("/v1/models/none"), 404, "model", "model_not_found");
    }
  }

  @Test
  void a_wrong_method_gets_the_right_one() {
    try (RunningLlm llm = RunningLlm.with()) {
      HttpResponse<String> chat = llm.get("/v1/chat/completions");
      assertError(chat, 405, "", "method_not_supported");
      assertThat(chat.headers().firstValue("allow")).hasValue("POST");
      HttpRequest.Builder delete = HttpRequest.newBuilder(URI.create(llm.url("/health"))).DELETE();
      assertThat(llm.send(delete).headers().firstValue("allow")).hasValue("GET, HEAD");
    }
  }

  @Test
  void a_body_above_the_limit_is_refused_and_the_connection_lives_on() throws IOException {
    try (RunningLlm llm = RunningLlm.with("max-body", "1KiB");
        RawClient wire = new RawClient(llm.port())) {
      wire.send(RunningLlm.raw("", "x".repeat(1025)));
      assertThat(wire.readUntil("}}")).startsWith("HTTP/1.1 413").contains("\"request_too_large\"");
      wire.send(RunningLlm.raw("?tokens=1", WHOLE));
      assertThat(wire.readUntil("}}")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void bytes_that_are_not_http_get_a_400_and_the_end() throws IOException {
    try (RunningLlm llm = RunningLlm.with()) {
      for (String bad : new String[] {"\u0001 nonsense\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n"}) {
        try (RawClient wire = new RawClient(llm.port())) {
          assertThat(wire.send(bad).readUntil("}}")).startsWith("HTTP/1.1 400");
        }
      }
    }
  }

  @Test
  void with_a_key_only_its_bearer_is_served() {
    try (RunningLlm llm = RunningLlm.with("api-key", "secret")) {
      HttpResponse<String> refused = llm.chat("", WHOLE);
      assertError(refused, 401, "", "invalid_api_key");
      assertThat(refused.headers().firstValue("www-authenticate")).isPresent();
      assertError(llm.get("/v1/models"), 401, "", "invalid_api_key");
      HttpRequest.Builder wrong = llm.post("", WHOLE).header("authorization", "Bearer secre");
      assertThat(llm.send(wrong).statusCode()).isEqualTo(401);
      HttpRequest.Builder right = llm.post("", WHOLE).header("authorization", "Bearer secret");
      assertThat(llm.send(right).statusCode()).isEqualTo(200);
      assertThat(llm.get("/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void above_its_streams_the_server_answers_429_until_one_leaves() throws IOException {
    try (RunningLlm llm = RunningLlm.with("max-streams", "1")) {
      try (RawClient wire = new RawClient(llm.port())) {
        wire.send(RunningLlm.raw("?duration_ms=60000", STREAM)).readUntil("data: ");
        HttpResponse<String> refused = llm.chat("", STREAM);
        assertError(refused, 429, "", "rate_limit_exceeded");
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      }
      llm.awaitMetrics(now -> now.get("active_streams").asInt() == 0);
      assertThat(llm.chat("", STREAM).statusCode()).isEqualTo(200);
    }
  }

  private static void assertError(
      HttpResponse<String> reply, int status, String param, String code) {
    assertThat(reply.statusCode()).isEqualTo(status);
    JsonNode error = RunningLlm.json(reply.body()).get("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    assertThat(error.get("message").asText()).isNotBlank();
    assertThat(error.get("type").asText()).endsWith("_error");
    assertThat(error.get("param").asText("")).isEqualTo(param);
    assertThat(error.get("code").asText("")).isEqualTo(code);
  }
}
