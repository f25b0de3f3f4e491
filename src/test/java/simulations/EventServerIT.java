package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import report.Report;
import stack.TargetProcess;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** Memory, watcher and stop of the event server: green as it is, red with its defects. */
class EventServerIT {
  @TempDir Path folder;

  /** On a machine that may be busy: only what is judged in every run. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "WatcherScale, 'one_watcher,all_registered,watcher_restarts,threads_bounded,no_event_lost'",
    "Shutdown, 'streams_ended_properly,stopped_in_time,port_free,stages_played,resume_lossless'",
  })
  void invariants_hold(String simulation, String checks) throws Exception {
    assertHolds(SimulationRun.smoke(simulation).run(), checks);
  }

  @NeedsMachine
  @Tag("defects")
  @ParameterizedTest
  @CsvSource({"WatcherScale, delivery_lag_p99", "Shutdown, success_rate"})
  void so_do_thresholds(String simulation, String checks) throws Exception {
    Ended run = SimulationRun.smoke(simulation).runUntilValid();
    assertHolds(run, checks);
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  /** No assertKept: Gatling names the requests that a server in its stop refuses, as it should. */
  private static void assertHolds(Ended run, String checks) throws Exception {
    assertThat(run.checks("PASS")).as(run.output()).contains(checks.split(",", -1));
    assertThat(run.checks("FAIL")).as(run.output()).isEmpty();
    assertThat(run.leftBehind()).isEmpty();
  }

  @NeedsMachine
  @Tag("defects")
  @Test
  void a_leak_of_a_kilobyte_and_a_rare_one_of_a_descriptor_are_caught() throws Exception {
    SimulationRun.smoke("MemoryStability")
        .with("warmup=1s;rampup=1s;duration=3s;events.defect=leak-1kb-per-connection+fd-leak=10")
        .runUntilValid()
        .assertCaught("events_heap_per_stream,descriptors_return");
  }

  /** Its own command stops it; what needs its process or its counters is not evaluated. */
  @Test
  void a_server_of_the_users_own_is_stopped_once_and_its_cut_streams_are_seen() throws Exception {
    try (TargetProcess own = Served.start(folder, "events", "--defect", "shutdown-cuts-streams")) {
      Ended run =
          DefectsIT.planted("Shutdown", "events.url=" + own.url())
              .with("events.stop", "kill " + own.pid())
              .with("stop-within", "5s")
              .run();
      run.assertCaught("streams_ended_properly");
      assertThat(run.checks("PASS")).as(run.output()).contains("stopped_in_time", "port_free");
      assertThat(run.checks("NOT_EVALUATED")).contains("stages_played", "resume_lossless");
    }
  }

  @Test
  @Tag("defects")
  void a_server_that_stands_still_has_bad_seconds_of_its_broadcast() throws Exception {
    try (TargetProcess own = Served.start(folder, "events")) {
      Started started =
          DefectsIT.planted("WatcherScale", "events.url=" + own.url())
              .with("verify=yes;steps=20;count=60")
              .start();
      started.awaitLine(" hold ");
      own.pause();
      LockSupport.parkNanos(2_000_000_000);
      own.resume();
      Ended run = started.await();
      assertThat(run.json("kpi.json").at("/figures/good_seconds/value").asDouble()).isLessThan(95);
      assertThat(run.json("seconds.json").findValuesAsText("what"))
          .anyMatch(what -> what.matches("delivery_lag: \\d+ of \\d+ took longer than 1,000 ms.*"));
      assertThat(run.checks("FAIL")).as(run.output()).doesNotContain("no_event_lost");
    }
  }

  /** As a soak of days that is killed: what was judged so far is there, and can be reported. */
  @Test
  void a_long_run_is_judged_so_far_and_reported_after_it_was_killed() throws Exception {
    Started started =
        SimulationRun.smoke("MemoryStability")
            .with("warmup=0s;rampup=1s;verdict-every=2s;duration=1h")
            .start();
    started.awaitLine("so far");
    started.process().destroyForcibly();
    Ended run = started.await();

    assertThat(run.outcome("run_completed")).as(run.output()).isEqualTo("INCONCLUSIVE");
    assertThat(run.outcome("littles_law")).isEqualTo("NOT_EVALUATED");
    assertThat(run.outcome("success_rate")).isNotEqualTo("NOT_EVALUATED");
    assertThat(run.leftBehind()).isEmpty();
    Files.delete(run.folder().resolve("report.html"));
    Report.write(run.folder());
    assertThat(run.folder().resolve("report.html")).content().contains("MemoryStability");
  }
}
