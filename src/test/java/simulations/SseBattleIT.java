package simulations;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import kpi.RequestLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stack.Peer;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** The SSE battle as a user runs it: smoke profile, real processes, real exit codes. */
class SseBattleIT {
  @TempDir Path folder;

  @NeedsMachine
  @Test
  void the_smoke_battle_is_green_and_leaves_every_piece_of_evidence() throws Exception {
    SimulationRun smoke = SimulationRun.smoke("SseBattle");
    boolean counts = packetsOutside("true") == 0;
    Ended run = (counts ? smoke.wrappedBy(counted()) : smoke).runUntilValid().assertGreen();

    String files =
        "manifest.json kpi.json samples.ndjson verdict.json report.html junit.xml gap.measure.hlog"
            + " ttft.warm-up.hlog logs/llm.log logs/proxy.log "
            + run.json("manifest.json").path("gatling_report").asText();
    assertThat(Stream.of(files.split(" ", -1)).map(run.folder()::resolve))
        .allSatisfy(file -> assertThat(file).isNotEmptyFile());
    JsonNode kpi = run.json("kpi.json");
    assertThat(run.counter("tokens_lost")).isZero();
    assertThat(kpi.at("/kpis/e2e/p50").asDouble()).isCloseTo(2_200, within(100.0));
    assertThat(kpi.at("/figures/llm.rss_growth/value").isNumber()).isTrue();
    for (String target : List.of("llm", "proxy")) {
      assertThat(run.outcome(target + "_live_heap_growth")).isEqualTo("PASS");
      assertThat(run.outcome(target + "_memory_slope")).isEqualTo("NOT_EVALUATED"); // 9 s are few.
    }
    assumeThat(counts).as("network namespaces can be made here").isTrue();
    assertThat(Files.readString(folder.resolve("packets")).strip())
        .as("packets sent outside")
        .isEqualTo("0");
    assertThat(packetsOutside("timeout 1 bash -c 'echo x >/dev/udp/192.0.2.9/9'; sleep 0.2"))
        .as("the counter sees a packet that is sent")
        .isPositive();
  }

  /** Runs a command in a network namespace whose only way out is counted; below 0 if it cannot. */
  private int packetsOutside(String command) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of(counted()));
    all.addAll(List.of("sh", "-c", command));
    try {
      ProcessBuilder counting = new ProcessBuilder(all).redirectError(DISCARD);
      return counting.start().waitFor() == 0
          ? Integer.parseInt(Files.readString(folder.resolve("packets")).strip())
          : -1;
    } catch (IOException e) {
      return -1; // No unshare here.
    }
  }

  /** Needs Linux, root, unshare and ip. */
  private String[] counted() {
    String script = "src/test/resources/testing/counted-network.sh";
    return new String[] {"unshare", "-n", script, folder.resolve("packets").toString()};
  }

  @Test
  void a_peer_in_the_proxys_place_is_judged_by_the_same_checks() throws Exception {
    assertJudgedLikeTheProxy(Peer.Kind.NGINX);
  }

  @Tag("defects")
  @Test
  void so_is_another_peer() throws Exception {
    assertJudgedLikeTheProxy(Peer.Kind.HAPROXY);
  }

  private static void assertJudgedLikeTheProxy(Peer.Kind peer) throws Exception {
    assumeThat(peer.isInstalled()).as(peer.word() + " is installed").isTrue();
    Ended run =
        brief()
            .with("proxy", peer.word())
            .run()
            .assertKept("events_conserved", "leavers_cancel_upstream", "broken_upstream_shown");
    assertThat(run.json("kpi.json").at("/figures/proxy.rss_max/value").asDouble()).isPositive();
  }

  /** A prompt has three words, and so has each answer one for each of its tokens. */
  @Test
  void conversations_by_rate_are_counted_request_by_request_cancelled_ones_apart()
      throws Exception {
    Path prompts = Files.writeString(folder.resolve("p.jsonl"), "{\"prompt\":\"one two three\"}");
    Ended run =
        SimulationRun.smoke("SseBattle")
            .with("api=chat;arrivals=poisson;rate=15;clients=200;hold=5s;warmup=1s;turns=2")
            .with("tokens=50;duration=1s")
            .with("think=200ms;cancel=0.2;cancel-after=10;leavers=0")
            .with("prompts", prompts.toString())
            .with("body", "{\"stream_options\":{\"include_usage\":true}}")
            .run()
            .assertKept("events_conserved", "leavers_cancel_upstream", "requests_logged");

    Map<String, Integer> rows = new HashMap<>();
    RequestLog.read(
        run.folder(),
        row -> {
          if (row.phase().equals("measure")) {
            rows.merge(row.outcome(), 1, Integer::sum);
            boolean whole = row.outcome().equals("ok");
            assertThat(row.chunks()).isEqualTo(whole ? 50 : 10);
            assertThat(row.tokensIn()).isEqualTo(!whole ? null : row.turn() == 1 ? 3L : 56L);
          }
        });
    long ok = run.counter("outcome_ok");
    long cancelled = run.counter("outcome_cancelled");
    assertThat(rows).isEqualTo(Map.of("ok", (int) ok, "cancelled", (int) cancelled));
    assertThat(cancelled).isEqualTo((ok + cancelled) / 5);
    assertThat(run.counter("tokens_out")).isEqualTo(50 * ok);
  }

  @Test
  void every_wrong_option_is_named_before_anything_starts() throws Exception {
    Path broken = Files.writeString(folder.resolve("SseBattleSimulation.gigantic.json"), "{");
    SimulationRun.smoke("SseBattle")
        .with("baselines-dir", folder.toString())
        .with("profile=gigantic;clients=many;proxy.url=not an address;runs=2")
        .with("thresholds=ttft.p95 < 3 apples;regression-threshold=none")
        .with("regression-rules=ttft.p99 worsens 3 %,requests_per_s warn 20 %")
        .run()
        .assertRefused(
            "extreme, heavy, light, medium, smoke",
            "-Dclients: 'many' is not a whole number",
            "-Dproxy.url: 'not an address' is not an address",
            "-Dthresholds: 'ttft.p95 < 3 apples'",
            "-Dbaselines-dir: " + broken + " is broken",
            "-Druns: '2' is not a whole number from 3",
            "-Dregression-threshold: 'none' is not a number",
            "-Dregression-rules: 'ttft.p99 worsens 3 %' is not a rule",
            "requests_per_s gets neither better nor worse");
    assertThat(broken).hasContent("{");
  }

  @Test
  void a_target_that_cannot_start_is_named_with_its_own_words() throws Exception {
    Ended run = SimulationRun.smoke("SseBattle").with("llm.defect", "no-such-defect").run();
    run.assertRefused("'no-such-defect' is unknown");
    assertThat(run.leftBehind()).isEmpty();
  }

  @Test
  void a_target_frozen_and_one_killed_fail_the_run_which_still_is_judged() throws Exception {
    SimulationRun byRate = SimulationRun.smoke("SseBattle").with("arrivals", "constant");
    Started started = byRate.with("rate=20;hold=9s;warmup=1s;leavers=0;cancel=0.0001").start();
    started.awaitLine(" hold ");
    started.freeze("llm", Duration.ofMillis(900));
    LockSupport.parkNanos(2_000_000_000); // The proxy dies in a second of its own.
    started.process("proxy").destroyForcibly();
    Ended run = started.await().assertCaught("targets_alive");

    assertThat(run.output()).contains("proxy ended by itself, exit code 137");
    assertThat(run.outcome("offered_load")).as("half of the arrivals").isEqualTo("NOT_EVALUATED");
    assertThat(run.outcome("leavers_cancel_upstream")).as("none left").isEqualTo("NOT_EVALUATED");
    assertThat(run.json("kpi.json").at("/figures/good_seconds/value").asDouble()).isLessThan(95);
    assertThat(run.json("seconds.json").findValuesAsText("what"))
        .anyMatch(what -> what.matches(".*gap: \\d+ of \\d+ streams stood still beyond 520 ms.*"));
    assertThat(run.folder().resolve("report.html")).isNotEmptyFile();
    assertThat(run.leftBehind()).isEmpty();
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

  @Tag("defects")
  @Test
  void a_generator_without_cpu_makes_the_run_invalid_and_not_slow() throws Exception {
    List<Process> busy = new ArrayList<>();
    Started started = brief().start();
    started.awaitLine(" warm-up ");
    for (int loop = 0; loop < 12 * Runtime.getRuntime().availableProcessors(); loop++) {
      busy.add(new ProcessBuilder("timeout", "60", "sh", "-c", "while :; do :; done").start());
    }
    try {
      started.awaitLine(" hold ");
      LockSupport.parkNanos(2_000_000_000);
    } finally { // Half of the hold is enough, and the rest of the run is then as quick as any.
      busy.forEach(Process::destroy);
    }
    Ended run = started.await().assertJudged("INVALID", 2);
    assertThat(run.checks("INVALID")).containsAnyOf("generator_lag", "machine_quiet");
    assertThat(run.checks("FAIL")).noneMatch(check -> check.startsWith("ttft"));
  }

  private static SimulationRun brief() {
    return SimulationRun.smoke("SseBattle").with("warmup=2s;hold=4s");
  }
}
