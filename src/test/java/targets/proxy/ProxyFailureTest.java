package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import testing.RawClient;
import testing.ScriptedServer;
import testing.ScriptedServer.Script;

/** Each side sees the failure of the other one, and the stop of the proxy. */
final class ProxyFailureTest {
  /** A free port may be taken by a test beside this one; nothing has the first. */
  private static final String REFUSING = "http://127.0.0.1:1";

  private static final Script ENDLESS =
      (request, wire) -> {
        wire.beginStream("data: a\n\n");
        wire.in().read();
      };

  @Test
  void a_broken_upstream_is_a_broken_stream() throws Exception {
    Script script =
        (request, wire) -> {
          wire.beginStream("data: a\n\n");
          if (request.contains("wrong")) {
            wire.send("zz\r\n");
            wire.in().read();
          }
          wire.send("9\r\ndata");
          if (request.contains("reset")) {
            wire.reset();
          } else {
            wire.socket().close();
          }
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient closed = proxy.client().get("/v1/close");
        RawClient reset = proxy.client().get("/v1/reset");
        RawClient wrong = proxy.client().get("/v1/wrong")) {
      assertThat(closed.rest()).contains("data: a\n\n").doesNotContain("0\r\n\r\n");
      assertThat(reset.rest()).startsWith("HTTP/1.1 200").doesNotContain("0\r\n\r\n");
      assertThat(wrong.rest()).startsWith("HTTP/1.1 200").doesNotContain("zz");
      proxy.awaitCounters("aborted_streams=3", "upstream_failures=3", "active_connections=0");
      proxy.awaitCounters("proxied_messages_completed=0");
    }
  }

  @Test
  void of_two_upstreams_the_one_that_accepts_gets_each_request() throws Exception {
    try (ScriptedServer second = new ScriptedServer((request, wire) -> wire.sendWhole("it"));
        RunningProxy proxy =
            RunningProxy.before(
                ENDLESS, "straight=true", "upstream=" + REFUSING + "," + second.url())) {
      assertThat(proxy.get("/health").statusCode()).isEqualTo(200);
      for (int request = 0; request < 3; request++) {
        assertThat(proxy.get("/sse?delay=" + request).body()).isEqualTo("it");
      }
      assertThat(second.requests()).filteredOn(head -> head.startsWith("GET /sse?")).hasSize(3);
      assertThat(proxy.counter("upstream_failures")).isZero();
    }
  }

  @Test
  void an_upstream_that_refuses_is_502() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(ENDLESS, "upstream=" + REFUSING)) {
      HttpResponse<String> response = proxy.get("/sse?client_id=1");
      assertThat(response.statusCode()).isEqualTo(502);
      assertThat(response.body()).contains("upstream_unreachable").contains("message");
      assertThat(proxy.get("/health").statusCode()).isEqualTo(503);
      assertThat(proxy.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(proxy.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(proxy.metrics().get("deep_server")).isEmpty();
      assertThat(proxy.counter("failed_connections")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOT HTTP\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n"
      })
  void an_upstream_that_answers_nonsense_is_502(String nonsense) throws Exception {
    try (RunningProxy proxy = RunningProxy.before((request, wire) -> wire.send(nonsense))) {
      assertThat(proxy.get("/v1/x").statusCode()).isEqualTo(502);
    }
  }

  @Test
  void no_answer_in_time_is_504() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.before((request, wire) -> wire.in().read(), "response-timeout=100ms")) {
      HttpResponse<String> response = proxy.get("/v1/models");
      assertThat(response.statusCode()).isEqualTo(504);
      assertThat(response.body()).contains("upstream_response_timeout");
    }
    // TEST-NET-1 (RFC 5737) does not answer; where the network refuses it at once, it is a 502.
    try (RunningProxy proxy =
        RunningProxy.before(ENDLESS, "upstream=http://192.0.2.1:9", "connect-timeout=100ms")) {
      assertThat(proxy.get("/v1/models").statusCode()).isIn(502, 504);
    }
  }

  @Test
  void silent_streams_are_broken_off_and_counted_once() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(ENDLESS, "idle-timeout=150ms")) {
      for (int stream = 0; stream < 3; stream++) {
        try (RawClient client = proxy.client().get("/v1/x")) {
          assertThat(client.rest()).endsWith("9\r\ndata: a\n\n\r\n");
        }
      }
      proxy.awaitCounters("upstream_failures=3", "aborted_streams=3", "active_connections=0");
    }
  }

  @Test
  void no_free_slot_is_503() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(ENDLESS, "max-streams=1");
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
    Script script =
        (request, wire) -> {
          try {
            ENDLESS.play(request, wire);
          } finally {
            cancelled.countDown();
          }
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient resetting = proxy.client().get("/v1/x");
        RawClient closing = proxy.client().get("/v1/x")) {
      resetting.head();
      closing.head();
      resetting.reset();
      closing.leave();
      cancelled.await();
      proxy.awaitCounters("aborted_streams=2", "cancelled_upstreams=2", "upstream_failures=0");
    }
  }

  @Test
  void a_stale_pooled_connection_is_tried_once_more_on_a_new_one() throws Exception {
    AtomicInteger played = new AtomicInteger();
    Script script =
        (request, wire) -> {
          if (played.incrementAndGet() == 2) {
            wire.reset();
          } else {
            wire.sendWhole("ok");
          }
        };
    try (RunningProxy proxy = RunningProxy.before(script)) {
      assertThat(proxy.get("/sse?client_id=1").body()).isEqualTo("ok");
      assertThat(proxy.get("/sse?client_id=2").body()).isEqualTo("ok");
      assertThat(proxy.upstream().connections()).isEqualTo(2);
      assertThat(played.get()).isEqualTo(3);
    }
  }

  static Stream<Arguments> badRequests() {
    String post = "POST /v1/x HTTP/1.1\r\nHost: x\r\n";
    return Stream.of(
        Arguments.of(400, "nonsense\r\n\r\n"),
        Arguments.of(400, "GET /v1/x HTTP/1.1\r\n\r\n"),
        Arguments.of(400, post + "Content-Length: -1\r\n\r\n"),
        Arguments.of(414, "GET /" + "y".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(431, post + "X: " + "y".repeat(40_000) + "\r\n\r\n"),
        Arguments.of(501, post + "Transfer-Encoding: gzip, chunked\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void bad_requests_are_refused(int status, String request) throws Exception {
    try (RunningProxy proxy = RunningProxy.before(ENDLESS);
        RawClient client = proxy.client().send(request)) {
      assertThat(client.rest())
          .startsWith("HTTP/1.1 " + status)
          .containsIgnoringCase("connection: close");
      assertThat(proxy.upstream().requests()).isEmpty();
    }
  }

  @Test
  void when_stopping_streams_end_properly_and_new_requests_are_refused() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Script script =
        (request, wire) -> {
          wire.beginStream("data: a\n\n");
          end.await();
          wire.endStream();
        };
    try (RunningProxy proxy = RunningProxy.before(script, "drain=10s");
        RawClient running = proxy.client().get("/v1/x");
        RawClient idle = proxy.client()) {
      running.head();
      running.read("9\r\ndata: a\n\n\r\n".length());
      CompletableFuture<Void> closed = CompletableFuture.runAsync(proxy::stop);
      assertThat(idle.rest()).as("idle connections are closed").isEmpty();
      assertThatThrownBy(proxy::client).isInstanceOf(ConnectException.class);
      assertThat(closed).isNotDone();
      end.countDown();
      assertThat(running.rest()).isEqualTo("0\r\n\r\n");
      closed.get();
    }
  }

  @Test
  void past_the_drain_bound_streams_are_broken_off() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(ENDLESS, "drain=50ms");
        RawClient client = proxy.client().get("/v1/x")) {
      client.head();
      client.read("9\r\ndata: a\n\n\r\n".length());
      proxy.stop();
      assertThat(client.rest()).isIn("", "<reset>");
      proxy.stop();
    }
  }
}
