package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stack.NatsServer;
import stack.TargetProcess;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** The ping-pong run as a user runs it: smoke profile, real servers, real exit codes. */
class PingPongIT {
  private static final String SIMULATION = "simulations.PingPongSimulation";
  private static final int BROADCASTS = 2_000;

  @TempDir Path folder;

  @NeedsMachine
  @Test
  void the_smoke_run_passes_and_refuses_every_attack() throws Exception {
    Ended run =
        SimulationRun.smoke(SIMULATION)
            .runUntilValid()
            .assertGreen(
                "attacks_refused",
                "floods_ended",
                "slow_client_closed",
                "clients_forgotten",
                "tokens_not_logged");
    assertThat(run.counter("sockets_survived")).isEqualTo(50);
    assertThat(run.counter("pings_sent"))
        .isGreaterThan(1_000)
        .isEqualTo(run.counter("pongs_received"));
    assertThat(run.counter("broadcasts_received")).isGreaterThan(5_000);
    assertThat(run.counter("attacks_refused")).isGreaterThan(50);
  }

  /**
   * Defects that share a run leave each other their events: these five concern one client, a pong,
   * a flood, a count after the run and the attacks.
   */
  @Test
  void defects_of_single_clients_turn_one_check_each_red() throws Exception {
    assertCaught(
        "blocking-broadcast,latency-from-wrong-clock,no-rate-limit,leak-client-state,"
            + "accept-any-token",
        "clock-behind",
        "slow_client_closed,server_latency_true,floods_ended,clients_forgotten,attacks_refused,"
            + "clocks_agree");
  }

  @NeedsMachine
  @Test
  void a_progressive_run_has_figures_and_limits_for_each_stage() throws Exception {
    Ended run =
        SimulationRun.smoke(SIMULATION)
            .with("stages", "10:1s:2s:300,20:1s:2s:300,40:1s:2s:300")
            .with("cooldown", "1s")
            .with("warmup", "0s")
            .with("feed-rate", "50")
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
        assertCaught(
            "close-after-open=90%,drop-broadcast=10,duplicate-broadcast=10,forget-subscriber=60",
            "clock-ahead",
            "sockets_survived,no_broadcast_lost,no_broadcast_duplicated,clocks_agree,"
                + "latencies_possible");

    assertThat(run.counter("closed_1008")).isEqualTo(47);
    assertThat(run.counter("sockets_survived")).isEqualTo(3);
    assertThat(run.counter("feeds_stopped")).isGreaterThan(3);
    assertThat(run.output()).contains(" closed by 1008 (policy violation)");
  }

  @ParameterizedTest(name = "{0} alone turns {1} red")
  @Tag("defects")
  @CsvSource({
    "close-after-open=90%,     sockets_survived",
    "latency-from-wrong-clock, server_latency_true",
    "accept-any-token,         attacks_refused",
    "accept-alg-none,          attacks_refused",
    "no-expiry-check,          attacks_refused",
    "no-rate-limit,            floods_ended",
    "drop-broadcast,           no_broadcast_lost",
    "duplicate-broadcast,      no_broadcast_duplicated",
    "blocking-broadcast,       slow_client_closed",
    "leak-client-state,        clients_forgotten",
    "forget-subscriber,        no_broadcast_lost",
    "stop-feed=3,              no_broadcast_lost",
  })
  void each_defect_alone_is_caught(String defect, String check) throws Exception {
    assertCaught(defect, "", check);
  }

  @ParameterizedTest(name = "{0} of the publisher alone turns clocks_agree red")
  @Tag("defects")
  @ValueSource(strings = {"clock-ahead", "clock-behind"})
  void a_wrong_clock_is_caught(String defect) throws Exception {
    assertCaught("", defect, "clocks_agree");
  }

  @Test
  void every_user_sees_every_frame_of_a_feed_of_known_size() throws Exception {
    try (NatsServer nats = NatsServer.start(folder);
        TargetProcess ticker = Served.start(folder, "ticker", "--nats", nats.url().toString())) {
      assertRefusalsAreCountedByStatus(ticker);
      Started started = at(ticker).with("frequency", "100").with("duration", "14s").start();
      started.awaitLine(" hold ");
      String[] options = {
        "--nats", nats.url().toString(), "--rate", "400", "--count", "" + BROADCASTS
      };
      try (TargetProcess publisher = Served.start(folder, "ticker-publisher", options)) {
        Ended run = started.await();

        assertThat(run.counter("broadcasts_received")).as(run.output()).isEqualTo(50L * BROADCASTS);
        assertThat(run.counter("pings_sent")).isGreaterThan(5_000);
        assertThat(run.outcome("no_broadcast_lost")).isEqualTo("PASS");
        assertThat(publisher.name()).isEqualTo("ticker-publisher");
      }
    }
  }

  private static void assertRefusalsAreCountedByStatus(TargetProcess ticker) throws Exception {
    Ended run = at(ticker).with("auth.token", "no-token").with("duration", "1s").run();
    assertThat(run.counter("refused_401")).as(run.output()).isEqualTo(50);
    assertThat(run.output()).contains("50 refused by 401 (unauthorized)");
  }

  private static SimulationRun at(TargetProcess ticker) {
    return SimulationRun.smoke(SIMULATION)
        .with("ws.url", ticker.url().toString().replaceFirst("http", "ws") + "/ws")
        .with("warmup", "0s");
  }

  private static Ended assertCaught(String defects, String ofPublisher, String checks)
      throws Exception {
    return SimulationRun.smoke(SIMULATION)
        .with("ticker.defect", defects)
        .with("publisher.defect", ofPublisher)
        .with("warmup", "0s")
        .with("duration", "7s")
        .with("ready-within", "120s")
        .run()
        .assertCaught(checks);
  }
}
