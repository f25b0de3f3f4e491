package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import kpi.ProcessFigures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.shared.Json;

/** The troubles that every target can have, in the proxy. */
@Timeout(60)
final class ProxyTroublesTest {
  private static final ScriptedUpstream.Script WHOLE = (request, wire) -> wire.sendWhole("{}");

  @Test
  void exactly_six_of_a_hundred_requests_fail_and_never_reach_the_upstream() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream(WHOLE);
        RunningProxy proxy = RunningProxy.before(upstream, "defect=error=6%")) {
      List<HttpResponse<String>> failed = new ArrayList<>(requests(proxy, 100));
      failed.removeIf(reply -> reply.statusCode() == 200);
      assertThat(failed).hasSize(6).allMatch(reply -> reply.statusCode() == 502);
      JsonNode error = Json.MAPPER.readTree(failed.get(0).body()).get("error");
      assertThat(error.get("type").asText()).isEqualTo("upstream_error");
      assertThat(error.get("code").asText()).isEqualTo("planted_error");
      assertThat(upstream.requests()).filteredOn(head -> head.contains("/v1/x")).hasSize(94);
      assertThat(proxy.awaitCounter("completed_streams", 94)).isEqualTo(94);
      assertThat(proxy.counter("failed_connections")).isEqualTo(6);
      assertThat(proxy.counter("total_connections")).isEqualTo(100);
      assertThat(proxy.counter("upstream_failures")).isZero();
    }
  }

  @Test
  void after_an_error_the_connection_serves_the_next_request() throws Exception {
    String post = "POST /v1/x HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody";
    try (ScriptedUpstream upstream = new ScriptedUpstream(WHOLE);
        RunningProxy proxy = RunningProxy.before(upstream, "defect=error=50%");
        RawClient client = proxy.client()) {
      for (int round = 0; round < 3; round++) {
        assertThat(client.send(post).response()).startsWith("HTTP/1.1 200");
        assertThat(client.send(post).response()).startsWith("HTTP/1.1 502");
      }
    }
  }

  @Test
  void its_own_pages_never_fail() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream(WHOLE);
        RunningProxy proxy = RunningProxy.before(upstream, "defect=error=100%")) {
      assertThat(proxy.get("/v1/x").statusCode()).isEqualTo(502);
      assertThat(proxy.get("/health").statusCode()).isEqualTo(200);
      assertThat(proxy.get("/metrics").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void descriptors_and_threads_grow_with_the_requests_until_the_proxy_stops() throws Exception {
    long leakedFds;
    try (ScriptedUpstream upstream = new ScriptedUpstream(WHOLE)) {
      try (RunningProxy proxy = RunningProxy.before(upstream, "defect=fd-leak,thread-leak=4")) {
        requests(proxy, 1);
        JsonNode before = proxy.metrics().get("process");
        requests(proxy, 200);
        JsonNode after = proxy.metrics().get("process");
        leakedFds = after.get("open_fds").asLong();
        assertThat(leakedFds - before.get("open_fds").asLong()).isBetween(180L, 220L);
        assertThat(leakedThreads()).isEqualTo(50);
      }
      assertThat(ProcessFigures.now().openFds()).isLessThan(leakedFds - 180);
      assertThat(leakedThreads()).isZero();
    }
  }

  private static List<HttpResponse<String>> requests(RunningProxy proxy, int count)
      throws Exception {
    List<HttpResponse<String>> replies = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      replies.add(proxy.get("/v1/x"));
    }
    return replies;
  }

  private static long leakedThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("leaked-"))
        .count();
  }
}
