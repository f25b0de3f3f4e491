package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stack.NatsServer;
import stack.TargetProcess;
import testing.Await;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** The ping-pong run as a user runs it: smoke profile, real servers, real exit codes. */
class PingPongIT {

  @TempDir Path folder;

  @NeedsMachine
  @Test
  @Tag("defects")
  void a_progressive_run_has_figures_and_limits_for_each_stage() throws Exception {
    Ended run =
        SimulationRun.smoke("PingPong")
            .with("stages=10:1s:2s:300+20:1s:2s:300+40:1s:2s:300")
            .with("cooldown=1s;warmup=0s;feed-rate=50")
            // Bounds that no machine misses, so that every check has one outcome.
            .with("slos", "rtt.max < 60 s")
            .with(
                "expected", "100: success_rate >= 100 %,100: goodput >= 100 %,100: rtt.mean < 10 s")
            .runUntilValid();

    JsonNode kpi = run.json("kpi.json");
    for (int connections : new int[] {10, 20, 40}) {
      String stage = "stage_" + connections;
      assertThat(
              Stream.of(
                  run.counter(stage + ".streams_started"),
                  run.counter(stage + ".sockets_survived"),
                  kpi.at("/kpis/" + stage + ".connect/count").asLong()))
          .as(run.output())
          .containsOnly((long) connections);
      assertThat(kpi.at("/counters/" + stage + ".broadcasts_lost").asInt(-1)).isZero();
      assertThat(kpi.at("/kpis/" + stage + ".rtt/mean").asDouble()).isPositive();
      assertThat(kpi.at("/achieved/" + stage + ".arrivals_per_s").asDouble()).isPositive();
      assertThat(run.checks("PASS"))
          .as(run.output())
          .contains(stage + "_success_rate", stage + "_goodput", stage + "_rtt_mean");
    }
    assertThat(run.counter("sockets_survived")).isEqualTo(70);
    assertThat(run.checks("PASS")).contains("sockets_survived", "no_broadcast_lost");
    assertThat(run.output()).contains("sockets_survived").contains("hold 40");
    assertThat(Files.readString(run.folder().resolve("report.html")))
        .contains("Steps side by side", "id=\"plot-stages\"");
    assertThat(run.leftBehind()).isEmpty();
  }

  /**
   * The users' names decide which of them are closed: 47 of user-1 to user-50. The other three get
   * some 20 broadcasts a second each, of which one in ten is dropped and one in ten comes twice,
   * until the ticker forgets them.
   */
  @Test
  void defects_of_sockets_and_broadcasts_turn_one_check_each_red() throws Exception {
    Ended run =
        DefectsIT.planted(
                "PingPong",
                "ticker.defect=close-after-open=90%+drop-broadcast=10+duplicate-broadcast=10"
                    + "+forget-subscriber=60;publisher.defect=clock-ahead")
            .run()
            .assertCaught(
                "sockets_survived,no_broadcast_lost,no_broadcast_duplicated,clocks_agree,"
                    + "latencies_possible");

    assertThat(run.counter("closed_1008")).isEqualTo(47);
    assertThat(run.counter("sockets_survived")).isEqualTo(3);
    assertThat(run.counter("feeds_stopped")).isGreaterThan(3);
    assertThat(run.output()).contains(" closed by 1008 (policy violation)");
  }

  @Test
  @Tag("defects")
  void a_ticker_that_is_started_anew_is_not_known_to_have_forgotten_its_clients() throws Exception {
    try (NatsServer nats = NatsServer.start(folder);
        TargetProcess ticker = Served.start(folder, "ticker", "--nats", nats.url().toString())) {
      Started started = at(ticker).with("duration=11s;timeout=10s").start();
      URL metrics = ticker.url().resolve("/metrics").toURL();
      Await.until(
          () ->
              new ObjectMapper().readTree(metrics.openStream()).path("active_connections").asInt()
                  >= 50);
      ticker.restart();
      Ended run = started.await().assertCaught("sockets_survived");
      assertThat(run.outcome("clients_forgotten")).as(run.output()).isEqualTo("INCONCLUSIVE");
    }
  }

  private static SimulationRun at(TargetProcess ticker) {
    return SimulationRun.smoke("PingPong")
        .with("ws.url", ticker.url().toString().replaceFirst("http", "ws") + "/ws")
        .with("warmup", "0s");
  }
}
