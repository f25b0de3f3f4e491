package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
          "viewers_back");

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
    assertThat(run.counter("viewers_reconnects")).isGreaterThanOrEqualTo(20);
    assertThat(Files.readString(run.folder().resolve("faults.ndjson")))
        .contains("\"struck\"", "\"healed\"", "\"first_error\"", "\"viewers_back\"");
    assertThat(Files.readString(run.folder().resolve("report.html")))
        .contains("hold, archive kill, broadcast kill", "redis kill: struck");
    assertThat(run.leftBehind()).isEmpty();
  }
}
