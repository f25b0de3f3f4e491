package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kpi.HistogramLogs;
import kpi.JsonFile;
import kpi.RequestLog;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stack.TargetProcess;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;
import verdict.Check.Outcome;

/** One generator and four, with the same load on the same target. */
class MergeIT {
  private static final int GENERATORS = 4;
  private static final String LOAD =
      "warmup=0s;arrivals=constant;rate=20;rampup=1s;hold=2s;tokens=10;duration=200ms;api=chat"
          + ";verify=yes";

  /** Seconds until the common start; longer ones are for a machine that starts JVMs slowly. */
  private static final List<Integer> TRIES = List.of(15, 60, 150);

  @TempDir private Path folder;

  @NeedsMachine
  @Test
  void the_merged_run_of_four_generators_has_the_counts_of_a_single_one() throws Exception {
    try (TargetProcess llm = target("llm");
        TargetProcess proxy = target("proxy", "--upstream", llm.awaitReady().url().toString())) {
      String url = "proxy.url=" + proxy.awaitReady().url() + ";llm.url=" + llm.url();
      Ended single = run(url).run();
      List<Ended> parts = generators(url);
      List<Path> folders = parts.stream().map(Ended::folder).toList();
      CommandLineRun merge = CommandLineRun.of("merge", folders, "--output-dir", folder);
      Path merged = folder.resolve("latest").toRealPath();

      JsonNode kpi = JsonFile.MAPPER.readTree(merged.resolve("kpi.json").toFile());
      for (String counter :
          List.of("streams_started", "outcome_ok", "events_received", "tokens_received")) {
        assertThat(kpi.path("counters").path(counter).asLong())
            .as(counter + merge.out())
            .isEqualTo(single.counter(counter))
            .isPositive();
      }
      assertThat(kpi.at("/offered/arrivals").asInt()).isEqualTo(60);
      assertThat(HistogramLogs.read(merged).histograms()).isEqualTo(sum(folders));
      assertThat(streams(folders)).isEqualTo(streams(List.of(single.folder()))).hasSize(60);
      JsonNode judged = JsonFile.MAPPER.readTree(merged.resolve("verdict.json").toFile());
      String verdict = judged.path("verdict").asText();
      assertThat(judged.path("checks").valueStream())
          .filteredOn(check -> check.path("name").asText().equals("events_conserved"))
          .singleElement()
          .satisfies(check -> assertThat(check.path("outcome").asText()).isEqualTo("PASS"));
      List<Outcome> each = new ArrayList<>();
      for (Ended part : parts) {
        each.add(Outcome.valueOf(part.verdict()));
      }
      // On a machine that is too busy a generator is INVALID, and so are all together.
      boolean invalid = each.contains(Outcome.INVALID);
      assertThat(verdict.equals("INVALID")).as(each + merge.out()).isEqualTo(invalid);
      assertThat(merge.code()).isEqualTo(ExitCode.of(Outcome.valueOf(verdict)));
    }
  }

  private TargetProcess target(String name, String... options) throws Exception {
    return TargetProcess.launch(
        new TargetProcess.Spec(
            name,
            TargetProcess.jvmOptions("128m"),
            List.of(options),
            folder.resolve(name + ".log")));
  }

  private static SimulationRun run(String targets) {
    return SimulationRun.smoke("SseBattle").with(LOAD).with(targets);
  }

  /** Starts all generators; again with more time if one came after the common start. */
  private static List<Ended> generators(String url) throws IOException, InterruptedException {
    List<Ended> ended = new ArrayList<>();
    for (int waitS : TRIES) {
      ended.clear();
      String start = Instant.now().plusSeconds(waitS).truncatedTo(ChronoUnit.SECONDS).toString();
      List<Started> started = new ArrayList<>();
      for (int index = 0; index < GENERATORS; index++) {
        String shard = index + "/" + GENERATORS;
        started.add(
            run(url).with("shard", shard).with("start-at", start).withJvm("-Xmx256m").start());
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

  private static Map<String, Histogram> sum(List<Path> folders) throws IOException {
    Map<String, Histogram> all = new TreeMap<>();
    for (Path each : folders) {
      HistogramLogs.read(each)
          .histograms()
          .forEach(
              (kpi, own) ->
                  all.merge(
                      kpi,
                      own,
                      (one, other) -> {
                        one.add(other);
                        return one;
                      }));
    }
    return all;
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
