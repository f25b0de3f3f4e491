package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static targets.llm.RunningLlm.STREAM;
import static targets.llm.RunningLlm.WHOLE;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import kpi.ProcessFigures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.llm.RunningLlm;

/** The troubles that every target can have, in the token server. */
@Timeout(60)
class LlmTroublesTest {
  private static final String AT_ONCE = "?tokens=2&duration_ms=0";

  @Test
  void exactly_six_of_a_hundred_chats_fail_in_the_shape_of_openai() {
    try (RunningLlm llm = RunningLlm.of(LlmDefects.SPEC, "defect", "error=6%")) {
      List<HttpResponse<String>> failed =
          chats(llm, 100).stream().filter(reply -> reply.statusCode() != 200).toList();
      assertThat(failed).hasSize(6).allMatch(reply -> reply.statusCode() == 500);
      JsonNode error = RunningLlm.json(failed.get(0).body()).get("error");
      assertThat(error.fieldNames())
          .toIterable()
          .containsExactly("message", "type", "param", "code");
      assertThat(error.get("type").asText()).isEqualTo("server_error");
      assertThat(error.get("code").asText()).isEqualTo("planted_error");
      JsonNode metrics = llm.awaitMetrics(now -> now.get("completed_streams").asInt() == 94);
      assertThat(metrics.get("requests").asInt()).isEqualTo(100);
      assertThat(metrics.get("rejected_requests").asInt()).isEqualTo(6);
    }
  }

  @Test
  void chats_that_are_not_streamed_fail_too_and_other_pages_never() {
    try (RunningLlm llm = RunningLlm.of(LlmDefects.SPEC, "defect", "error=100%")) {
      assertThat(llm.chat(AT_ONCE, WHOLE).statusCode()).isEqualTo(500);
      assertThat(llm.get("/health").statusCode()).isEqualTo(200);
      assertThat(llm.get("/v1/models").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void descriptors_and_threads_grow_with_the_chats_until_the_server_stops() {
    long leaked;
    try (RunningLlm llm = RunningLlm.of(LlmDefects.SPEC, "defect", "fd-leak,thread-leak")) {
      chats(llm, 1);
      long before = figure(llm, "open_fds");
      chats(llm, 200);
      leaked = figure(llm, "open_fds");
      assertThat(leaked - before).isBetween(180L, 220L);
      assertThat(leakedThreads()).isEqualTo(20);
    }
    assertThat(ProcessFigures.now().openFds()).isLessThan(leaked - 180);
    assertThat(leakedThreads()).isZero();
  }

  @Test
  void the_heap_grows_without_any_chat_until_the_server_stops() {
    long before = heapInUse();
    try (RunningLlm llm = RunningLlm.of(LlmDefects.SPEC, "defect", "leak=50MB/s")) {
      llm.awaitMetrics(now -> heapInUse() > before + 30_000_000);
    }
    assertThat(heapInUse()).isLessThan(before + 15_000_000);
  }

  private static List<HttpResponse<String>> chats(RunningLlm llm, int count) {
    return IntStream.range(0, count).mapToObj(each -> llm.chat(AT_ONCE, STREAM)).toList();
  }

  private static long figure(RunningLlm llm, String name) {
    return llm.metrics().get("process").get(name).asLong();
  }

  private static long leakedThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("leaked-"))
        .count();
  }

  /** Returns the heap in use after a collection. */
  private static long heapInUse() {
    System.gc();
    return ProcessFigures.now().heapBytes();
  }
}
