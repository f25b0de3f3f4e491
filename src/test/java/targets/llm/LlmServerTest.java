package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static targets.llm.RunningLlm.STREAM;
import static targets.llm.RunningLlm.WHOLE;
import static targets.llm.RunningLlm.data;
import static targets.llm.RunningLlm.raw;
import static targets.shared.RunningTarget.json;
import static targets.shared.RunningTarget.send;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import settings.SeededText;
import testing.RawClient;

class LlmServerTest {
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"[^}]*\"created\":(\\d+)");
  private static final String HEALTH = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";

  private RunningLlm llm;
  private RawClient wire;

  @BeforeEach
  void start() throws IOException {
    llm = RunningLlm.with();
    wire = new RawClient(llm.port());
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
    llm.close();
  }

  @Test
  void a_short_stream_is_exactly_these_bytes() throws IOException {
    wire.send(raw("?tokens=2", STREAM));
    String got = wire.readUntil("\r\n0\r\n\r\n");
    Matcher matcher = ID.matcher(got);
    assertThat(matcher.find()).isTrue();
    String event =
        """
        data: {"id":"%s","object":"chat.completion.chunk","created":%s,"model":"gpt-4-turbo",\
        "choices":[{"index":0,"delta":%%s,"finish_reason":%%s}]}

        """
            .formatted(matcher.group(1), matcher.group(2));
    // Tokens that are due together are one chunk.
    assertThat(got.replaceAll("(?<=\n)[0-9a-f]+\r\n|(?<=\n\n)\r\n", ""))
        .isEqualTo(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                + "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"
                + event.formatted("{\"content\":\"ban\",\"role\":\"assistant\"}", "null")
                + event.formatted("{\"content\":\" dit\"}", "null")
                + event.formatted("{}", "\"stop\"")
                + "data: [DONE]\n\n\r\n");
  }

  @Test
  void the_usage_event_comes_before_done_and_the_others_have_a_null_usage() {
    String body =
        "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":4,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}";
    List<String> data = data(llm.chat("", body).body());
    assertThat(data).hasSize(7);
    assertThat(data.get(4)).contains("\"finish_reason\":\"length\"");
    JsonNode usage = json(data.get(5));
    assertThat(usage.get("choices")).isEmpty();
    assertThat(usage.get("usage").toString())
        .isEqualTo("{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}");
    assertThat(data.subList(0, 5)).allMatch(json -> json.endsWith(",\"usage\":null}"));
  }

  @Test
  void without_stream_the_answer_is_one_body_with_usage() {
    long start = System.nanoTime();
    String body = llm.chat("?tokens=3&duration_ms=120&seed=9", WHOLE).body();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(120_000_000);
    assertThat(body)
        .endsWith(
            """
            "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null},\
            "logprobs":null,"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5}}\
            """
                .formatted(new SeededText(9).first(3)));
  }

  @Test
  void the_model_is_echoed_and_its_quotes_are_escaped() {
    String body = "{\"stream\":true,\"model\":\"a\\\"é\",\"messages\":[{\"role\":\"user\"}]}";
    List<String> data = data(llm.chat("?tokens=1", body).body());
    assertThat(json(data.get(0)).get("model").asText()).isEqualTo("a\"é");
  }

  @Test
  void pipelined_requests_are_answered_in_their_order() throws IOException {
    wire.send(raw("?tokens=2", STREAM) + raw("?tokens=1&duration_ms=0", WHOLE));
    wire.send("GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assertThat(wire.rest())
        .containsSubsequence(
            "[DONE]\n\n\r\n0\r\n\r\nHTTP/1.1 200 OK", "\"chat.completion\"", "\"status\":\"ok\"");
  }

  @Test
  void more_pipelined_requests_than_are_held_are_refused_after_the_others() throws IOException {
    wire.send(raw("?tokens=1&duration_ms=200", STREAM) + HEALTH.repeat(20));
    String got = wire.rest();
    assertThat(got.split("\"ok\"", -1)).hasSize(Connection.AHEAD_MAX + 1);
    assertThat(got).contains("HTTP/1.1 429").endsWith("\"too_many_pipelined_requests\"}}");
  }

  @Test
  void http_1_0_gets_a_body_without_chunks_that_ends_with_the_connection() throws IOException {
    wire.send(raw("?tokens=1", STREAM).replace("HTTP/1.1", "HTTP/1.0"));
    String got = wire.rest();
    assertThat(got).doesNotContain("chunked").contains("\r\n\r\ndata: {");
    assertThat(got).endsWith("}\n\ndata: [DONE]\n\n");
  }

  @Test
  void a_client_that_expects_a_100_gets_it_and_head_has_no_body() throws IOException {
    String post = raw("?tokens=1", WHOLE);
    int body = post.indexOf("\r\n\r\n");
    wire.send(post.substring(0, body) + "\r\nexpect: 100-continue\r\n\r\n");
    assertThat(wire.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    wire.send(post.substring(body + 4));
    assertThat(wire.readUntil("}}")).startsWith("HTTP/1.1 200 OK");
    wire.send("HEAD /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assertThat(wire.rest()).contains("content-length: 15").endsWith("\r\n\r\n");
  }

  @Test
  void metrics_count_what_was_sent_in_both_forms() {
    llm.chat("?tokens=3", STREAM);
    llm.chat("?tokens=3", WHOLE);
    llm.chat("?tokens=0", WHOLE);
    JsonNode metrics = llm.await("completed_streams", 2);
    String names =
        "active_streams total_streams completed_streams aborted_streams events_sent"
            + " events_completed bytes_sent requests rejected_requests buffer_limit_hits"
            + " buffered_bytes_max connections_closed timestamp process";
    assertThat(metrics.fieldNames()).toIterable().containsExactly(names.split(" "));
    assertThat(metrics.toString())
        .contains("\"total_streams\":2,", "\"events_sent\":5,\"events_completed\":5,")
        .contains("\"requests\":3,\"rejected_requests\":1,");
    assertThat(send(llm.request("/metrics").header("accept", "text/plain")).body())
        .contains("llm_streams_total 2.0", "llm_events_completed_total 5.0");
    assertThat(llm.get("/metrics/prometheus").body()).contains("llm_active_streams 0.0");
  }

  @Test
  void every_refusal_has_the_four_fields_of_openai_and_a_wrong_method_gets_the_right_one() {
    assertError(llm.chat("", "{"), 400, "", "");
    assertError(llm.chat("", "{}"), 400, "messages", "missing_required_parameter");
    assertError(llm.chat("?tokens=x", WHOLE), 400, "tokens", "invalid_value");
    assertError(llm.chat("?tokens=%25zz", WHOLE), 400, "tokens", "invalid_value");
    assertError(llm.get("/nowhere"), 404, "", "unknown_url");
    assertError(llm.get("/v1/models/none"), 404, "model", "model_not_found");
    HttpResponse<String> chat = llm.get(RunningLlm.CHAT);
    assertError(chat, 405, "", "method_not_supported");
    assertThat(chat.headers().firstValue("allow")).hasValue("POST");
    assertThat(send(llm.request("/health").DELETE()).headers().firstValue("allow"))
        .hasValue("GET, HEAD");
  }

  @Test
  void a_body_above_the_limit_is_refused_and_the_connection_lives_on() throws IOException {
    restart("max-body=1KiB");
    wire.send(raw("", "x".repeat(1025)));
    assertThat(wire.readUntil("}}")).startsWith("HTTP/1.1 413").contains("\"request_too_large\"");
    wire.send(raw("?tokens=1", WHOLE));
    assertThat(wire.readUntil("}}")).startsWith("HTTP/1.1 200");
  }

  @Test
  void bytes_that_are_not_http_get_a_400_and_the_end() throws IOException {
    for (String bad : List.of("\u0001 nonsense\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n")) {
      try (RawClient wire = new RawClient(llm.port())) {
        assertThat(wire.send(bad).readUntil("}}")).startsWith("HTTP/1.1 400");
      }
    }
  }

  @Test
  void with_a_key_only_requests_with_it_are_served() throws IOException {
    restart("api-key=secret");
    HttpResponse<String> refused = llm.chat("", WHOLE);
    assertError(refused, 401, "", "invalid_api_key");
    assertThat(refused.headers().firstValue("www-authenticate")).isPresent();
    assertError(llm.get("/v1/models"), 401, "", "invalid_api_key");
    for (String key : List.of("secre", "secret")) {
      HttpRequest.Builder chat =
          llm.request(RunningLlm.CHAT).header("authorization", "Bearer " + key);
      assertThat(send(chat.POST(BodyPublishers.ofString(WHOLE))).statusCode())
          .isEqualTo(key.equals("secret") ? 200 : 401);
      HttpRequest.Builder anthropic = llm.request(RunningLlm.CHAT).header("x-api-key", key);
      assertThat(send(anthropic.POST(BodyPublishers.ofString(WHOLE))).statusCode())
          .isEqualTo(key.equals("secret") ? 200 : 401);
    }
    assertThat(llm.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void above_its_streams_the_server_answers_429_until_one_leaves() throws IOException {
    restart("max-streams=1");
    try (RawClient wire = new RawClient(llm.port())) {
      wire.send(raw("?duration_ms=60000", STREAM)).readUntil("data: ");
      HttpResponse<String> refused = llm.chat("", STREAM);
      assertError(refused, 429, "", "rate_limit_exceeded");
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    }
    llm.await("active_streams", 0);
    assertThat(llm.chat("", STREAM).statusCode()).isEqualTo(200);
  }

  @Test
  void a_broken_stream_has_its_tokens_but_no_end() throws IOException {
    String got = wire.send(raw("?tokens=9&break_after=3", STREAM)).rest();
    assertThat(got.split("data: ", -1)).hasSize(4);
    assertThat(got).doesNotContain("DONE").doesNotContain("\r\n0\r\n");
    assertThatThrownBy(() -> llm.chat("?break_after=3", STREAM))
        .isInstanceOf(UncheckedIOException.class);
    JsonNode metrics = llm.await("aborted_streams", 2);
    assertThat(metrics.get("events_sent").asInt()).isEqualTo(6);
    assertThat(metrics.get("events_completed").asInt()).isZero();
  }

  @Test
  void a_client_that_leaves_ends_its_stream_at_once() throws IOException {
    for (String body : new String[] {STREAM, WHOLE}) {
      try (RawClient wire = new RawClient(llm.port())) {
        wire.send(raw("?duration_ms=3600000", body));
        llm.await("active_streams", 1);
      }
      llm.await("active_streams", 0);
    }
    assertThat(llm.metrics().get("aborted_streams").asInt()).isEqualTo(2);
  }

  @Test
  void a_slow_reader_holds_little_disturbs_no_other_and_loses_nothing() throws IOException {
    try (RawClient slow = new RawClient(llm.port(), 2048)) {
      slow.send(raw("?tokens=100000&duration_ms=0", STREAM));
      llm.await(now -> now.get("buffer_limit_hits").asInt() > 0);
      assertThat(llm.chat("", STREAM).body()).endsWith("[DONE]\n\n");
      String last = new SeededText(42).token(99_999) + "\"},\"finish_reason\":null}]}";
      String got = slow.readUntil("\r\n0\r\n\r\n");
      assertThat(got.split("data: ", -1)).hasSize(100_003);
      assertThat(got).contains(last);
      JsonNode metrics = llm.await("completed_streams", 2);
      // The high-water mark, one batch and its framing.
      assertThat(metrics.get("buffered_bytes_max").asInt()).isLessThan((32 + 18) * 1024);
      assertThat(metrics.get("aborted_streams").asInt()).isZero();
    }
  }

  @Test
  void a_client_that_takes_nothing_is_cut_off_after_the_bound() throws IOException {
    restart("client-stall=100ms");
    try (RawClient frozen = new RawClient(llm.port(), 2048)) {
      frozen.send(raw("?tokens=100000&duration_ms=0", STREAM));
      llm.await("aborted_streams", 1);
    }
  }

  @Test
  void draining_lets_a_stream_finish_and_refuses_new_work() throws IOException {
    try (RawClient running = new RawClient(llm.port());
        RawClient idle = new RawClient(llm.port());
        RawClient asking = new RawClient(llm.port())) {
      idle.send(HEALTH).readUntil("\"ok\"}");
      asking.send(HEALTH).readUntil("\"ok\"}");
      running.send(raw("?tokens=2&duration_ms=4000", STREAM)).readUntil("data: ");
      CompletableFuture<Void> closed = CompletableFuture.runAsync(llm::close);
      llm.awaitEndOfListening();
      assertThat(idle.send(HEALTH).rest()).startsWith("HTTP/1.1 503").contains("connection: close");
      assertThat(asking.send(raw("", STREAM)).rest())
          .startsWith("HTTP/1.1 503")
          .contains("connection: close", "\"shutting_down\"");
      assertThat(running.rest()).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
      closed.join();
    }
  }

  @Test
  void past_the_drain_bound_answers_end_properly_with_an_error() throws IOException {
    restart("drain=0s");
    try (RawClient stream = new RawClient(llm.port());
        RawClient whole = new RawClient(llm.port())) {
      stream.send(raw("?duration_ms=60000", STREAM)).readUntil("data: ");
      whole.send(raw("?duration_ms=60000", WHOLE));
      llm.await("active_streams", 2);
      llm.close();
      assertThat(stream.rest())
          .contains("data: {\"error\":{\"message\":\"The server is shutting down.\"")
          .endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
      assertThat(whole.rest()).startsWith("HTTP/1.1 503").contains("connection: close");
    }
  }

  private void restart(String... settings) throws IOException {
    stop();
    llm = RunningLlm.with(settings);
    wire = new RawClient(llm.port());
  }

  private static void assertError(
      HttpResponse<String> reply, int status, String param, String code) {
    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(json(reply.body()).get("error").toString())
        .matches(
            "\\{\"message\":\"..*\",\"type\":\"\\w+_error\",\"param\":%s,\"code\":%s}"
                .formatted(quoted(param), quoted(code)));
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "null" : '"' + text + '"';
  }
}
