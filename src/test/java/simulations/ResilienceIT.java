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
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

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
    for (String check : CHECKS) {
      assertThat(run.outcome(check)).as(check).isEqualTo("PASS");
    }
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

  /** A reader that is cut off resumes, and durable delivery brings every token once. */
  @Test
  @NeedsMachine
  void a_relay_whose_adapter_dies_loses_no_token() throws Exception {
    recovers("relay", "adapter", "kill", "no_token_lost,no_token_duplicated,streams_terminated");
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @NeedsMachine
  @Tag("defects")
  @CsvSource({
    "relay,  bridge,        kill,       'no_token_lost,no_token_duplicated,streams_terminated'",
    "relay,  redis,         kill,       'no_token_lost,no_token_duplicated,tokens_accepted'",
    "relay,  nats,          pause,      'no_token_lost,no_token_duplicated,streams_terminated'",
    "relay,  users-adapter, reset,      'no_token_lost,no_token_duplicated,streams_terminated'",
    "ticker, ticker,        kill,       'feeds_current,no_broadcast_lost,pings_answered'",
    "ticker, publisher,     kill,       'feeds_current,pings_unaffected,pings_as_fast'",
    "ticker, nats,          stop,       'feeds_current,pings_unaffected,pings_as_fast'",
    "sse,    llm,           kill,       'answers_in_time,no_token_lost,content_matches'",
    "sse,    proxy,         stop,       'no_token_lost,content_matches'",
    "events, events,        kill,       'no_event_lost,no_event_duplicated,events_in_order'",
    "events, users-events,  black-hole, 'no_event_lost,no_event_duplicated,events_in_order'",
  })
  void each_system_recovers(String system, String plan, String fault, String checks)
      throws Exception {
    recovers(system, plan, fault, checks);
  }

  private static void recovers(String system, String plan, String fault, String checks)
      throws Exception {
    Ended run =
        SimulationRun.smoke("Resilience")
            .with("system=%s;plan=%s;fault=%s".formatted(system, plan, fault))
            .runUntilValid();
    assertThat(run.exitCode()).as(run.output()).isZero();
    String all = checks + ",faults_struck,service_recovered,clients_back,failures_by_faults";
    for (String check : all.split(",", -1)) {
      assertThat(run.outcome(check)).as(check).isEqualTo("PASS");
    }
    assertThat(run.leftBehind()).isEmpty();
  }
}
