package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static targets.llm.RunningLlm.STREAM;
import static targets.llm.RunningLlm.WHOLE;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import settings.JwtPlan;
import targets.llm.RunningLlm;
import targets.proxy.RunningProxy;
import targets.shared.Counters;
import targets.ticker.RunningTicker;
import testing.RawClient;
import testing.ScriptedServer.Script;

/** The defects that every target can have: they do what they say, and end with the target. */
class CommonDefectsTest {
  private static final String AT_ONCE = "?tokens=2&duration_ms=0";
  private static final Script EMPTY = (request, wire) -> wire.sendWhole("{}");

  @ParameterizedTest
  @CsvSource({"drop-token, 0", "'fd-leak,thread-leak,error=1%', 0", "'slow=1%,leak=1KB/s', 3"})
  void only_what_takes_time_has_a_task_on_each_loop_or_one(String defects, int tasks) {
    var loops = List.of(new ScheduledThreadPoolExecutor(1), new ScheduledThreadPoolExecutor(1));
    try (CommonDefects common = DefectsTest.common(defects)) {
      common.start(loops, new Counters("x_"));
      assertThat(loops.stream().mapToLong(loop -> loop.getQueue().size()).sum()).isEqualTo(tasks);
    } finally {
      loops.forEach(ScheduledThreadPoolExecutor::shutdownNow);
    }
  }

  @Test
  void exactly_six_of_a_hundred_chats_fail_in_the_shape_of_openai() {
    try (RunningLlm llm = new RunningLlm(LlmDefects.SPEC, "defect=error=6%")) {
      List<HttpResponse<String>> failed =
          chats(llm, 100).stream().filter(reply -> reply.statusCode() != 200).toList();
      assertThat(failed).hasSize(6).allMatch(reply -> reply.statusCode() == 500);
      JsonNode error = RunningLlm.json(failed.get(0).body()).get("error");
      assertThat(error.fieldNames())
          .toIterable()
          .containsExactly("message", "type", "param", "code");
      JsonNode metrics = llm.await("completed_streams", 94);
      assertThat(metrics.get("requests").asInt()).isEqualTo(100);
      assertThat(metrics.get("rejected_requests").asInt()).isEqualTo(6);
    }
  }

  @Test
  void chats_that_are_not_streamed_fail_too_and_other_pages_never() {
    try (RunningLlm llm = new RunningLlm(LlmDefects.SPEC, "defect=error=100%")) {
      assertThat(llm.chat(AT_ONCE, WHOLE).statusCode()).isEqualTo(500);
      assertThat(llm.get("/health").statusCode()).isEqualTo(200);
      assertThat(llm.get("/v1/models").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_failed_request_never_reaches_the_upstream_and_its_connection_serves_the_next()
      throws Exception {
    String post = "POST /v1/x HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody";
    try (RunningProxy proxy = RunningProxy.before(ProxyDefects.SPEC, EMPTY, "defect=error=50%");
        RawClient client = proxy.client()) {
      for (int round = 0; round < 3; round++) {
        assertThat(client.send(post).response()).startsWith("HTTP/1.1 200");
        assertThat(client.send(post).response()).startsWith("HTTP/1.1 502").contains("planted");
      }
      assertThat(proxy.upstream().requests()).filteredOn(head -> head.contains("/v1/x")).hasSize(3);
      proxy.awaitCounters("completed_streams=3", "failed_connections=3", "total_connections=6");
      proxy.awaitCounters("upstream_failures=0");
    }
  }

  @Test
  void a_failed_handshake_is_counted_as_planted() throws IOException {
    try (RunningTicker ticker = RunningTicker.of(TickerDefects.SPEC, "defect=error=100%")) {
      assertThat(ticker.upgrade(RunningTicker.token("user-1"))).startsWith("HTTP/1.1 500 ");
      assertThat(ticker.metrics().get("planted_errors").asInt()).isOne();
    }
  }

  static Stream<Arguments> accepted() {
    JwtPlan good = JwtPlan.GOOD;
    return Stream.of(
        Arguments.of("accept-any-token", good.signedByAnother(), "101"),
        Arguments.of("accept-alg-none", good.signed("none"), "101"),
        Arguments.of("no-expiry-check", good.lasting(Duration.ofHours(-1)), "101"),
        Arguments.of("accept-alg-none,no-expiry-check", good.signedByAnother(), "401"));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void a_defect_of_one_check_of_tokens_leaves_the_others(String defect, JwtPlan plan, String status)
      throws IOException {
    try (RunningTicker ticker = RunningTicker.of(TickerDefects.SPEC, "defect=" + defect)) {
      assertThat(ticker.upgrade(RunningTicker.token("user-1", plan))).contains(" " + status + " ");
    }
  }

  @Test
  void late_makes_every_piece_of_a_stream_late() throws Exception {
    assertThat(RunningProxy.msOfTwentyEvents(ProxyDefects.SPEC, "defect=late=20ms"))
        .isGreaterThanOrEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "1000, 84"})
  void a_leak_is_bounded_and_where_no_more_can_be_had_a_few_are_given_back(int max, int left) {
    AtomicInteger open = new AtomicInteger();
    Leak leak = new Leak("fd-leak", max, () -> openOf(open, 100));
    IntStream.range(0, 200).forEach(each -> leak.leak());
    assertThat(open).hasValue(left);
    leak.close();
    leak.leak();
    assertThat(open).hasValue(0);
  }

  private static Closeable openOf(AtomicInteger open, int most) throws IOException {
    if (open.get() == most) {
      throw new IOException("Too many open files");
    }
    open.incrementAndGet();
    return open::decrementAndGet;
  }

  private static List<HttpResponse<String>> chats(RunningLlm llm, int count) {
    return IntStream.range(0, count).mapToObj(each -> llm.chat(AT_ONCE, STREAM)).toList();
  }
}
