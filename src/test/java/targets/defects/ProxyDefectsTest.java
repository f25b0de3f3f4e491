package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.proxy.RunningProxy;
import targets.proxy.ScriptedUpstream;
import testing.RawClient;

/** Each planted defect does what it says, and nothing else. */
@Timeout(30)
final class ProxyDefectsTest {
  private static final ScriptedUpstream.Script TWO_EVENTS =
      (request, wire) -> wire.sendStream("data: a\n\n", "data: [DONE]\n\n");

  @Test
  void unterminated_done_spoils_the_very_last_newline_only() throws Exception {
    try (RunningProxy proxy = before(TWO_EVENTS, "unterminated-done")) {
      assertThat(proxy.get("/sse?client_id=1").body()).isEqualTo("data: a\n\ndata: [DONE]\n ");
      assertThat(proxy.awaitCounter("proxied_messages_completed", 2)).isEqualTo(2);
    }
  }

  @Test
  void clean_end_makes_a_broken_stream_look_whole() throws Exception {
    ScriptedUpstream.Script script =
        (request, wire) -> {
          wire.beginStream("data: a\n\n");
          wire.socket().close();
        };
    try (RunningProxy proxy = before(script, "clean-end-on-upstream-break")) {
      assertThat(proxy.get("/v1/x").body()).isEqualTo("data: a\n\n");
      assertThat(proxy.counter("upstream_failures")).isEqualTo(1);
    }
  }

  @Test
  void count_on_flush_counts_too_little() throws Exception {
    try (RunningProxy proxy = before(TWO_EVENTS, "count-on-flush")) {
      assertThat(proxy.get("/v1/x").body()).isEqualTo("data: a\n\ndata: [DONE]\n\n");
      assertThat(proxy.awaitCounter("completed_streams", 1)).isEqualTo(1);
      assertThat(proxy.counter("proxied_messages")).isLessThan(2);
      assertThat(proxy.counter("proxied_messages_completed")).isLessThan(2);
    }
  }

  @Test
  void ignore_client_disconnect_reads_the_upstream_to_its_end() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    SynchronousQueue<Boolean> left = new SynchronousQueue<>();
    ScriptedUpstream.Script script =
        (request, wire) -> {
          if (request.contains("/metrics")) {
            wire.sendWhole("{}");
            return;
          }
          wire.beginStream("data: a\n\n");
          left.take();
          for (int number = 0; number < 100; number++) {
            wire.sendChunk("data: b\n\n");
          }
          wire.endStream();
          ended.countDown();
        };
    try (RunningProxy proxy = before(script, "ignore-client-disconnect")) {
      try (RawClient client = proxy.client().get("/v1/x")) {
        client.head();
        client.reset();
      }
      assertThat(proxy.counter("active_connections")).isEqualTo(1);
      left.put(true);
      assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(proxy.awaitCounter("aborted_streams", 1)).isEqualTo(1);
      assertThat(proxy.counter("cancelled_upstreams")).isZero();
    }
  }

  @Test
  void coalesce_lets_bytes_leave_on_the_grid_only() throws Exception {
    assertThat(RunningProxy.msOfTwentyEvents(ProxyDefects.SPEC, "defect=coalesce-50ms"))
        .isGreaterThan(700);
  }

  @Test
  void late_makes_every_piece_late() throws Exception {
    assertThat(RunningProxy.msOfTwentyEvents(ProxyDefects.SPEC, "defect=late=20ms"))
        .isGreaterThanOrEqualTo(400);
  }

  private static RunningProxy before(ScriptedUpstream.Script script, String defect) {
    return RunningProxy.before(ProxyDefects.SPEC, script, "defect=" + defect);
  }
}
