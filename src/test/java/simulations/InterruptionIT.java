package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** Runs that are interrupted, and generators that stand still, blame no target and no server. */
class InterruptionIT {
  @Test
  void ctrl_c_ends_the_run_before_its_servers_and_keeps_what_it_measured() throws Exception {
    Started started =
        SimulationRun.smoke("ContendedBids").with("run-time", "60s").inTerminal().start();
    started.awaitLine(" hold ");
    started.freeze("injector", Duration.ofMillis(300));
    for (String name : "serve bid,serve archive,redis,nats-server,postgres: ".split(",", -1)) {
      assertThat(started.processes()).anyMatch(line -> line.contains(name));
    }
    Ended run = interrupt(started);

    assertThat(run.outcome("generator_stall")).isEqualTo("INVALID");
    assertThat(run.json("verdict.json").findValuesAsText("reason"))
        .anyMatch(
            reason -> reason.matches("The injector stood still for \\d{3,} ms, from .* s on;.*"));
    assertThat(run.counter("bids_accepted")).isPositive();
    assertThat(run.folder().resolve("report.html")).isNotEmptyFile();
  }

  /** As on macOS. The signal then ends the targets at the same time. */
  @Test
  @Tag("defects")
  void ctrl_c_is_no_fault_of_a_target_where_there_is_no_setsid_either() throws Exception {
    Started started =
        SimulationRun.smoke("SseBattle")
            .with("hold", "60s")
            .wrappedBy("/usr/bin/env", "PATH=/nowhere")
            .inTerminal()
            .start();
    started.awaitLine(" hold ");
    assertThat(interrupt(started).counter("events_received")).isPositive();
  }

  private static Ended interrupt(Started started) throws Exception {
    started.interrupt();
    Ended run = started.await();
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.verdict()).as(run.output()).isEqualTo("INVALID");
    assertThat(run.outcome("run_completed")).isEqualTo("INVALID");
    assertThat(run.outcome("targets_alive")).isEqualTo("PASS");
    assertThat(run.checks("FAIL")).as("a run that was cut cannot be reconciled").isEmpty();
    assertThat(run.leftBehind()).isEmpty();
    return run;
  }

  /** Four stops of 60 ms within a second: gaps of 80 ms are more than one in a hundred. */
  @NeedsMachine
  @Test
  void a_generator_that_stands_still_for_a_moment_is_no_fault_of_a_target() throws Exception {
    Ended run = stoppedForMoments("");
    assertThat(run.checks("FAIL")).as(run.output()).isEmpty();
  }

  @Tag("defects")
  @Test
  void a_generator_that_stands_still_for_a_moment_hides_no_fault_of_a_target() throws Exception {
    stoppedForMoments("coalesce-50ms").assertCaught("gap_p99");
  }

  private static Ended stoppedForMoments(String defect) throws Exception {
    Started started = SimulationRun.smoke("SseBattle").with("proxy.defect", defect).start();
    started.awaitLine(" hold ");
    for (int stop = 0; stop < 4; stop++) {
      started.freeze("injector", Duration.ofMillis(60));
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    Ended run = started.await();
    assertThat(run.json("kpi.json").at("/figures/generator_stall/value").asDouble())
        .isGreaterThan(40);
    return run;
  }

  @ParameterizedTest(name = "{0} for {1} ms")
  @Tag("defects")
  @CsvSource({
    "SseBattle, 300",
    "SseBattle, 1000",
    "SseBattle, 3000",
    "TokenRelay, 1000",
    "PingPong, 300",
    "ContendedBids, 300",
    "ContendedBids, 1000",
    "ContendedBids, 3000",
    "FanOut, 300",
    "MixedWorkload, 1000",
    "BreakingPoint, 300",
    "Resilience, 3000",
    "Throughput, 300",
    "Backpressure, 3000",
    "MemoryStability, 1000",
    "WatcherScale, 300",
    "Shutdown;hold=5s, 300",
  })
  void a_generator_that_stands_still_makes_a_run_of_any_simulation_invalid(
      String simulation, int stallMs) throws Exception {
    String[] words = simulation.split(";", 2);
    SimulationRun smoke = SimulationRun.smoke(words[0]);
    Started started = (words.length == 1 ? smoke : smoke.with(words[1])).start();
    started.awaitLine(" hold ");
    started.freeze("injector", Duration.ofMillis(stallMs));
    Ended run = started.await();
    assertThat(run.outcome("generator_stall")).as(run.output()).isEqualTo("INVALID");
    assertThat(run.verdict()).isEqualTo("INVALID");
    assertThat(run.json("kpi.json").at("/figures/generator_stall/value").asDouble())
        .isGreaterThan(stallMs - 20);
  }
}
