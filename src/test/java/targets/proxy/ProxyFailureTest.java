package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import testing.RawClient;

/** Each side sees the failure of the other one. */
@Timeout(30)
final class ProxyFailureTest {
  private static final ScriptedUpstream.Script ENDLESS =
      (request, wire) -> {
        wire.beginStream();
        wire.sendChunk("data: a\n\n");
        wire.in().read();
      };

  @Test
  void a_broken_upstream_is_a_broken_stream() throws Exception {
    ScriptedUpstream.Script script =
        (request, wire) -> {
          wire.beginStream();
          wire.sendChunk("data: a\n\n");
          wire.send("9\r\ndata");
          if (request.contains("reset")) {
            wire.reset();
          } else {
            wire.socket().close();
          }
        };
    try (ScriptedUpstream upstream = new ScriptedUpstream(script);
        RunningProxy proxy = RunningProxy.before(upstream);
        RawClient closed = proxy.client().get("/v1/close")) {
      assertThat(closed.rest()).contains("data: a\n\n").doesNotContain("0\r\n\r\n");
      try (RawClient reset = proxy.client().get("/v1/reset")) {
        assertThat(reset.rest()).startsWith("HTTP/1.1 200").doesNotContain("0\r\n\r\n");
      }
      assertThat(proxy.awaitCounter("aborted_streams", 2)).isEqualTo(2);
      assertThat(proxy.counter("upstream_failures")).isEqualTo(2);
      assertThat(proxy.counter("proxied_messages_completed")).isZero();
      assertThat(proxy.counter("active_connections")).isZero();
    }
  }

  @Test
  void wrong_chunks_break_the_stream() throws Exception {
    ScriptedUpstream.Script script =
        (request, wire) -> {
          wire.beginStream();
          wire.send("zz\r\n");
          wire.in().read();
        };
    try (ScriptedUpstream upstream = new ScriptedUpstream(script);
        RunningProxy proxy = RunningProxy.before(upstream);
        RawClient client = proxy.client().get("/v1/x")) {
      client.head();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void an_upstream_that_refuses_or_answers_nonsense_is_502() throws Exception {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    try (RunningProxy proxy = RunningProxy.before("http://127.0.0.1:" + unused)) {
      HttpResponse<String> response = proxy.get("/sse?client_id=1");
      assertThat(response.statusCode()).isEqualTo(502);
      assertThat(response.body()).contains("upstream_unreachable").contains("message");
      assertThat(proxy.get("/health").statusCode()).isEqualTo(503);
      assertThat(proxy.metrics().get("deep_server")).isEmpty();
      assertThat(proxy.counter("failed_connections")).isEqualTo(1);
    }
    for (String nonsense :
        new String[] {
          "NOT HTTP\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
          "HTTP/1.1 101 Switching Protocols\r\n\r\n",
          "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n",
          "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n"
        }) {
      try (ScriptedUpstream upstream =
              new ScriptedUpstream((request, wire) -> wire.send(nonsense));
          RunningProxy proxy = RunningProxy.before(upstream)) {
        assertThat(proxy.get("/v1/x").statusCode()).as(nonsense).isEqualTo(502);
      }
    }
  }

  @Test
  void no_answer_in_time_is_504() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream((request, wire) -> wire.in().read());
        RunningProxy proxy = RunningProxy.before(upstream, "response-timeout=100ms")) {
      HttpResponse<String> response = proxy.get("/v1/models");
      assertThat(response.statusCode()).isEqualTo(504);
      assertThat(response.body()).contains("upstream_response_timeout");
    }
  }

  @Test
  void no_connect_in_time_is_504() throws Exception {
    // TEST-NET-1 (RFC 5737) does not answer; where the network refuses it at once, it is a 502.
    try (RunningProxy proxy = RunningProxy.before("http://192.0.2.1:9", "connect-timeout=100ms")) {
      assertThat(proxy.get("/v1/models").statusCode()).isIn(502, 504);
    }
  }

  @Test
  void a_silent_stream_is_broken_off() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream(ENDLESS);
        RunningProxy proxy = RunningProxy.before(upstream, "idle-timeout=150ms");
        RawClient client = proxy.client().get("/v1/x")) {
      assertThat(client.rest()).endsWith("9\r\ndata: a\n\n\r\n");
      assertThat(proxy.counter("upstream_failures")).isEqualTo(1);
    }
  }

  @Test
  void no_free_slot_is_503() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream(ENDLESS);
        RunningProxy proxy = RunningProxy.before(upstream, "max-streams=1");
        RawClient first = proxy.client().get("/v1/x")) {
      first.head();
      HttpResponse<String> refused = proxy.get("/v1/y");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).contains("1");
      assertThat(proxy.counter("refused_connections")).isEqualTo(1);
    }
  }

  @Test
  void a_client_that_leaves_cancels_its_upstream() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(2);
    ScriptedUpstream.Script script =
        (request, wire) -> {
          wire.beginStream();
          wire.sendChunk("data: a\n\n");
          try {
            wire.in().read();
          } finally {
            cancelled.countDown();
          }
        };
    try (ScriptedUpstream upstream = new ScriptedUpstream(script);
        RunningProxy proxy = RunningProxy.before(upstream);
        RawClient resetting = proxy.client().get("/v1/x");
        RawClient closing = proxy.client().get("/v1/x")) {
      resetting.head();
      closing.head();
      resetting.reset();
      closing.leave();
      assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(proxy.awaitCounter("aborted_streams", 2)).isEqualTo(2);
      assertThat(proxy.counter("cancelled_upstreams")).isEqualTo(2);
      assertThat(proxy.counter("upstream_failures")).isZero();
    }
  }

  @Test
  void a_stale_pooled_connection_is_tried_once_more_on_a_new_one() throws Exception {
    AtomicInteger played = new AtomicInteger();
    ScriptedUpstream.Script script =
        (request, wire) -> {
          if (played.incrementAndGet() == 2) {
            wire.reset();
          } else {
            wire.sendWhole("ok");
          }
        };
    try (ScriptedUpstream upstream = new ScriptedUpstream(script);
        RunningProxy proxy = RunningProxy.before(upstream)) {
      assertThat(proxy.get("/sse?client_id=1").body()).isEqualTo("ok");
      assertThat(proxy.get("/sse?client_id=2").body()).isEqualTo("ok");
      assertThat(upstream.connections()).isEqualTo(2);
      assertThat(played.get()).isEqualTo(3);
    }
  }

  @Test
  void bad_requests_are_refused() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream(ENDLESS);
        RunningProxy proxy = RunningProxy.before(upstream)) {
      String[][] cases = {
        {"nonsense\r\n\r\n", "HTTP/1.1 400"},
        {"GET /v1/x HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},
        {"GET /v1/x HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n", "HTTP/1.1 431"},
        {"GET /" + "y".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 414"},
        {
          "POST /v1/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
          "HTTP/1.1 501"
        },
        {"POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400"},
      };
      for (String[] wrong : cases) {
        try (RawClient client = proxy.client().send(wrong[0])) {
          assertThat(client.rest()).startsWith(wrong[1]).containsIgnoringCase("connection: close");
        }
      }
      assertThat(upstream.requests()).isEmpty();
    }
  }
}
