package simulations;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/**
 * Every planted defect turns its checks red and fails the build: several in a run, which leave each
 * other their events, and at night each alone, by the table of docs/DEFECTS.md.
 */
class DefectsIT {
  private static final Pattern ROW =
      Pattern.compile("\\| (?:(\\w+) \\| )?`([^`]+)`.* \\| ([^|]*) \\|");
  private static final Pattern CHECK = Pattern.compile("`([a-z0-9_]+)`");

  /** Defects of the auction that are planted in the mixed workload too. */
  private static final Set<String> OF_MIXED =
      Set.of(
          "wrong-previous",
          "double-accept",
          "archive-before-item",
          "lost-event",
          "duplicate-event",
          "events-out-of-order",
          "forget-subscriber=5");

  /** Simulations of which thresholds catch some defects. */
  private static final Set<String> THRESHOLDS = Set.of("SseBattle", "MemoryStability");

  /** Defects that a fault brings out, in the resilience run, with its plan. */
  private static final Map<String, String> OF_FAULTS =
      Map.of(
          "no-timeout-on-redis", "redis;fault=pause",
          "breaker-never-closes", "redis",
          "sync-publish", "nats",
          "sync-archive", "postgres",
          "double-on-retry", "users-bids;fault=latency;fault-delay=700ms;timeout=1s",
          "reconnect-without-backoff", "bids-redis;fault=reset",
          "lose-on-restart", "archive",
          "stuck-after-heal", "postgres",
          "timers-by-time-of-day", "ticker;system=ticker;fault=clock-step;fault-step=-5s");

  /** Loads that give each defect enough events. */
  private static final Map<String, String> LOADS =
      Map.of(
          "SseBattle", "warmup=2s;hold=3s;tokens=50;duration=1s",
          "TokenRelay", "warmup=0s;duration=5s;timeout=2s",
          "PingPong", "warmup=0s;duration=7s;timeout=2s;ready-within=120s",
          "ContendedBids",
              "warmup=0s;spawn-rate=25;run-time=6s;think=40ms;ready-within=90s;drain-within=4s",
          // On a busy machine bids overtake each other and lose: enough are left.
          "FanOut", "warmup=0s;steps=4+8+12;bids=50;interval=40;ready-within=90s;drain-within=3s",
          "MixedWorkload",
              "warmup=0s;items=2;run-time=5s;think=60ms;drain-within=5s;ready-within=90s",
          "Throughput", "warmup=0s;single=1s;hold=1s;delay=10ms;clients=10;paced=2s",
          "Backpressure", "warmup=0s;alone=2s;hold=3s;churn=1s;send-timeout=1s;timeout=3s",
          "WatcherScale", "warmup=0s;steps=10+20;churn=0s",
          "Shutdown", "warmup=0s;stages=term;stop-within=1s");

  /** Returns a run of a simulation with defects, such as {@code llm.defect=stall}. */
  static SimulationRun planted(String simulation, String defects) {
    return SimulationRun.smoke(simulation)
        .with(LOADS.getOrDefault(simulation, "warmup=2s"))
        .with(defects);
  }

  /** Invariants are judged in every run, also in one that a busy machine makes invalid. */
  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource({
    "SseBattle, proxy.defect=count-on-flush;llm.defect=swap-tokens+drop-token+duplicate-token,"
        + "'events_conserved,tokens_in_order,no_token_lost,no_token_duplicated'",
    "TokenRelay, delivery=durable;bridge.defect=lost-done;adapter.defect=reorder+stop-feed=30,"
        + "'streams_terminated,tokens_in_order,no_token_lost'",
    "TokenRelay, adapter.defect=drop-when-full+off-by-one-resume+duplicate-on-reconnect"
        + "+silent-nats-down,"
        + "'slow_reader_told,resume_exact,no_token_duplicated,nats_loss_shown'",
    "PingPong, ticker.defect=blocking-broadcast+latency-from-wrong-clock+no-rate-limit"
        + "+leak-client-state+accept-any-token;publisher.defect=clock-behind,"
        + "'slow_client_closed,server_latency_true,floods_ended,clients_forgotten,attacks_refused,"
        + "clocks_agree'",
    "ContendedBids, bid.defect=torn-pair;broadcast.defect=forget-subscriber=5;"
        + "archive.defect=archive-before-item,"
        + "'bids_linearizable,broadcast_exact,archive_exact'",
    "Backpressure, events.defect=slow-client-blocks-all+no-send-timeout+fd-leak,"
        + "'fast_unaffected,frozen_clients_closed,descriptors_return'",
    "WatcherScale, steps=10;timeout=1s;events.defect=watcher-per-connection+event-set-leak,"
        + "'one_watcher,watcher_restarts,registered_events_return'",
    // By HTTP/2, for streams that resume use all of its frames.
    "Throughput, http2=true;events.defect=ignore-last-event-id+block-loop-15ms,"
        + "'resume_lossless,no_event_duplicated,loop_stalls'",
  })
  void several_fail_invariants(String simulation, String defects, String checks) throws Exception {
    planted(simulation, defects).run().assertCaught(checks);
  }

  @NeedsMachine
  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource({
    "SseBattle, proxy.defect=coalesce-50ms+clean-end-on-upstream-break;"
        + "llm.defect=wrong-text+drifting-pace,"
        + "'gap_p99,content_matches,broken_upstream_shown,pace_drift'",
    "SseBattle, proxy.defect=ignore-client-disconnect;llm.defect=stall+early-close+leak=1MB/s,"
        + "'leavers_cancel_upstream,goodput,success_rate,llm_live_heap_growth'",
  })
  void several_fail_thresholds(String simulation, String defects, String checks) throws Exception {
    planted(simulation, defects).runUntilValid().assertCaught(checks);
  }

  @ParameterizedTest(name = "{0} with {1}: {2}")
  @Tag("defects")
  @MethodSource("documented")
  void each_fails_its_checks(String simulation, String defects, String checks) throws Exception {
    SimulationRun run = planted(simulation, defects);
    // Thresholds are judged in valid runs alone.
    (THRESHOLDS.contains(simulation) ? run.runUntilValid() : run.run()).assertCaught(checks);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @Tag("defects")
  @CsvSource({
    "SseBattle,     llm proxy,             llm proxy",
    "TokenRelay,    bridge adapter,        bridge adapter",
    "PingPong,      ticker,                ticker",
    "ContendedBids, bid broadcast archive, bids broadcast archive",
    "BreakingPoint, bid broadcast archive, bids broadcast archive",
    "FanOut,        bid broadcast,         bids broadcast",
    "MixedWorkload, bid broadcast archive, bids broadcast archive",
    "MemoryStability, events,            events",
  })
  void a_leak_is_caught_in_the_smoke_profile(String simulation, String options, String processes)
      throws Exception {
    SimulationRun.smoke(simulation)
        .with(each(options, ".defect=leak=1MB/s", ";"))
        .runUntilValid()
        .assertCaught(each(processes, "_live_heap_growth", ","));
  }

  /** Gatling's client would request it, if its connection had served another stream before. */
  @Test
  @Tag("defects")
  void a_stream_that_its_user_gives_up_is_not_requested_again() throws Exception {
    Ended run = planted("SseBattle", "llm.defect=stop-feed").run();
    assertThat(run.outcome("events_conserved")).as(run.output()).isEqualTo("PASS");
  }

  @Test
  @Tag("defects")
  void three_defects_turn_a_check_each_red_for_any_number_of_viewers() throws Exception {
    Ended run =
        planted("FanOut", "broadcast.defect=lost-event+duplicate-event+events-out-of-order")
            .run()
            .assertCaught(
                "broadcast_complete,no_broadcast_lost,no_broadcast_duplicated,broadcasts_in_order");
    assertThat(run.output())
        .contains("viewer 1 of 4 never got sequence 11")
        .contains("threshold lag_growth_exponent < 1");
    JsonNode report = run.json("kpi.json");
    assertThat(report.at("/figures/lag_growth_exponent/value").isNumber()).isTrue();
    assertThat(report.at("/figures/viewers_12.step_lag_p50/value").asDouble()).isPositive();
  }

  private static String each(String words, String suffix, String separator) {
    return Arrays.stream(words.split(" ")).map(word -> word + suffix).collect(joining(separator));
  }

  /** Returns each defect of the table, in the simulations that load its target. */
  static List<Arguments> documented() throws IOException {
    List<Arguments> rows = new ArrayList<>();
    String heading = "";
    for (String line : Files.readAllLines(Path.of("docs", "DEFECTS.md"))) {
      heading = line.startsWith("## ") ? line.replaceFirst(".*[ -]", "") : heading;
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String target = row.group(1) == null ? heading : row.group(1);
        Matcher checks = CHECK.matcher(row.group(3));
        String named = checks.results().map(found -> found.group(1)).collect(joining(","));
        // Without a check of a simulation it is caught elsewhere, and a change needs a baseline.
        if (!named.isEmpty() && !named.endsWith("_change")) {
          runs(target, row.group(2), named).forEach(rows::add);
        }
      }
    }
    assertThat(rows).hasSizeGreaterThan(60);
    return rows;
  }

  private static Stream<Arguments> runs(String target, String defect, String checks) {
    if (OF_FAULTS.containsKey(defect)) {
      String option = target.equals("bids") ? "bid" : target;
      String plan = defect + ";plan=" + OF_FAULTS.get(defect);
      return Stream.of(run("Resilience", option, plan, checks));
    }
    return switch (target) {
      case "target" ->
          Stream.of("llm", "proxy")
              .flatMap(each -> runs(each, defect, checks.replace("llm_", each + "_")));
      case "both" -> Stream.of("bridge", "adapter").flatMap(each -> runs(each, defect, checks));
      case "llm", "proxy" -> Stream.of(run("SseBattle", target, defect + hold(defect), checks));
      case "bridge", "adapter" -> Stream.of(run("TokenRelay", target, defect, checks));
      case "ticker", "publisher" -> Stream.of(run("PingPong", target, defect, checks));
      case "events" -> Stream.of(run(ofEvents(checks), target, defect, checks));
      default -> {
        boolean broadcast = target.equals("broadcast");
        String option = target.equals("bids") ? "bid" : target;
        Stream<Arguments> contended =
            Stream.of(run("ContendedBids", option, defect, broadcast ? "broadcast_exact" : checks));
        Stream<Arguments> others =
            Stream.of("FanOut", "MixedWorkload")
                .filter(each -> each.equals("FanOut") ? broadcast : OF_MIXED.contains(defect))
                .map(each -> run(each, option, defect, checks));
        yield Stream.concat(contended, others);
      }
    };
  }

  private static String ofEvents(String checks) {
    return switch (checks.replaceFirst(",.*", "")) {
      case "one_watcher", "registered_events_return" -> "WatcherScale";
      case "events_heap_per_stream" -> "MemoryStability";
      case "stopped_in_time", "streams_ended_properly" -> "Shutdown";
      case "frozen_clients_closed", "fast_unaffected" -> "Backpressure";
      default -> "Throughput";
    };
  }

  private static Arguments run(String simulation, String option, String defect, String checks) {
    return Arguments.of(simulation, option + ".defect=" + defect, checks);
  }

  /** Growth takes longer to see than a wrong stream. */
  private static String hold(String defect) {
    return defect.startsWith("leak")
        ? ";hold=45s"
        : defect.matches(".*(-leak|error).*") ? ";hold=9s" : "";
  }
}
