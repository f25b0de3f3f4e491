package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static targets.llm.RunningLlm.STREAM;
import static targets.llm.RunningLlm.WHOLE;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import settings.SeededText;
import testing.RawClient;

@Timeout(30)
class LlmStreamLifeTest {
  private static final String HEALTH = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";

  @Test
  void a_broken_stream_has_its_tokens_but_no_end() throws IOException {
    try (RunningLlm llm = RunningLlm.with();
        RawClient wire = new RawClient(llm.port())) {
      String got = wire.send(RunningLlm.raw("?tokens=9&break_after=3", STREAM)).rest();
      assertThat(got.split("data: ", -1)).hasSize(4);
      assertThat(got).doesNotContain("DONE").doesNotContain("\r\n0\r\n");
      assertThatThrownBy(() -> llm.chat("?break_after=3", STREAM))
          .isInstanceOf(UncheckedIOException.class);
      JsonNode metrics = llm.awaitMetrics(now -> now.get("aborted_streams").asInt() == 2);
      assertThat(metrics.get("events_sent").asInt()).isEqualTo(6);
      assertThat(metrics.get("events_completed").asInt()).isZero();
    }
  }

  @Test
  void a_client_that_leaves_ends_its_stream_at_once() throws IOException {
    try (RunningLlm llm = RunningLlm.with()) {
      for (String body : new String[] {STREAM, WHOLE}) {
        try (RawClient wire = new RawClient(llm.port())) {
          wire.send(RunningLlm.raw("?duration_ms=3600000", body));
          llm.awaitMetrics(now -> now.get("active_streams").asInt() == 1);
        }
        llm.awaitMetrics(now -> now.get("active_streams").asInt() == 0);
      }
      assertThat(llm.metrics().get("aborted_streams").asInt()).isEqualTo(2);
    }
  }

  @Test
  void a_slow_reader_holds_little_disturbs_no_other_and_loses_nothing() throws IOException {
    try (RunningLlm llm = RunningLlm.with();
        RawClient slow = new RawClient(llm.port(), 2048)) {
      slow.send(RunningLlm.raw("?tokens=100000&duration_ms=0", STREAM));
      llm.awaitMetrics(now -> now.get("buffer_limit_hits").asInt() > 0);
      assertThat(llm.chat("", STREAM).body()).endsWith("[DONE]\n\n");
      String last = new SeededText(42).token(99_999) + "\"},\"finish_reason\":null}]}";
      String got = slow.readUntil("\r\n0\r\n\r\n");
      assertThat(got.split("data: ", -1)).hasSize(100_003);
      assertThat(got).contains(last);
      JsonNode metrics = llm.awaitMetrics(now -> now.get("completed_streams").asInt() == 2);
      // The high-water mark, one batch and its framing.
      assertThat(metrics.get("buffered_bytes_max").asInt()).isLessThan((32 + 18) * 1024);
      assertThat(metrics.get("aborted_streams").asInt()).isZero();
    }
  }

  @Test
  void a_client_that_takes_nothing_is_cut_off_after_the_bound() throws IOException {
    try (RunningLlm llm = RunningLlm.with("client-stall", "100ms");
        RawClient frozen = new RawClient(llm.port(), 2048)) {
      frozen.send(RunningLlm.raw("?tokens=100000&duration_ms=0", STREAM));
      llm.awaitMetrics(now -> now.get("aborted_streams").asInt() == 1);
    }
  }

  @Test
  void draining_lets_a_stream_finish_and_refuses_new_work() throws IOException {
    RunningLlm llm = RunningLlm.with();
    try (RawClient running = new RawClient(llm.port());
        RawClient idle = new RawClient(llm.port());
        RawClient asking = new RawClient(llm.port())) {
      idle.send(HEALTH).readUntil("\"ok\"}");
      asking.send(HEALTH).readUntil("\"ok\"}");
      running.send(RunningLlm.raw("?tokens=2&duration_ms=1500", STREAM)).readUntil("data: ");
      CompletableFuture<Void> closed = CompletableFuture.runAsync(llm::close);
      awaitRefusal(llm.port());
      assertThat(idle.send(HEALTH).rest()).startsWith("HTTP/1.1 503").contains("connection: close");
      assertThat(asking.send(RunningLlm.raw("", STREAM)).rest())
          .startsWith("HTTP/1.1 503")
          .contains("connection: close", "\"shutting_down\"");
      assertThat(running.rest()).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
      closed.join();
      llm.close();
    }
  }

  @Test
  void past_the_drain_bound_answers_end_properly_with_an_error() throws IOException {
    RunningLlm llm = RunningLlm.with("drain", "0s");
    try (RawClient stream = new RawClient(llm.port());
        RawClient whole = new RawClient(llm.port())) {
      stream.send(RunningLlm.raw("?duration_ms=60000", STREAM)).readUntil("data: ");
      whole.send(RunningLlm.raw("?duration_ms=60000", WHOLE));
      llm.awaitMetrics(now -> now.get("active_streams").asInt() == 2);
      llm.close();
      assertThat(stream.rest())
          .contains("data: {\"error\":{\"message\":\"The server is shutting down.\"")
          .endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
      assertThat(whole.rest()).startsWith("HTTP/1.1 503").contains("connection: close");
    }
  }

  /** Until the listener is closed. */
  private static void awaitRefusal(int port) {
    boolean listens = true;
    while (listens) {
      try {
        new RawClient(port).close();
      } catch (IOException e) {
        listens = false;
      }
    }
  }
}
