package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import testing.RawClient;
import testing.ScriptedServer.Script;

/** What reaches whom, byte for byte; a slow side slows its own other side and no other stream. */
final class ProxyStreamTest {
  private static final int CHUNK = 16 * 1024;
  private static final int CHUNKS = 4096;
  private static final String MIXED =
      ": hi\n\ndata: a\n\ndata: b\r\n\r\ndata: c\r\rdata: \u00ff\u0000\u0001\n\ndata: [DONE]\n\n";

  @Test
  void sse_becomes_a_post_without_the_client_id() throws Exception {
    try (RunningProxy proxy = RunningProxy.before((request, wire) -> wire.sendWhole("ok"))) {
      assertThat(proxy.get("/sse?tokens=5&client_id=c1&seed=7").body()).isEqualTo("ok");
      assertThat(proxy.get("/sse?client_id=c1").body()).isEqualTo("ok");
      assertThat(proxy.upstream().requests().get(0))
          .startsWith("POST /v1/chat/completions?tokens=5&seed=7 HTTP/1.1\r\n")
          .containsIgnoringCase("content-type: application/json\r\n")
          .containsIgnoringCase("via: 1.1 gauntlet\r\n")
          .containsIgnoringCase("x-forwarded-for: 127.0.0.1\r\n")
          .containsIgnoringCase("host: " + proxy.upstream().url().substring(7) + "\r\n");
      assertThat(proxy.upstream().requests().get(1))
          .startsWith("POST /v1/chat/completions HTTP/1.1\r\n");
      assertThat(proxy.upstream().connections()).as("kept alive").isEqualTo(1);
      HttpResponse<String> refused = proxy.get("/sse?tokens=5");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("missing_client_id");
      assertThat(proxy.get("/else").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void every_byte_passes_unmodified_wherever_the_upstream_splits_it() throws Exception {
    Script script =
        (request, wire) -> {
          if (!request.contains("split=")) {
            wire.sendWhole("{\"from\":\"upstream\"}");
            return;
          }
          int split = Integer.parseInt(request.replaceAll("(?s).*split=(\\d+).*", "$1"));
          wire.beginStream();
          String framed = Integer.toHexString(MIXED.length()) + "\r\n" + MIXED + "\r\n0\r\n\r\n";
          wire.send(framed.substring(0, split));
          wire.send(framed.substring(split));
        };
    try (RunningProxy proxy = RunningProxy.before(script)) {
      int splits = MIXED.length() + 8;
      for (int split = 0; split <= splits; split++) {
        byte[] body = proxy.getBytes("/v1/x?split=" + split).body();
        assertThat(new String(body, StandardCharsets.ISO_8859_1)).isEqualTo(MIXED);
      }
      int events = 5 * (splits + 1);
      proxy.awaitCounters("proxied_messages_completed=" + events, "proxied_messages=" + events);
      proxy.awaitCounters("completed_streams=" + (splits + 1), "upstream_connects=1");
      assertThat(proxy.metrics().get("deep_server").get("from").asText()).isEqualTo("upstream");
      assertThat(proxy.get("/metrics/prometheus").body())
          .contains("proxy_proxied_messages_completed_total " + events + ".0");
    }
  }

  @Test
  void each_event_arrives_before_the_next_one_is_sent() throws Exception {
    assertThat(RunningProxy.msOfTwentyEvents(ProxyServer.SPEC)).isNotNegative();
  }

  @Test
  void a_request_body_streams_through() throws Exception {
    Script script =
        (request, wire) -> {
          StringBuilder body = new StringBuilder();
          while (!body.toString().endsWith("0\r\n\r\n")) {
            body.append((char) wire.in().read());
          }
          wire.sendWhole(body.toString());
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient client = proxy.client()) {
      client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n");
      client.send("Transfer-Encoding: chunked\r\nConnection: X-Mine\r\nX-Mine: 1\r\n");
      client.send("X-Kept: 2\r\n\r\n5\r\nhello\r\n");
      client.send("6\r\n world\r\n0\r\n\r\n");
      assertThat(client.response()).endsWith("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
      assertThat(proxy.upstream().requests().get(0).toLowerCase(Locale.ROOT))
          .contains("x-kept: 2")
          .doesNotContain("x-mine");
    }
  }

  @Test
  void expect_continue_is_passed_to_the_upstream() throws Exception {
    Script script =
        (request, wire) -> {
          wire.send("HTTP/1.1 100 Continue\r\n\r\n");
          wire.sendWhole("ok");
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient client = proxy.client()) {
      client.send("GET /v1/models HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 200 OK").endsWith("ok");
    }
  }

  @Test
  void an_http_1_0_client_gets_content_without_chunks_and_the_end_of_the_connection()
      throws Exception {
    Script script = (request, wire) -> wire.sendStream("data: a\n\n", "data: b\n\n");
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient client = proxy.client().send("GET /sse?client_id=1 HTTP/1.0\r\n\r\n")) {
      assertThat(client.head().toLowerCase(Locale.ROOT))
          .doesNotContain("transfer-encoding")
          .contains("connection: close");
      assertThat(client.rest()).isEqualTo("data: a\n\ndata: b\n\n");
    }
  }

  @Test
  void pipelined_requests_are_answered_in_order() throws Exception {
    Script script =
        (request, wire) -> wire.sendWhole(request.substring(0, request.indexOf(" HTTP")));
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient client = proxy.client()) {
      StringBuilder requests = new StringBuilder();
      for (int number = 0; number < 50; number++) {
        String path = number % 5 == 4 ? "/nothing/" : "/v1/";
        requests.append("GET ").append(path).append(number).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
      }
      client.send(requests.toString());
      for (int number = 0; number < 50; number++) {
        String response = client.response();
        if (number % 5 == 4) {
          assertThat(response).startsWith("HTTP/1.1 404");
        } else {
          assertThat(response).endsWith("GET /v1/" + number);
        }
      }
    }
  }

  @Test
  void head_204_and_304_have_no_body_and_keep_the_connection() throws Exception {
    Script script =
        (request, wire) -> {
          if (request.startsWith("HEAD")) {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n");
          } else if (request.contains("/204")) {
            wire.send("HTTP/1.1 204 No Content\r\n\r\n");
          } else if (request.contains("/304")) {
            wire.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
          } else {
            wire.sendWhole("last");
          }
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient client = proxy.client()) {
      client.send("HEAD /v1/a HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.head()).containsIgnoringCase("content-length: 99");
      assertThat(client.get("/v1/204").head()).startsWith("HTTP/1.1 204 No Content");
      assertThat(client.get("/v1/304").head()).startsWith("HTTP/1.1 304 Not Modified");
      client.send("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThat(client.get("/v1/b").response()).endsWith("last");
      assertThat(proxy.upstream().requests()).filteredOn(head -> head.contains("/v1/")).hasSize(4);
    }
  }

  @Test
  void a_body_that_its_connection_ends_is_passed_on_the_same_way() throws Exception {
    Script script =
        (request, wire) -> {
          wire.send("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n");
          if (request.contains("whole")) {
            wire.socket().close();
          } else {
            wire.in().read(); // Held open until the proxy lets go of it.
          }
        };
    try (RunningProxy proxy = RunningProxy.before(script, "idle-timeout=200ms");
        RawClient whole = proxy.client().get("/v1/whole");
        RawClient broken = proxy.client().get("/v1/broken")) {
      assertThat(whole.head()).containsIgnoringCase("connection: close");
      assertThat(whole.rest()).isEqualTo("data: a\n\n");
      broken.head();
      assertThat(broken.rest()).as("must not look whole").endsWith("<reset>");
    }
  }

  @Test
  void a_slow_client_stalls_its_own_upstream_only() throws Exception {
    AtomicLong sent = new AtomicLong();
    Script script =
        (request, wire) -> {
          if (!request.contains("/v1/flood")) {
            wire.sendWhole("quick");
            return;
          }
          wire.beginStream();
          String chunk = "x".repeat(CHUNK);
          for (int number = 0; number < CHUNKS; number++) {
            wire.sendChunk(chunk);
            sent.addAndGet(CHUNK);
          }
          wire.endStream();
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient slow = new RawClient(proxy.port(), 16 * 1024)) {
      slow.get("/v1/flood").head();
      proxy.await(now -> now.at("/proxy/buffer_limit_hits").asLong() > 0);
      long stalledAt = untilStill(sent);
      assertThat(stalledAt).as("64 MiB are offered").isLessThan(32L * 1024 * 1024);
      assertThat(proxy.get("/v1/quick").body()).isEqualTo("quick");
      long framed = (CHUNK + "4000\r\n\r\n".length()) * (long) CHUNKS + "0\r\n\r\n".length();
      for (long left = framed; left > 0; left -= CHUNK) {
        int part = (int) Math.min(left, CHUNK);
        assertThat(slow.read(part)).hasSize(part);
      }
      proxy.awaitCounters("completed_streams=2");
    }
  }

  @Test
  void a_slow_upstream_stalls_its_client() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Script script =
        (request, wire) -> {
          go.await();
          long got = 0;
          for (int value = wire.in().read(); value != '!'; value = wire.in().read()) {
            got++;
          }
          wire.in().readNBytes("\r\n0\r\n\r\n".length());
          wire.sendWhole(Long.toString(got));
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient client = proxy.client()) {
      client.send("POST /v1/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      AtomicLong sent = new AtomicLong();
      Thread sender =
          new Thread(
              () -> {
                try {
                  for (int number = 0; number < CHUNKS; number++) {
                    client.send("4000\r\n" + "x".repeat(CHUNK) + "\r\n");
                    sent.addAndGet(CHUNK);
                  }
                  client.send("1\r\n!\r\n0\r\n\r\n");
                } catch (IOException e) {
                  sent.set(-1);
                }
              });
      sender.start();
      assertThat(untilStill(sent)).isBetween(1L, 32L * 1024 * 1024);
      go.countDown();
      assertThat(client.response()).startsWith("HTTP/1.1 200");
      sender.join();
      assertThat(sent.get()).isEqualTo((long) CHUNK * CHUNKS);
    }
  }

  private static long untilStill(AtomicLong figure) {
    long last = -1;
    while (figure.get() != last || last <= 0) {
      last = figure.get();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
    }
    return last;
  }
}
