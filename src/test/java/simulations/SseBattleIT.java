package simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stack.Peer;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** The SSE battle as a user runs it: smoke profile, real processes, real exit codes. */
class SseBattleIT {

  @NeedsMachine
  @Test
  void the_smoke_battle_is_green_and_leaves_every_piece_of_evidence() throws Exception {
    Ended run = SimulationRun.smoke("SseBattle").runUntilValid().assertGreen();

    String files =
        "manifest.json kpi.json samples.ndjson verdict.json report.html junit.xml gap.measure.hlog"
            + " ttft.warm-up.hlog logs/llm.log logs/proxy.log "
            + run.json("manifest.json").path("gatling_report").asText();
    assertThat(Stream.of(files.split(" ", -1)).map(run.folder()::resolve))
        .allSatisfy(file -> assertThat(file).isNotEmptyFile());
    JsonNode kpi = run.json("kpi.json");
    assertThat(run.counter("tokens_lost")).isZero();
    assertThat(kpi.at("/kpis/e2e/p50").asDouble()).isCloseTo(1_000, within(100.0));
    assertThat(kpi.at("/figures/llm.rss_growth/value").isNumber()).isTrue();
    for (String target : List.of("llm", "proxy")) {
      assertThat(run.outcome(target + "_live_heap_growth")).isEqualTo("PASS");
      assertThat(run.outcome(target + "_memory_slope")).isEqualTo("NOT_EVALUATED"); // 9 s are few.
    }
  }

  @NeedsMachine
  @ParameterizedTest
  @EnumSource(names = {"NGINX", "HAPROXY"})
  void a_peer_in_the_proxys_place_is_judged_by_the_same_checks(Peer.Kind peer) throws Exception {
    assumeThat(peer.isInstalled()).as(peer.word() + " is installed").isTrue();
    Ended run =
        brief()
            .with("proxy", peer.word())
            .runUntilValid()
            .assertGreen("events_conserved", "leavers_cancel_upstream", "broken_upstream_shown");
    assertThat(run.json("kpi.json").at("/figures/proxy.rss_max/value").asDouble()).isPositive();
  }

  @Test
  void every_wrong_option_is_named_before_anything_starts() throws Exception {
    SimulationRun.smoke("SseBattle")
        .with("profile", "gigantic")
        .with("clients", "many")
        .with("proxy.url", "not an address")
        .with("thresholds", "ttft.p95 < 3 apples")
        .run()
        .assertRefused(
            "extreme, heavy, light, medium, smoke",
            "-Dclients: 'many' is not a whole number",
            "-Dproxy.url: 'not an address' is not an address",
            "-Dthresholds: 'ttft.p95 < 3 apples'");
  }

  @Test
  void an_address_without_a_listener_is_named() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    SimulationRun.smoke("SseBattle")
        .with("proxy.url", "http://127.0.0.1:" + closed)
        .run()
        .assertRefused("nothing answers at http://127.0.0.1:" + closed);
  }

  @Test
  void a_target_that_cannot_start_is_named_with_its_own_words() throws Exception {
    Ended run = SimulationRun.smoke("SseBattle").with("llm.defect", "no-such-defect").run();
    run.assertRefused("'no-such-defect' is unknown");
    assertThat(run.leftBehind()).isEmpty();
  }

  @Test
  void a_target_frozen_and_one_killed_fail_the_run_which_still_is_judged() throws Exception {
    Started started = SimulationRun.smoke("SseBattle").with("hold", "9s").start();
    started.awaitLine(" hold ");
    started.freeze("llm", Duration.ofMillis(900));
    LockSupport.parkNanos(2_000_000_000); // The proxy dies in a second of its own.
    started.process("proxy").destroyForcibly();
    Ended run = started.await().assertCaught("targets_alive");

    assertThat(run.output()).contains("proxy ended by itself, exit code 137");
    assertThat(run.json("kpi.json").at("/figures/good_seconds/value").asDouble()).isLessThan(95);
    assertThat(run.json("seconds.json").findValuesAsText("what"))
        .anyMatch(what -> what.matches("gap: \\d+ of \\d+ streams stood still beyond 520 ms.*"));
    assertThat(run.folder().resolve("report.html")).isNotEmptyFile();
    assertThat(run.leftBehind()).isEmpty();
  }

  @Test
  void a_service_that_never_answers_is_judged_when_the_time_is_up() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 500)) {
      Ended run =
          SimulationRun.smoke("SseBattle")
              .with("proxy.url", "http://127.0.0.1:" + silent.getLocalPort())
              .with("warmup", "0s")
              .with("hold", "0s")
              .with("timeout", "1s")
              .run();
      assertThat(run.outcome("streams_ended")).as(run.output()).isEqualTo("FAIL");
      assertThat(run.exitCode()).isNotZero();
      assertThat(run.folder().resolve("report.html")).isNotEmptyFile();
    }
  }

  @Test
  void a_generator_without_memory_makes_the_run_invalid_and_not_slow() throws Exception {
    Ended run = SimulationRun.smoke("SseBattle").with("clients", "400").withJvm("-Xmx64m").run();
    assertThat(run.verdict()).as(run.output()).isEqualTo("INVALID");
    assertThat(run.outcome("run_completed")).isEqualTo("INVALID");
    assertThat(run.output()).contains("the generator's memory was full");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.leftBehind()).isEmpty();
  }

  @NeedsMachine
  @Test
  void a_generator_without_cpu_makes_the_run_invalid_and_not_slow() throws Exception {
    List<Process> busy = new ArrayList<>();
    Started started = brief().start();
    try {
      started.awaitLine(" warm-up ");
      for (int loop = 0; loop < 12 * Runtime.getRuntime().availableProcessors(); loop++) {
        busy.add(new ProcessBuilder("timeout", "60", "sh", "-c", "while :; do :; done").start());
      }
      Ended run = started.await().assertJudged("INVALID", 2);
      assertThat(run.checks("INVALID")).containsAnyOf("generator_lag", "machine_quiet");
      assertThat(run.checks("FAIL")).noneMatch(check -> check.startsWith("ttft"));
    } finally {
      for (Process loop : busy) {
        loop.descendants().forEach(ProcessHandle::destroyForcibly);
        loop.destroyForcibly();
      }
    }
  }

  private static SimulationRun brief() {
    return SimulationRun.smoke("SseBattle").with("warmup", "2s").with("hold", "4s");
  }
}
