package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static targets.llm.RunningLlm.STREAM;
import static targets.llm.RunningLlm.WHOLE;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import settings.SeededText;
import testing.RawClient;

@Timeout(30)
class LlmServerTest {
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"[^}]*\"created\":(\\d+)");

  @Test
  void a_short_stream_is_exactly_these_bytes() throws IOException {
    try (RunningLlm llm = RunningLlm.with();
        RawClient wire = new RawClient(llm.port())) {
      wire.send(RunningLlm.raw("?tokens=2", STREAM));
      String got = wire.readUntil("\r\n0\r\n\r\n");
      Matcher matcher = ID.matcher(got);
      assertThat(matcher.find()).isTrue();
      String head =
          "data: {\"id\":\"%s\",\"object\":\"chat.completion.chunk\",\"created\":%s,"
                  .formatted(matcher.group(1), matcher.group(2))
              + "\"model\":\"gpt-4-turbo\",\"choices\":[{\"index\":0,\"delta\":";
      SeededText text = new SeededText(42);
      String first =
          "{\"content\":\""
              + text.token(0)
              + "\",\"role\":\"assistant\"},\"finish_reason\":null}]}";
      String second = "{\"content\":\"" + text.token(1) + "\"},\"finish_reason\":null}]}";
      assertThat(got)
          .isEqualTo(
              "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                  + "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"
                  + chunk(head + first + "\n\n")
                  + chunk(head + second + "\n\n")
                  + chunk(head + "{},\"finish_reason\":\"stop\"}]}\n\n")
                  + chunk("data: [DONE]\n\n")
                  + "0\r\n\r\n");
    }
  }

  @Test
  void by_default_a_stream_has_163_tokens_in_165_events_and_its_words_are_the_seeds() {
    try (RunningLlm llm = RunningLlm.with()) {
      HttpResponse<String> reply = llm.chat("", STREAM);
      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(RunningLlm.data(reply.body())).hasSize(165).endsWith("[DONE]");
      assertThat(String.join("", RunningLlm.words(reply.body())))
          .isEqualTo(new SeededText(42).first(163));
      assertThat(reply.body()).containsOnlyOnce("role");
    }
  }

  @Test
  void the_usage_event_comes_before_done_and_the_others_have_a_null_usage() {
    try (RunningLlm llm = RunningLlm.with()) {
      String body =
          "{\"stream\":true,\"stream_options\":{\"include_usage\":true},"
              + "\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}";
      List<String> data = RunningLlm.data(llm.chat("?tokens=4", body).body());
      assertThat(data).hasSize(7);
      JsonNode usage = RunningLlm.json(data.get(5));
      assertThat(usage.get("choices")).isEmpty();
      assertThat(usage.get("usage").toString())
          .isEqualTo("{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}");
      assertThat(data.subList(0, 5)).allMatch(json -> json.endsWith(",\"usage\":null}"));
    }
  }

  @Test
  void without_stream_the_answer_is_one_body_with_usage() {
    try (RunningLlm llm = RunningLlm.with()) {
      long start = System.nanoTime();
      JsonNode body = RunningLlm.json(llm.chat("?tokens=3&duration_ms=120&seed=9", WHOLE).body());
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(120_000_000);
      assertThat(body.get("object").asText()).isEqualTo("chat.completion");
      assertThat(body.at("/choices/0/message/content").asText())
          .isEqualTo(new SeededText(9).first(3));
      assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
      assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(5);
    }
  }

  @Test
  void max_tokens_truncates_and_reports_it() {
    try (RunningLlm llm = RunningLlm.with()) {
      String body = "{\"stream\":true,\"max_tokens\":2,\"messages\":[{\"role\":\"user\"}]}";
      List<String> data = RunningLlm.data(llm.chat("", body).body());
      assertThat(data).hasSize(4);
      assertThat(data.get(2)).contains("\"finish_reason\":\"length\"");
    }
  }

  @Test
  void the_model_is_echoed_and_its_quotes_are_escaped() {
    try (RunningLlm llm = RunningLlm.with()) {
      String body = "{\"stream\":true,\"model\":\"a\\\"é\",\"messages\":[{\"role\":\"user\"}]}";
      List<String> data = RunningLlm.data(llm.chat("?tokens=1", body).body());
      assertThat(RunningLlm.json(data.get(0)).get("model").asText()).isEqualTo("a\"é");
    }
  }

  @Test
  void pipelined_requests_are_answered_in_their_order() throws IOException {
    try (RunningLlm llm = RunningLlm.with();
        RawClient wire = new RawClient(llm.port())) {
      wire.send(
          RunningLlm.raw("?tokens=2", STREAM) + RunningLlm.raw("?tokens=1&duration_ms=0", WHOLE));
      wire.send("GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
      String got = wire.rest();
      int stream = got.indexOf("[DONE]\n\n\r\n0\r\n\r\nHTTP/1.1 200 OK");
      int whole = got.indexOf("\"chat.completion\"");
      int health = got.indexOf("{\"status\":\"ok\"}");
      assertThat(stream).isPositive();
      assertThat(whole).isGreaterThan(stream);
      assertThat(health).isGreaterThan(whole);
    }
  }

  @Test
  void more_pipelined_requests_than_are_held_are_refused_after_the_others() throws IOException {
    try (RunningLlm llm = RunningLlm.with();
        RawClient wire = new RawClient(llm.port())) {
      String get = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";
      wire.send(RunningLlm.raw("?tokens=1&duration_ms=200", STREAM) + get.repeat(20));
      String got = wire.rest();
      assertThat(got.split("\"ok\"", -1)).hasSize(Connection.AHEAD_MAX + 1);
      assertThat(got).contains("HTTP/1.1 429").endsWith("\"too_many_pipelined_requests\"}}");
    }
  }

  @Test
  void http_1_0_gets_a_body_without_chunks_that_ends_with_the_connection() throws IOException {
    try (RunningLlm llm = RunningLlm.with();
        RawClient wire = new RawClient(llm.port())) {
      wire.send(RunningLlm.raw("?tokens=1", STREAM).replace("HTTP/1.1", "HTTP/1.0"));
      String got = wire.rest();
      assertThat(got).doesNotContain("chunked").contains("\r\n\r\ndata: {");
      assertThat(got).endsWith("}\n\ndata: [DONE]\n\n");
    }
  }

  @Test
  void a_client_that_expects_a_100_gets_it_and_head_has_no_body() throws IOException {
    try (RunningLlm llm = RunningLlm.with();
        RawClient wire = new RawClient(llm.port())) {
      String post = RunningLlm.raw("?tokens=1", WHOLE);
      int body = post.indexOf("\r\n\r\n");
      wire.send(post.substring(0, body) + "\r\nexpect: 100-continue\r\n\r\n");
      assertThat(wire.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      wire.send(post.substring(body + 4));
      assertThat(wire.readUntil("}}")).startsWith("HTTP/1.1 200 OK");
      wire.send("HEAD /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
      assertThat(wire.rest()).contains("content-length: 15").endsWith("\r\n\r\n");
    }
  }

  @Test
  void models_are_listed_and_looked_up() {
    try (RunningLlm llm = RunningLlm.with()) {
      assertThat(RunningLlm.json(llm.get("/v1/models").body()).at("/data/0/id").asText())
          .isEqualTo("gpt-4-turbo");
      assertThat(RunningLlm.json(llm.get("/v1/models/gpt-4-turbo").body()).get("object").asText())
          .isEqualTo("model");
    }
  }

  @Test
  void metrics_count_what_was_sent_in_both_forms() {
    try (RunningLlm llm = RunningLlm.with()) {
      llm.chat("?tokens=3", STREAM);
      llm.chat("?tokens=3", WHOLE);
      llm.chat("?tokens=0", WHOLE);
      JsonNode metrics = llm.awaitMetrics(now -> now.get("completed_streams").asInt() == 2);
      assertThat(metrics.fieldNames())
          .toIterable()
          .containsExactly(
              "active_streams",
              "total_streams",
              "completed_streams",
              "aborted_streams",
              "events_sent",
              "events_completed",
              "bytes_sent",
              "requests",
              "rejected_requests",
              "buffer_limit_hits",
              "buffered_bytes_max",
              "timestamp",
              "process");
      assertThat(metrics.get("total_streams").asInt()).isEqualTo(2);
      assertThat(metrics.get("events_sent").asInt()).isEqualTo(5);
      assertThat(metrics.get("events_completed").asInt()).isEqualTo(5);
      assertThat(metrics.get("requests").asInt()).isEqualTo(3);
      assertThat(metrics.get("rejected_requests").asInt()).isEqualTo(1);
      HttpRequest.Builder text = HttpRequest.newBuilder(URI.create(llm.url("/metrics")));
      assertThat(llm.send(text.header("accept", "text/plain")).body())
          .contains("llm_streams_total 2.0", "llm_events_completed_total 5.0");
      assertThat(llm.get("/metrics/prometheus").body()).contains("llm_active_streams 0.0");
    }
  }

  private static String chunk(String data) {
    return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
  }
}
