package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.ForeignBids;
import testing.ForeignLlm;
import testing.ForeignSockets;
import testing.NeedsMachine;
import testing.NodeProgram;
import testing.Script;
import testing.ScriptedServer;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** A service of the user's own: a perfect one passes by its address, a broken one fails by name. */
@NeedsMachine
class ForeignServiceIT {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ORIGINAL, delivery_lag_p99 no_broadcast_lost, ''",
  })
  void a_perfect_websocket_service_passes(
      ForeignSockets.Kind kind, String unchecked, String options) throws Exception {
    Ended run = sockets(kind, options);
    run.assertGreen("sockets_survived", "pings_answered", "rtt_mean", "success_rate");
    assertThat(run.checks("NOT_EVALUATED")).contains(unchecked.split(" "));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @Tag("defects")
  @CsvSource({
    "ECHO, delivery_lag_p99 no_broadcast_lost, 'ws.ping=hello,#{id} ws.pong=text'",
    "ECHO, delivery_lag_p99 no_broadcast_lost, ws.ping=frame",
    "OPERATIONS, machine_quiet, 'ws.ping={\"op\":\"ping\",\"id\":#{id}} ws.pong=/id ws.seq=/n"
        + " ws.seq-per=connection ws.feed=/channel ws.sent=/ts auth.token=s3cret"
        + " auth.as=?key=#{token} ws.hello={\"login\":\"#{token}\"}"
        + " ws.heartbeat=alive?=alive duration=8s'",
  })
  void so_does_one_with_messages_of_its_own(
      ForeignSockets.Kind kind, String unchecked, String options) throws Exception {
    a_perfect_websocket_service_passes(kind, unchecked, options);
  }

  @ParameterizedTest(name = "{0} turns {1} red")
  @Tag("defects")
  @CsvSource({
    "CLOSES_NINE_OF_TEN, sockets_survived, closed by 1008 (policy violation), ''",
    "DROPS_PONGS,        pings_answered,   pings got no pong, ''",
    "ECHO, hellos_answered, lacked the answer behind =>, 'ws.ping=#{id} ws.pong=text"
        + " ws.hello=login_=>_welcome timeout=2s'",
  })
  void a_broken_websocket_service_fails(
      ForeignSockets.Kind kind, String check, String reason, String options) throws Exception {
    Ended run = sockets(kind, options);
    run.assertJudged("FAIL", 2).assertCaught(check);
    assertThat(run.output()).contains(reason);
  }

  @ParameterizedTest(name = "{0}")
  @Tag("defects")
  @CsvSource({
    "PERFECT, PASS, 0, bids_linearizable",
    "FORGETS, FAIL, 2, bids_linearizable",
    "CUTS,    FAIL, 2, error_rate"
  })
  void a_bid_service_with_paths_and_names_of_its_own_is_judged(
      ForeignBids.Kind kind, String verdict, int exitCode, String check) throws Exception {
    try (ForeignBids service = new ForeignBids(kind)) {
      Ended run =
          bids("ContendedBids")
              .with("host", service.url().toString())
              .with("item", "vase")
              .runUntilValid();
      run.assertJudged(verdict, exitCode);
      assertThat(run.outcome(check)).as(run.output()).isEqualTo(verdict);
      assertThat(run.counter("bids_rejected")).isGreaterThan(100);
    }
  }

  /** A run without a warm-up, for which the service would need a second item. */
  private static SimulationRun bids(String simulation) {
    return SimulationRun.smoke(simulation)
        .with("warmup=0s;bid.step=5;bid.price=/lot/highest;bid.bidder=/lot/leader")
        .with("bid.accepted=200;bid.rejected=409;bid.success=none")
        .with("bid.read=/auctions/#{id};bid.path=/auctions/#{id}/offers")
        .with("bid.body", "{\"bidder\":\"#{user}\",\"value\":#{amount}}");
  }

  @ParameterizedTest(name = "skips: {0}")
  @Tag("defects")
  @CsvSource({"false, PASS, 0", "true, FAIL, 2"})
  void a_feed_of_npms_better_sse_is_judged(boolean skips, String verdict, int exitCode)
      throws Exception {
    try (Script server = NodeProgram.start(feed(skips, 100_000), "better-sse@0.16.1")) {
      Ended run =
          SimulationRun.smoke("TokenRelay")
              .with("sse.url", "http://127.0.0.1:" + server.next() + "/live?room=1")
              .with("header", "x-key: s3cret")
              .with("sse.seq", "/n")
              .with("sse.sent", "/at")
              .runUntilValid();
      run.assertJudged(verdict, exitCode);
      assertThat(run.outcome("no_token_lost")).as(run.output()).isEqualTo(verdict);
      assertThat(run.outcome("delivery_lag_p99")).isEqualTo("PASS");
    }
  }

  @ParameterizedTest(name = "for {0} ms: {1}")
  @Tag("defects")
  @CsvSource({"100000, PASS, 0", "9000, FAIL, 2"})
  void a_feed_needs_nothing_but_its_address_and_its_key_and_to_go_on(
      long forMs, String verdict, int exitCode) throws Exception {
    try (Script server = NodeProgram.start(feed(true, forMs), "better-sse@0.16.1")) {
      Ended run =
          SimulationRun.smoke("TokenRelay")
              .with("sse.url", "http://127.0.0.1:" + server.next() + "/live?room=1")
              .with("header", "x-key: s3cret")
              .with("duration", "16s")
              .runUntilValid()
              .assertJudged(verdict, exitCode);
      assertThat(run.checks("NOT_EVALUATED"))
          .contains("no_token_lost", "delivery_lag_p99", "goodput");
      assertThat(run.outcome("feed_goes_on")).as(run.output()).isEqualTo(verdict);
    }
  }

  @Test
  @Tag("defects")
  void a_feed_that_refuses_fails_with_its_words() throws Exception {
    try (ScriptedServer server = new ScriptedServer(new ForeignLlm(ForeignLlm.Kind.UNAUTHORIZED))) {
      Ended run =
          SimulationRun.smoke("TokenRelay")
              .with("sse.url", server.url() + "/live")
              .runUntilValid()
              .assertJudged("FAIL", 2)
              .assertCaught("streams_sound,success_rate");
      assertThat(run.output())
          .contains("streams were not opened: Server returned http response")
          .contains("To one more request it answered: 404 no such page.");
    }
  }

  /** A feed that needs a key, goes on for a time and, if it skips, leaves out numbers. */
  private static String feed(boolean skips, long forMs) {
    return """
        import http from 'node:http';
        import { createSession, createChannel } from 'better-sse';
        const channel = createChannel();
        let n = 0, until = Infinity;
        setInterval(() => {
          if (Date.now() > until) { return; }
          n += %s && n %% 50 == 49 ? 2 : 1;
          channel.broadcast({ n, at: Date.now() }, 'tick');
        }, 20);
        const server = http.createServer(async (request, response) => {
          if (request.headers['x-key'] != 's3cret') { return response.writeHead(401).end(); }
          if (channel.sessionCount === 0) { until = Date.now() + %s; }
          channel.register(await createSession(request, response));
        }).listen(0, '127.0.0.1', () => console.log(server.address().port));
        """
        .formatted(skips, forMs);
  }

  @Test
  @Tag("defects")
  void the_echo_of_npms_ws_passes() throws Exception {
    String script =
        """
        import { WebSocketServer } from 'ws';
        const server = new WebSocketServer({ host: '127.0.0.1', port: 0 },
          () => console.log(server.address().port));
        server.on('connection', socket =>
          socket.on('message', message => socket.send(message))); // As a binary frame.
        """;
    try (Script server = NodeProgram.start(script, "ws@8.23.0")) {
      SimulationRun.smoke("PingPong")
          .with("ws.url", "ws://127.0.0.1:" + server.next())
          .with("ws.ping", "hello #{id}")
          .with("ws.pong", "text")
          .runUntilValid()
          .assertGreen("sockets_survived", "pings_answered", "rtt_mean", "success_rate");
    }
  }

  @Test
  void a_perfect_llm_passes() throws Exception {
    assertPasses(ForeignLlm.Kind.CHATTY);
  }

  @Test
  @Tag("defects")
  void so_does_one_that_says_no_more_than_it_must() throws Exception {
    assertPasses(ForeignLlm.Kind.PERFECT);
  }

  private static void assertPasses(ForeignLlm.Kind kind) throws Exception {
    Ended run = llm(kind).assertGreen("streams_sound", "success_rate", "ttft_p95");
    assertThat(run.checks("NOT_EVALUATED"))
        .contains("no_token_lost", "content_matches", "pace_drift", "gap_p99", "e2e_p95");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @Tag("defects")
  @CsvSource(
      delimiter = '|',
      value = {
        "UNAUTHORIZED   | were not opened: Server returned http response with code 401.",
        "UNAUTHORIZED   | To one more request it answered: 401 {\"error\":\"Incorrect API key\"}",
        "UNPROCESSABLE  | To one more request it answered: 422 {\"detail\":\"no model x\"}",
        "HTML           | were not opened: Server returned http response with content-type null",
        "SILENT         | streams were not opened: no answer within 5200 ms.",
        "EMPTY          | streams ended before their last event",
        "MUTE           | To one more request it answered: 200",
        "BREAKS         | streams broke: the connection ended before the stream did.",
        "BREAKS_AT_ONCE | were not opened: the connection ended before the stream did",
        "STALLS         | streams had not ended when their time was up.",
        "ERROR_BESIDE_CHOICES | streams held an error, the first: {\"choices\"",
      })
  void a_broken_llm_fails_with_its_fault_in_words(ForeignLlm.Kind kind, String words)
      throws Exception {
    assertFailed(llm(kind).assertCaught("streams_sound,success_rate"), words);
  }

  @Test
  void a_llm_that_limits_every_stream_fails() throws Exception {
    a_broken_llm_fails_with_its_fault_in_words(ForeignLlm.Kind.LIMITS, "response with code 429");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @Tag("defects")
  @CsvSource({
    "LIMITS,         20 refused by 429",
    "HTML,           20 refused other",
    "BREAKS_AT_ONCE, refused unanswered",
    "SILENT,         timeout",
  })
  void so_does_a_service_that_opens_no_socket(ForeignLlm.Kind kind, String words) throws Exception {
    try (ScriptedServer server = new ScriptedServer(new ForeignLlm(kind))) {
      assertFailed(
          SimulationRun.smoke("PingPong")
              .with("ws.url", server.url().replace("http", "ws") + "/ws")
              .with("connections=20;rampup=1s;duration=5s;warmup=2s")
              .runUntilValid(),
          words);
    }
  }

  @Test
  @Tag("defects")
  void so_does_a_broadcast_that_refuses_every_viewer() throws Exception {
    try (ForeignBids bids = new ForeignBids(ForeignBids.Kind.PERFECT);
        ScriptedServer server = new ScriptedServer(new ForeignLlm(ForeignLlm.Kind.LIMITS))) {
      assertFailed(
          bids("FanOut")
              .with("api-url", bids.url().toString())
              .with("ws-url", server.url().replace("http", "ws"))
              .with("bid.view=/ws;item-id=vase")
              .runUntilValid(),
          "100 viewers did not connect");
    }
  }

  @ParameterizedTest(name = "{0}: {2}")
  @Tag("defects")
  @CsvSource({
    "TokenRelay, sse.url,    LIMITS, limited",
    "TokenRelay, sse.url,    BREAKS, reset",
    "Throughput, events.url, LIMITS, limited",
    "Throughput, events.url, BREAKS, reset",
  })
  void so_does_a_feed_that_limits_or_breaks_its_streams(
      String simulation, String address, ForeignLlm.Kind kind, String words) throws Exception {
    try (ScriptedServer server = new ScriptedServer(new ForeignLlm(kind))) {
      String url = server.url() + "/feed";
      assertFailed(SimulationRun.smoke(simulation).with(address, url).runUntilValid(), words);
    }
  }

  /** A target that refuses or breaks makes no run invalid. */
  private static void assertFailed(Ended run, String words) throws Exception {
    run.assertJudged("FAIL", 2);
    assertThat(run.checks("PASS"))
        .as(run.output())
        .contains("streams_accounted", "samples_recorded", "littles_law");
    assertThat(run.output()).contains(words);
  }

  @Test
  @Tag("defects")
  void a_request_is_sent_once_though_its_stream_breaks_before_the_first_token() throws Exception {
    ForeignLlm llm = new ForeignLlm(ForeignLlm.Kind.BREAKS_AT_ONCE);
    try (ScriptedServer server = new ScriptedServer(llm)) {
      Ended run = llm(server).run();
      assertThat((long) llm.posts()).isEqualTo(run.counter("streams_started"));
    }
  }

  @Test
  @Tag("defects")
  void a_service_behind_a_proxy_is_reached_by_it_alone() throws Exception {
    try (ScriptedServer proxy = new ScriptedServer(new ForeignLlm(ForeignLlm.Kind.CHATTY))) {
      llm(proxy)
          .with("service.url", "http://llm.invalid/v1") // A name without an address.
          .with("proxy-server", proxy.url())
          .runUntilValid()
          .assertGreen("streams_sound", "success_rate");
    }
  }

  private static Ended llm(ForeignLlm.Kind kind) throws Exception {
    try (ScriptedServer server = new ScriptedServer(new ForeignLlm(kind))) {
      return llm(server).runUntilValid();
    }
  }

  private static SimulationRun llm(ScriptedServer server) {
    return SimulationRun.smoke("SseBattle")
        .with("service.url", server.url() + "/v1/")
        .with("api", "chat")
        .with("model", "C:\\models\\q.gguf")
        .with("clients", "30")
        .with("rampup", "1s")
        .with("hold", "6s")
        .with("timeout", "3s")
        .with("warmup", "0s");
  }

  /**
   * Loads a service.
   *
   * @param options such as {@code ws.pong=/id ws.seq=/n}, with an underscore for a space in one
   */
  private static Ended sockets(ForeignSockets.Kind kind, String options) throws Exception {
    try (ForeignSockets service = new ForeignSockets(kind)) {
      SimulationRun run =
          SimulationRun.smoke("PingPong")
              .with("ws.url", service.url().toString())
              .with("warmup=1s;duration=6s");
      for (String option : options.isEmpty() ? new String[0] : options.split(" ", -1)) {
        String[] words = option.replace('_', ' ').split("=", 2);
        run.with(words[0], words[1]);
      }
      return run.runUntilValid();
    }
  }
}
