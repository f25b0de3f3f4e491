package simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stack.Peer;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** Simulations as a user runs them: smoke profile, real servers, real exit codes. */
@NeedsMachine
class SmokeIT {
  /** Options, checks that pass, and figures that are there, most of them above a number. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Backpressure | | fast_unaffected frozen_clients_closed slow_clients_served \
          descriptors_return streams_closed | streams_started>0
          # In a locale with digits of its own, which no number of JSON or HTTP may have.
          ContendedBids | user.language=ar;user.country=EG | bids_linearizable final_price_true \
          stream_exact archive_exact broadcast_exact losing_bids_rejected answers_well_formed \
          | bids_accepted>100 bids_rejected>100 reads>100 accepted_per_s>0 decided_per_s>0
          # A bid that overtook another one makes it lose.
          FanOut | | broadcast_complete no_broadcast_lost | viewers_survived>99 bids_accepted>40 \
          broadcast_lag_p50_by_bid_median>0 broadcast_lag_last_by_bid_median>0 \
          broadcast.rss_per_viewer
          MemoryStability | | events_heap_per_stream registered_events_return descriptors_return \
          | streams_started>0
          MixedWorkload | | bids_linearizable broadcast_complete archive_exact | bids_accepted>100 \
          viewers_survived>39 broadcasts_received>500 browse>100
          PingPong | | attacks_refused floods_ended slow_client_closed clients_forgotten \
          tokens_not_logged | sockets_survived>49 pings_sent>1000 broadcasts_received>5000 \
          attacks_refused>50
          Throughput | | no_event_lost resume_lossless loop_stalls full_speed_limit \
          | resumes>50 stage_single.events_per_s>0
          TokenRelay | delivery=durable | tokens_passed_on resume_exact slow_reader_told \
          nats_loss_shown clocks_agree | tokens_distinct>1000 resumes>0 hop_redis>0
          """)
  void a_run_is_green(String simulation, String options, String checks, String figures)
      throws Exception {
    SimulationRun smoke = SimulationRun.smoke(simulation);
    Ended run = (options == null ? smoke : smoke.with(options)).runUntilValid();
    run.assertGreen(checks.split(" ", -1));
    for (String figure : figures.split(" ", -1)) {
      String[] words = figure.split(">", -1);
      double least = words.length == 1 ? Double.NEGATIVE_INFINITY : Double.parseDouble(words[1]);
      assertThat(figure(run, words[0])).as(figure).isGreaterThan(least);
    }
  }

  @Tag("defects")
  @ParameterizedTest(name = "{0} with {1}")
  @CsvSource({
    "TokenRelay, delivery=core, tokens_passed_on resume_exact nats_loss_shown,"
        + "tokens_distinct>1000",
    "FanOut, broadcast=nchan, broadcast_complete no_broadcast_lost broadcasts_in_order,"
        + "broadcast.rss_max>0",
  })
  void so_is_one_with_other_options(String simulation, String options, String checks, String figure)
      throws Exception {
    Optional<Peer.Kind> peer = Peer.Kind.of(options.replaceFirst(".*=", ""));
    assumeThat(peer.stream()).as("peers that are installed").allMatch(Peer.Kind::isInstalled);
    a_run_is_green(simulation, options, checks, figure);
  }

  /** Returns a counter, a single figure, or the number of values of a distribution. */
  private static double figure(Ended run, String name) throws IOException {
    JsonNode kpi = run.json("kpi.json");
    return Stream.of(
            kpi.path("counters").path(name),
            kpi.path("figures").path(name).path("value"),
            kpi.path("kpis").path(name).path("count"))
        .filter(JsonNode::isNumber)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + kpi))
        .asDouble();
  }
}
