package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** Faults under load as a user has them: real processes die, come back, and nothing is lost. */
class ResilienceIT {
  private static final String PLAN =
      """
      faults = [
        { at = 2s, for = 2s, whom = broadcast, what = kill }
        { at = 2s, for = 2s, whom = archive, what = kill }
        { at = 9s, for = 1s, whom = nats, what = pause }
        { at = 11s, for = 1s, whom = redis, what = kill }
      ]
      """;

  private static final List<String> CHECKS =
      List.of(
          "faults_struck",
          "bids_linearizable",
          "archive_exact",
          "broadcast_complete",
          "answers_in_time",
          "service_recovered",
          "backlog_drained",
          "clients_back",
          "clients_there",
          "failures_by_faults");

  @Test
  @NeedsMachine
  void four_faults_cost_errors_and_time_and_no_bid(@TempDir Path folder) throws Exception {
    Path plan = Files.writeString(folder.resolve("plan.conf"), PLAN);
    Ended run =
        SimulationRun.smoke("Resilience").with("plan=" + plan + ";run-time=20s").runUntilValid();
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.checks("PASS")).containsAll(CHECKS);
    JsonNode figures = run.json("kpi.json").path("figures");
    assertThat(figures.at("/stage_before.error_rate/value").asDouble(-1)).isZero();
    assertThat(figures.at("/stage_during.error_rate/value").asDouble()).isPositive();
    assertThat(run.counter("clients_reconnects")).isGreaterThanOrEqualTo(20);
    assertThat(Files.readString(run.folder().resolve("faults.ndjson")))
        .contains("\"struck\"", "\"healed\"", "\"first_error\"", "\"clients_back\"");
    assertThat(Files.readString(run.folder().resolve("report.html")))
        .contains("hold during archive kill and broadcast kill", "redis kill: struck");
    assertThat(run.leftBehind()).isEmpty();
  }

  private static final String ENDLESS =
      """
      faults = [
        { at = 0s, for = 11s, whom = bids, what = pause }
        { at = 0s, for = 11s, whom = postgres, what = pause }
        { at = 0s, for = 11s, whom = redis, what = pause }
        { at = 0s, for = 11s, whom = nats, what = kill }
        { at = 0s, for = 11s, whom = broadcast, what = stop }
        { at = 0s, for = 11s, whom = users-bids, what = black-hole }
      ]
      """;

  /**
   * By SIGTERM it is healed and judged; after kill -9 the guards of its processes end them. A
   * suspended target does not hold up the verdict so far.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_run_that_ends_in_the_middle_of_faults_leaves_nothing_struck(
      boolean killed, @TempDir Path folder) throws Exception {
    Path plan = Files.writeString(folder.resolve("plan.conf"), ENDLESS);
    String options = "plan=" + plan + ";warmup=0s;verdict-every=3s";
    Started run = SimulationRun.smoke("Resilience").with(options).start();
    run.awaitLine("hold during bids pause and broadcast stop and nats kill and postgres pause");
    assertThat(run.processes()).hasSizeGreaterThan(5);
    run.awaitLine("so far");
    var unused = killed ? run.process().destroyForcibly() : terminated(run.process());
    Ended ended = run.await();
    assertThat(ended.leftBehind()).isEmpty();
    assertThat(ended.outcome("run_completed")).isEqualTo(killed ? "INCONCLUSIVE" : "INVALID");
    String moments = Files.readString(ended.folder().resolve("faults.ndjson"));
    assertThat(moments.split("\"healed\"", -1)).hasSize(killed ? 1 : 7);
  }

  private static Process terminated(Process process) {
    process.destroy();
    return process;
  }

  /** A reader that is cut off resumes, and durable delivery brings every token once. */
  @Test
  void a_relay_whose_adapter_dies_loses_no_token() throws Exception {
    String checks = "no_token_lost,no_token_duplicated,streams_terminated";
    recovered(struck("relay", "adapter", "kill").run(), checks);
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @NeedsMachine
  @Tag("defects")
  @CsvSource({
    "auction, users-bids, latency;fault-delay=700ms;timeout=1s, 'archive_exact,broadcast_complete'",
    "relay,  adapter,       kill,       'no_token_lost,no_token_duplicated,streams_terminated'",
    "relay,  bridge,        kill,       'no_token_lost,no_token_duplicated,streams_terminated'",
    "relay,  redis,         kill,       'no_token_lost,no_token_duplicated,tokens_accepted'",
    "relay,  nats,          pause,      'no_token_lost,no_token_duplicated,streams_terminated'",
    "relay,  nats,          kill;nats.cluster=true, 'no_token_lost,no_token_duplicated'",
    "relay,  users-adapter, reset,      'no_token_lost,no_token_duplicated,streams_terminated'",
    "ticker, ticker,        kill,       'feeds_current,no_broadcast_lost,pings_answered'",
    "ticker, publisher,     kill,       'feeds_current,pings_unaffected,pings_as_fast'",
    "ticker, nats,          stop,       'feeds_current,pings_unaffected,pings_as_fast'",
    "ticker, clocks, clock-step;duration=20s, 'clocks_agree,feeds_current,pings_unaffected'",
    "sse,    llm,           kill,       'answers_in_time,no_token_lost,content_matches'",
    "sse,    proxy,         stop,       'no_token_lost,content_matches'",
    "events, events,        kill,       'no_event_lost,no_event_duplicated,events_in_order'",
    "events, users-events,  black-hole, 'no_event_lost,no_event_duplicated,events_in_order'",
  })
  void each_system_recovers(String system, String plan, String fault, String checks)
      throws Exception {
    Ended run = struck(system, plan, fault).runUntilValid();
    recovered(run, checks);
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  private static SimulationRun struck(String system, String plan, String fault) {
    return SimulationRun.smoke("Resilience")
        .with("system=%s;plan=%s;fault=%s".formatted(system, plan, fault));
  }

  private static void recovered(Ended run, String checks) throws Exception {
    String all = checks + ",faults_struck,service_recovered,clients_back,failures_by_faults";
    assertThat(run.checks("PASS")).as(run.output()).contains(all.split(",", -1));
    assertThat(run.leftBehind()).isEmpty();
  }
}
