package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.proxy.RunningProxy;
import targets.proxy.ScriptedUpstream;
import targets.shared.Json;
import testing.RawClient;

/** The troubles that every target can have, in the proxy. */
@Timeout(60)
final class ProxyTroublesTest {
  private static final ScriptedUpstream.Script WHOLE = (request, wire) -> wire.sendWhole("{}");

  @Test
  void exactly_six_of_a_hundred_requests_fail_and_never_reach_the_upstream() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(ProxyDefects.SPEC, WHOLE, "defect=error=6%")) {
      List<HttpResponse<String>> failed = new ArrayList<>(requests(proxy, 100));
      failed.removeIf(reply -> reply.statusCode() == 200);
      assertThat(failed).hasSize(6).allMatch(reply -> reply.statusCode() == 502);
      JsonNode error = Json.MAPPER.readTree(failed.get(0).body()).get("error");
      assertThat(error.get("type").asText()).isEqualTo("upstream_error");
      assertThat(error.get("code").asText()).isEqualTo("planted_error");
      assertThat(proxy.upstream().requests())
          .filteredOn(head -> head.contains("/v1/x"))
          .hasSize(94);
      assertThat(proxy.awaitCounter("completed_streams", 94)).isEqualTo(94);
      assertThat(proxy.counter("failed_connections")).isEqualTo(6);
      assertThat(proxy.counter("total_connections")).isEqualTo(100);
      assertThat(proxy.counter("upstream_failures")).isZero();
    }
  }

  @Test
  void after_an_error_the_connection_serves_the_next_request() throws Exception {
    String post = "POST /v1/x HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody";
    try (RunningProxy proxy = RunningProxy.before(ProxyDefects.SPEC, WHOLE, "defect=error=50%");
        RawClient client = proxy.client()) {
      for (int round = 0; round < 3; round++) {
        assertThat(client.send(post).response()).startsWith("HTTP/1.1 200");
        assertThat(client.send(post).response()).startsWith("HTTP/1.1 502");
      }
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
}
