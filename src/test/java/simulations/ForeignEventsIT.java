package simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stack.Peer;
import testing.NeedsMachine;
import testing.NodeProgram;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** Event servers of Node's http module and of npm's better-sse: by their address, and as peers. */
@NeedsMachine
@Tag("defects")
class ForeignEventsIT {
  private static final String REQUIRE =
      "import { createRequire } from 'node:module';"
          + "const require = createRequire(import.meta.url);";

  /** Holds the whole process, as long as a client does not read. */
  private static final String BLOCK =
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100); await sleep(0)";

  private static final String WRITE = "write(++last, data(last))";

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({
    "Throughput, http, 'no_event_lost,resume_lossless,stage_single_events_per_s'",
    "Throughput, better-sse@0.16.1, 'no_event_lost,resume_lossless,stage_single_events_per_s'",
    "MemoryStability, http, 'no_event_lost,events_in_order,goodput'",
    "WatcherScale, better-sse@0.16.1, 'no_event_lost,data_match_ids,delivery_lag_p99'",
    "Shutdown, better-sse@0.16.1, 'streams_ended_properly,stopped_in_time,port_free'",
    "Backpressure, http, 'fast_unaffected,frozen_clients_closed,slow_clients_served'",
  })
  void a_perfect_one_passes(String simulation, String module, String checks) throws Exception {
    Ended run = run(simulation, module, "yes", "", "");
    run.assertKept(checks.split(",", -1));
    assertThat(run.checks("FAIL", "INVALID")).as(run.output()).isEmpty();
    assertThat(run.checks("NOT_EVALUATED")).contains("streams_closed");
    assertThat(run.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Throughput", "MemoryStability", "WatcherScale", "Backpressure"})
  void so_does_one_that_is_known_by_its_address_alone(String simulation) throws Exception {
    run(simulation, "http", "auto", "", "").assertJudged("PASS", 0);
  }

  @ParameterizedTest(name = "{0}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Throughput | " + WRITE + " | ++last % 50 && write(last, data(last)) | no_event_lost",
        "Throughput | "
            + WRITE
            + " | "
            + WRITE
            + "; if (last % 50 == 0) write(last, data(last))"
            + " | no_event_duplicated",
        "Throughput | request.headers['last-event-id'] | 0 | resume_lossless",
        "Shutdown | SIGTERM | SIGUSR2 | streams_ended_properly",
        "Backpressure | await drained(response) | " + BLOCK + " | fast_unaffected",
      })
  void a_broken_one_fails(String simulation, String right, String wrong, String check)
      throws Exception {
    run(simulation, "http", "yes", right, wrong).assertCaught(check);
  }

  @ParameterizedTest(name = "{0} in {1}")
  @CsvSource({
    "node nginx, Shutdown, proxy=nginx, 'streams_ended_properly,stages_played,resume_lossless'",
    "better-sse, Backpressure, '', 'fast_unaffected,frozen_clients_closed'",
    "node, WatcherScale, '', 'no_event_lost,events_in_order'",
    "nchan, WatcherScale, churn=0s;warmup=0s, 'no_event_lost,events_in_order'",
  })
  void a_peer_takes_the_servers_place(
      String peers, String simulation, String options, String checks) throws Exception {
    for (String peer : peers.split(" ", -1)) {
      assumeThat(Peer.Kind.of(peer).orElseThrow().isInstalled()).as(peer).isTrue();
    }
    SimulationRun run = SimulationRun.smoke(simulation).with("events", peers.split(" ", 2)[0]);
    Ended ended = (options.isEmpty() ? run : run.with(options)).runUntilValid();
    ended.assertKept(checks.split(",", -1));
    assertThat(ended.checks("FAIL", "INVALID")).as(ended.output()).isEmpty();
    assertThat(ended.json("kpi.json").at("/figures/events.rss_max/value").asDouble()).isPositive();
  }

  /** Runs a simulation against the peers' script, in which one text may be replaced. */
  private static Ended run(
      String simulation, String module, String verify, String right, String wrong)
      throws Exception {
    boolean plain = module.equals("http");
    Path conf = Path.of("src", "main", "resources", "stack", "node.conf");
    String script =
        (REQUIRE + Files.readString(conf))
            .replace("${module}", plain ? "" : module.replaceFirst("@.*", ""))
            .replace("${port}", "0")
            .replace("${send-timeout}", "2000");
    assertThat(script).contains(right);
    String[] packages = plain ? new String[0] : new String[] {module};
    try (NodeProgram server = NodeProgram.start(script.replace(right, wrong), packages)) {
      SimulationRun run =
          SimulationRun.smoke(simulation)
              .with("events.url", "http://127.0.0.1:" + server.next())
              .with("verify", verify);
      if (simulation.equals("Shutdown")) { // It can be stopped once.
        return run.with("events.stop", "kill " + server.pid()).run();
      }
      return right.isEmpty() ? run.runUntilValid() : run.run(); // Invariants are judged in both.
    }
  }
}
