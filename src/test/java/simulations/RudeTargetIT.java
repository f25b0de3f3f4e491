package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.NeedsMachine;
import testing.ScriptedServer;
import testing.ScriptedServer.Wire;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** A target that refuses or breaks is a FAIL of the target, with its reason, and no INVALID run. */
@NeedsMachine
class RudeTargetIT {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
  private static final String EVENT =
      "data: {\"choices\":[{\"delta\":{\"content\":\"word \"}}]}\n\n";
  private static final int EVENTS = 20;
  private static final int PACE_MS = 20;

  /** The same wrong answer to every request. */
  enum Answer implements ScriptedServer.Script {
    LIMITS,
    BREAKS_OFF,
    EMPTY,
    CLOSES,
    SILENT;

    @Override
    public void play(String request, Wire wire) throws IOException, InterruptedException {
      switch (this) {
        case LIMITS -> wire.send("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n");
        case EMPTY -> wire.send(HEAD + "Content-Length: 0\r\n\r\n");
        case BREAKS_OFF -> {
          wire.beginStream();
          for (int event = 0; event < EVENTS; event++) {
            wire.sendChunk(EVENT);
            TimeUnit.MILLISECONDS.sleep(PACE_MS);
          }
          wire.socket().close();
        }
        case CLOSES -> wire.socket().close();
        case SILENT -> {}
      }
    }
  }

  @Test
  void a_service_that_limits_every_stream_fails_and_the_reason_counts_them() throws Exception {
    assertFails(Answer.LIMITS, "limited");
  }

  @ParameterizedTest(name = "{0}")
  @Tag("defects")
  @CsvSource({
    "BREAKS_OFF, reset",
    "EMPTY,      closed early",
    "CLOSES,     refused",
    "SILENT,     streams were not opened: no answer within",
  })
  void so_does_one_that_breaks_its_streams(Answer answer, String reason) throws Exception {
    assertFails(answer, reason);
  }

  @ParameterizedTest(name = "{0}")
  @Tag("defects")
  @CsvSource({
    "LIMITS, 20 refused by 429",
    "BREAKS_OFF, 20 refused unanswered",
    "EMPTY, 20 refused other",
    "CLOSES, refused",
    "SILENT, timeout"
  })
  void so_does_one_that_opens_no_socket(Answer answer, String reason) throws Exception {
    try (ScriptedServer server = new ScriptedServer(answer)) {
      assertFailed(
          SimulationRun.smoke("PingPong")
              .with("ws.url", server.url().replace("http", "ws") + "/ws")
              .with("connections=20;rampup=1s;duration=5s;warmup=2s"),
          reason);
    }
  }

  private static void assertFails(Answer answer, String reason) throws Exception {
    try (ScriptedServer server = new ScriptedServer(answer)) {
      assertFailed(
          SimulationRun.smoke("SseBattle")
              .with("proxy.url", server.url())
              .with("clients=20;leavers=0;breakers=0;rampup=1s;hold=3s;timeout=5s;warmup=0s"),
          reason);
    }
  }

  private static void assertFailed(SimulationRun run, String reason) throws Exception {
    Ended ended = run.runUntilValid();
    for (String check : List.of("streams_accounted", "samples_recorded", "littles_law")) {
      assertThat(ended.outcome(check)).as(check + " of " + ended.output()).isEqualTo("PASS");
    }
    ended.assertJudged("FAIL", 2);
    assertThat(ended.json("verdict.json").path("checks"))
        .filteredOn(check -> check.path("outcome").asText().equals("FAIL"))
        .extracting(JsonNode::toString)
        .as(ended.output())
        .anyMatch(check -> check.contains(reason));
  }
}
