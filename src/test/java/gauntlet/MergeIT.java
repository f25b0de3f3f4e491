package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kpi.JsonFile;
import kpi.RequestLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** One generator and several, with the same load on the same target. */
class MergeIT {
  private static final String SSE =
      "warmup=0s;arrivals=constant;rate=20;rampup=1s;hold=2s;tokens=10;duration=1s;api=chat"
          + ";verify=yes;cancel=0.1;cancel-after=2";

  /** Each conversation is longer than the run, so that there is one at each place. */
  private static final String RELAY =
      "delivery=durable;conversations=7;tokens=80;rampup=1s;duration=1s;warmup=1s";

  private static final String TICKER =
      "connections=11;rampup=1s;duration=2s;frequency=200;warmup=1s";

  /** Seconds until the common start; longer ones are for a machine that starts JVMs slowly. */
  private static final List<Integer> TRIES = List.of(10, 30, 150);

  @TempDir private Path folder;

  /** The run folder that merge wrote, and the verdicts of the generators. */
  private record Merged(Path folder, List<Ended> parts) {
    JsonNode json(String file) throws IOException {
      return JsonFile.MAPPER.readTree(folder.resolve(file).toFile());
    }

    long counter(String name) throws IOException {
      return json("kpi.json").path("counters").path(name).asLong();
    }

    /** The counters of the targets agree, though on a busy machine a generator may be INVALID. */
    void assertPassed(String... checks) throws IOException {
      for (String name : checks) {
        assertThat(json("verdict.json").path("checks").valueStream())
            .filteredOn(check -> check.path("name").asText().equals(name))
            .singleElement()
            .satisfies(
                check ->
                    assertThat(check.path("outcome").asText()).as("" + check).isEqualTo("PASS"));
      }
      assertThat(json("kpi.json").at("/unchecked").has("good_seconds")).isFalse();
    }
  }

  @NeedsMachine
  @Test
  void the_merged_run_of_four_generators_has_the_counts_of_a_single_one() throws Exception {
    try (TargetProcess llm = target("llm");
        TargetProcess proxy = target("proxy", "--upstream", llm.url().toString())) {
      String load = "proxy.url=" + proxy.url() + ";llm.url=" + llm.url() + ";" + SSE;
      Ended single = SimulationRun.smoke("SseBattle").with(load).run();
      Merged merged = merged("SseBattle", load, 4);
      List<Path> folders = merged.parts.stream().map(Ended::folder).toList();
      for (String each :
          "streams_started outcome_ok events_received tokens_received".split(" ", -1)) {
        assertThat(merged.counter(each)).as(each).isEqualTo(single.counter(each)).isPositive();
      }
      assertThat(merged.json("kpi.json").at("/offered/arrivals").asInt()).isEqualTo(60);
      assertThat(streams(folders)).isEqualTo(streams(List.of(single.folder()))).hasSize(60);
      merged.assertPassed("events_conserved", "leavers_cancel_upstream");
    }
  }

  @NeedsMachine
  @Test
  void counters_of_the_relay_are_held_against_all_generators() throws Exception {
    try (RedisServer redis = RedisServer.start(folder);
        NatsServer nats = NatsServer.start(folder)) {
      String[] servers = {
        "--nats", nats.url().toString(), "--delivery", "durable", "--redis", redis.url().toString()
      };
      try (TargetProcess bridge = target("relay-bridge", servers);
          TargetProcess adapter = target("relay-adapter", Arrays.copyOf(servers, 4))) {
        String urls = "sse.url=%s;bridge.url=%s;redis.url=%s;";
        String load = urls.formatted(adapter.url(), bridge.url(), redis.url()) + RELAY;
        Merged merged = merged("TokenRelay", load, 2);
        assertThat(merged.counter("tokens_published")).isEqualTo(7 * 80);
        assertThat(merged.counter("tokens_received")).isEqualTo(7 * 80);
        merged.assertPassed("tokens_passed_on", "nothing_dropped");
      }
    }
  }

  @NeedsMachine
  @Test
  void the_ticker_has_forgotten_the_clients_of_all_generators() throws Exception {
    try (NatsServer nats = NatsServer.start(folder);
        TargetProcess ticker = target("ticker", "--nats", nats.url().toString());
        TargetProcess feed = target("ticker-publisher", "--nats", nats.url().toString())) {
      assertThat(feed.isReady()).isTrue();
      String url = ticker.url().toString().replaceFirst("^http", "ws").replaceFirst("/*$", "/ws");
      String load = "ws.url=" + url + ";" + TICKER;
      Merged merged = merged("PingPong", load, 2);
      assertThat(merged.counter("streams_started")).isEqualTo(11);
      assertThat(merged.counter("sockets_connected")).isEqualTo(11);
      merged.assertPassed("clients_forgotten");
    }
  }

  private TargetProcess target(String name, String... options) {
    List<String> jvm = TargetProcess.jvmOptions("128m");
    Path log = folder.resolve(name + ".log");
    return TargetProcess.launch(new TargetProcess.Spec(name, jvm, List.of(options), log))
        .awaitReady();
  }

  private Merged merged(String simulation, String load, int generators) throws Exception {
    List<Ended> parts = generators(simulation, load, generators);
    List<Path> folders = parts.stream().map(Ended::folder).toList();
    assertThat(CommandLineRun.of("merge", folders, "--output-dir", folder).out())
        .contains(parts.size() + " generators");
    return new Merged(folder.resolve("latest").toRealPath(), parts);
  }

  /** Starts all generators; again with more time if one came after the common start. */
  private static List<Ended> generators(String simulation, String load, int count)
      throws IOException, InterruptedException {
    List<Ended> ended = new ArrayList<>();
    for (int waitS : TRIES) {
      ended.clear();
      String start = Instant.now().plusSeconds(waitS).truncatedTo(ChronoUnit.SECONDS).toString();
      List<Started> started = new ArrayList<>();
      for (int index = 0; index < count; index++) {
        started.add(
            SimulationRun.smoke(simulation)
                .with(load)
                .with("shard", index + "/" + count)
                .with("start-at", start)
                .withJvm("-Xmx256m")
                .start());
      }
      for (Started each : started) {
        ended.add(each.await());
      }
      if (ended.stream().noneMatch(each -> each.output().contains("has passed"))) {
        return ended;
      }
    }
    return ended;
  }

  /** Returns the numbers of the streams that were requested, whichever client took them. */
  private static Set<String> streams(List<Path> folders) throws IOException {
    Set<String> all = new TreeSet<>();
    for (Path each : folders) {
      RequestLog.read(each, row -> all.add(row.stream().replaceFirst("^.*/", "")));
    }
    return all;
  }
}
