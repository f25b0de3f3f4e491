package targets.events;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import targets.shared.RunningTarget;
import testing.RawClient;

/** The server over real sockets, by HTTP/1.1. */
class EventsServerTest {
  private static final int SMALL_BYTES = 4096;
  private static final String RETRY = "retry: 1000\n\n";

  @AutoClose private RunningTarget server;

  @Test
  void a_finite_stream_is_numbered_and_ends_properly_and_the_connection_lives_on()
      throws IOException {
    start();
    try (RawClient client = new RawClient(server.port())) {
      client.get("/sse/finite?count=2&delay=0");
      assertThat(client.head())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("content-type: text/event-stream\r\n", "transfer-encoding: chunked\r\n");
      assertThat(client.readUntil("0\r\n\r\n"))
          .isEqualTo(chunk(RETRY) + chunk(event(1) + event(2)) + "0\r\n\r\n");
      client.get("/health");
      assertThat(client.response()).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void a_client_of_http_1_0_gets_a_body_that_ends_with_its_connection() throws IOException {
    start();
    try (RawClient client = new RawClient(server.port())) {
      client.send("GET /sse/finite?count=2&delay=0 HTTP/1.0\r\n\r\n").head();
      assertThat(client.rest()).isEqualTo(RETRY + event(1) + event(2));
    }
  }

  @Test
  void numbers_grow_by_a_digit() {
    start();
    String events =
        LongStream.rangeClosed(1, 1001).mapToObj(EventsServerTest::event).collect(joining());
    assertThat(server.get("/sse/finite?count=1001&delay=0").body()).isEqualTo(RETRY + events);
  }

  @Test
  void a_slow_stream_has_payloads_of_4096_bytes() throws IOException {
    start();
    try (RawClient client = new RawClient(server.port())) {
      client.get("/sse/slow?delay=0.01").readUntil("data: ");
      String payload = client.readUntil("\n");
      assertThat(payload).hasSize(4096 + 1).startsWith("event-1 x");
      client.readUntil("id: 10\ndata: ");
      assertThat(client.readUntil("\n")).hasSize(4096 + 1).startsWith("event-10 x");
    }
  }

  @Test
  void events_keep_their_pace() {
    start();
    long before = System.nanoTime();
    server.get("/sse/finite?count=21&delay=0.02");
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(400_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "/sse?delay=x, 400, a number of seconds",
    "/sse?delay=-1, 400, a number of seconds",
    "/sse?delay=3601, 400, a number of seconds",
    "/sse/finite?count=0, 400, 'count'",
    "/sse/finite?last_event_id=seven, 400, 'Last-Event-ID'",
    "/sse/finite?count=3&last_event_id=3, 204, ''",
    "/sse/other, 404, /sse/other",
  })
  void a_wrong_request_is_refused_with_its_reason(String path, int status, String reason) {
    start();
    HttpResponse<String> answer = server.get(path);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(reason);
  }

  @Test
  void what_cannot_be_published_and_too_many_streams_are_refused() throws IOException {
    start("max-streams=1", "max-body=1KiB");
    assertThat(server.post("/sse", "x").statusCode()).isEqualTo(405);
    assertThat(server.post("/broadcast", "").statusCode()).isEqualTo(400);
    assertThat(server.post("/broadcast", "x".repeat(1025)).statusCode()).isEqualTo(413);
    try (RawClient client = new RawClient(server.port())) {
      client.get("/broadcast").head();
      HttpResponse<String> refused = server.get("/sse");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).contains("1");
    }
    assertThat(server.metrics().get("refused_requests").asInt()).isEqualTo(1);
  }

  @Test
  void a_numbered_stream_resumes_after_the_last_event_id() {
    start();
    HttpRequest.Builder request = server.request("/sse/finite?count=4&delay=0");
    assertThat(RunningTarget.send(request.header("Last-Event-ID", "2")).body())
        .isEqualTo(RETRY + event(3) + event(4));
    assertThat(server.metrics().get("resumed").asInt()).isEqualTo(1);
  }

  @Test
  void a_broadcast_reaches_every_listener_and_a_resumed_one_gets_what_it_missed()
      throws IOException {
    start();
    try (RawClient one = new RawClient(server.port());
        RawClient two = new RawClient(server.port())) {
      one.get("/broadcast").readUntil(RETRY + "\r\n");
      two.get("/broadcast").readUntil(RETRY + "\r\n");
      JsonNode answer = RunningTarget.json(server.post("/broadcast", "{\"a\":\n1}").body());
      assertThat(answer.toString()).isEqualTo("{\"id\":1,\"listeners\":2}");
      one.readUntil("id: 1\ndata: {\"a\":\ndata: 1}\n\n");
      two.readUntil("id: 1\ndata: {\"a\":\ndata: 1}\n\n");
    }
    server.post("/broadcast", "second");
    server.post("/broadcast", "third");
    try (RawClient again = new RawClient(server.port())) {
      again.get("/broadcast?last_event_id=1");
      again.readUntil("id: 2\ndata: second\n\n");
      again.readUntil("id: 3\ndata: third\n\n");
    }
    assertThat(server.metrics().get("replay_missed").asInt()).isZero();
  }

  /** The second number is of another life of the server. */
  @ParameterizedTest
  @CsvSource({"1, 3, 1", "9, 3, 1"})
  void a_gap_in_the_replay_is_reported(int lastEventId, int first, int missed) throws IOException {
    start("replay=2");
    LongStream.rangeClosed(1, 4).forEach(n -> server.post("/broadcast", "text " + n));
    try (RawClient client = new RawClient(server.port())) {
      client.get("/broadcast?last_event_id=" + lastEventId).head();
      String events = client.readUntil("text 4\n\n");
      assertThat(events)
          .contains("event: replay-gap\n", "\"first\":" + first, "id: 3\ndata: text 3\n\n");
    }
    assertThat(server.metrics().get("replay_missed").asInt()).isEqualTo(missed);
  }

  @Test
  void a_listener_that_falls_behind_is_told_and_goes_on_with_what_is_there() throws IOException {
    start("replay=3", "max-body=64KiB");
    String text = "x".repeat(60_000);
    try (RawClient slow = new RawClient(server.port(), SMALL_BYTES)) {
      slow.get("/broadcast").readUntil(RETRY);
      int published = 0;
      while (server.metrics().get("client_stalls").asInt() == 0) {
        published++;
        server.post("/broadcast", text);
      }
      for (int more = 0; more < 10; more++) {
        published++;
        server.post("/broadcast", text);
      }
      String events = slow.readUntil("id: " + published + "\n");
      assertThat(events).contains("event: replay-gap\n", "id: " + (published - 1) + "\n");
      assertThat(server.metrics().get("replay_missed").asInt()).isPositive();
    }
  }

  @Test
  void a_client_that_does_not_read_is_closed_and_others_are_served() throws IOException {
    start("send-timeout=300ms");
    try (RawClient frozen = new RawClient(server.port(), SMALL_BYTES);
        RawClient reader = new RawClient(server.port())) {
      reader.get("/sse?delay=0.01").head();
      frozen.get("/sse?delay=0");
      await("send_timeouts", 1);
      await("streams_aborted", 1);
      reader.readUntil("data: event-40\n\n");
      assertThat(server.metrics().get("streams_open").asInt()).isEqualTo(1);
    }
  }

  @Test
  void an_idle_stream_gets_comments() throws IOException {
    start("keep-alive=100ms");
    try (RawClient client = new RawClient(server.port())) {
      client.get("/broadcast").readUntil(RETRY);
      assertThat(client.readUntil(":keep-alive\n\n")).endsWith(":keep-alive\n\n");
    }
  }

  @Test
  void there_is_one_watcher_from_the_first_stream_to_the_last_and_another_for_the_next()
      throws IOException {
    start();
    assertThat(server.metrics().get("watcher_started").asBoolean()).isFalse();
    for (int life = 1; life <= 2; life++) {
      try (RawClient one = new RawClient(server.port());
          RawClient two = new RawClient(server.port())) {
        one.get("/broadcast").readUntil(RETRY);
        two.get("/sse").readUntil(RETRY);
        await("registered_events", 2);
        assertThat(server.metrics().get("watchers").asInt()).isEqualTo(1);
      }
      await("registered_events", 0);
      await("watchers", 0);
      assertThat(server.metrics().get("watchers_started").asInt()).isEqualTo(life);
    }
  }

  @Test
  void a_stop_ends_every_stream_properly_within_the_bound() throws IOException {
    start("drain=20s");
    try (RawClient numbered = new RawClient(server.port());
        RawClient listener = new RawClient(server.port())) {
      numbered.get("/sse?delay=0.01").readUntil("event-3");
      listener.get("/broadcast").readUntil(RETRY);
      server.close();
      for (RawClient client : List.of(numbered, listener)) {
        assertThat(client.rest()).contains("event: shutdown\ndata: ").endsWith("\r\n0\r\n\r\n");
      }
    }
  }

  @Test
  void the_metrics_have_the_names_of_the_original() {
    start();
    JsonNode metrics = server.metrics();
    for (String name :
        List.of("memory_rss_mb", "memory_vms_mb", "num_fds", "num_threads", "uptime_seconds")) {
      assertThat(metrics.get(name).asDouble()).as(name).isPositive();
    }
    assertThat(metrics.get("cpu_percent").asDouble()).isNotNegative();
    assertThat(metrics.get("connections").asInt()).isEqualTo(1);
  }

  private void start(String... settings) {
    server = new RunningTarget(EventsServer.SPEC, settings);
  }

  private void await(String figure, int value) {
    server.await(figure, value);
  }

  private static String event(long number) {
    return "id: " + number + "\ndata: event-" + number + "\n\n";
  }

  private static String chunk(String events) {
    return Integer.toHexString(events.length()) + "\r\n" + events + "\r\n";
  }
}
