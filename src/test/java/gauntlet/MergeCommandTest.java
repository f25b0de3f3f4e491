package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kpi.Figure;
import kpi.JsonFile;
import kpi.Kpi;
import kpi.Manifest;
import kpi.SharedCounters;
import kpi.SharedCounters.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Outcome;
import verdict.SampleRun;

class MergeCommandTest {
  private static final int INVALID = 5;
  private static final int FAIL = 3;
  private static final int INCONCLUSIVE = 4;
  private static final String LIMIT = "--limit=goodput > 99 %";

  @TempDir private Path folder;

  @Test
  void generators_of_one_load_are_one_run() throws IOException {
    CommandLineRun merged = merge(generators(run -> {})).ending(ExitCode.OK);
    assertThat(merged.out()).contains("SseBattleSimulation.smoke, 3 generators, 3 of them judged");
    JsonNode kpi = json("kpi.json");
    assertThat(kpi.at("/counters/streams_started").asInt()).isEqualTo(30);
    assertThat(kpi.at("/offered/clients").asInt()).isEqualTo(30);
    assertThat(kpi.at("/figures/goodput/value").asDouble()).isEqualTo(100);
    assertThat(kpi.at("/figures/messages_per_s/value").asDouble()).isEqualTo(300);
    assertThat(kpi.at("/figures/injector.rss_max/value").asDouble()).isEqualTo(102);
    assertThat(kpi.at("/counters").has("streams_open_max")).isFalse();
    assertThat(kpi.at("/unchecked/pace_drift").asText()).startsWith("It does not follow");
    assertThat(json("manifest.json").at("/generators/2/verdict").asText()).isEqualTo("PASS");
    assertThat(Files.readString(merged().resolve("report.html"))).contains("<h2 id=\"generators-h");
    assertThat(merged().resolve("junit.xml")).exists();
  }

  @Test
  void a_generator_that_is_missing_was_killed_or_was_late_makes_the_run_invalid()
      throws IOException {
    List<Path> all = generators(run -> {});
    assertThat(merge(all.subList(0, 2)).ending(INVALID).out())
        .contains("INVALID  The load is not whole: generator 2 is missing.");
    Files.delete(all.get(1).resolve("kpi.json"));
    assertThat(merge(all).ending(INVALID).out())
        .contains("The load is not whole: generator 1 was killed before it could be judged.");
    assertThat(merge(generators(run -> of(run, 1, SampleRun::invalid))).ending(INVALID).out())
        .contains("INVALID  Generator 1: The injector was late.");
  }

  @Test
  void what_one_generator_found_wrong_is_wrong_in_all() throws IOException {
    assertThat(merge(generators(run -> of(run, 2, SampleRun::broken))).ending(FAIL).out())
        .contains("FAIL  Generator 2: A token came out of order.");
    assertThat(
            merge(generators(run -> of(run, 0, one -> one.counted("streams_started", 11))))
                .ending(INVALID)
                .out())
        .contains("Streams started, ended and open at the stop do not add up.");
    assertThat(merge(generators(run -> of(run, 0, one -> one.counted("streams_good", 1)))).out())
        .contains("goodput is 70 %; the limit is > 99 %.");
  }

  @Test
  void what_is_not_known_of_all_passes_no_threshold() throws IOException {
    String limit = "--limit=injector.rss_max < 200 MB";
    List<Path> lacking = generators(run -> of(run, 1, one -> one.without("injector.rss_max")));
    assertThat(merge(lacking, limit).ending(INCONCLUSIVE).out()).contains("Not every generator");
    List<Path> none =
        generators(run -> run.counted("outcome_ok", 0).counted("outcome_cancelled", 10));
    assertThat(merge(none).ending(INCONCLUSIVE).out()).contains("No stream ended.");
  }

  @ParameterizedTest
  @CsvSource({"PASS, 0", "NOT_EVALUATED, 0", "INCONCLUSIVE, 4", "FAIL, 3"})
  void a_threshold_that_only_a_generator_can_judge_is_met_by_each(Outcome outcome, int code)
      throws IOException {
    List<Path> all = generators(run -> of(run, 1, one -> one.judged("pace_drift", outcome)));
    String out = merge(all).ending(code).out();
    assertThat(out.contains("all of them: pace_drift of generator 1 " + outcome + "."))
        .isEqualTo(code > 0);
    all =
        generators(
            run -> {
              of(run, 0, one -> one.judged("pace_drift", outcome));
              of(run, 2, one -> one.judged("pace_drift", Outcome.INCONCLUSIVE));
            });
    assertThat(merge(all).out()).contains("pace_drift of generator 2 INCONCLUSIVE.");
  }

  @Test
  void counters_of_targets_are_held_against_all_generators_or_not_evaluated() throws IOException {
    merge(generators(run -> shared(run, run.share.index() * 90L, 270, 90))).ending(ExitCode.OK);
    assertThat(json("verdict.json").toString())
        .contains(
            "\"events_conserved\",\"kind\":\"invariant\",\"outcome\":\"PASS\","
                + "\"figure\":\"llm 270, generators 270 to 273\",\"limit\":\"270 to 273\"");
    assertThat(merge(generators(run -> shared(run, 0, 270, 80))).ending(FAIL).out())
        .contains("all generators differ: llm 270, generators 240 to 243;");
    SharedCounters nothing = new SharedCounters(0, 0, Map.of(), Map.of());
    assertThat(merge(generators(run -> run.shared.put("leavers_cancel_upstream", nothing))).out())
        .contains("INCONCLUSIVE  No generator did what it rests on.");
    merge(generators(run -> of(run, 1, one -> shared(one, 0, 270, 90)))).ending(ExitCode.OK);
    assertThat(json("verdict.json").toString()).doesNotContain("events_conserved");
  }

  /** Only the generator that ends last finds no state that a client left. */
  private static void shared(SampleRun run, long first, long last, long received) {
    Map<String, Reading> llm = Map.of("llm", new Reading(first, last));
    Map<String, Long> kept = Map.of("states", 2L - run.share.index());
    run.shared.put("events_conserved", new SharedCounters(received, received + 1, llm, Map.of()));
    run.shared.put("clients_forgotten", new SharedCounters(0, 0, Map.of(), kept));
  }

  @Test
  void goodput_may_be_what_it_was_without_a_generator_that_was_late() throws IOException {
    Figure known = Figure.of(Kpi.GOODPUT, 90, 90.0, 100.0);
    List<Path> late =
        generators(run -> of(run, 1, one -> one.with(known, "goodput").counted("streams_good", 9)));
    merge(late);
    JsonNode goodput = json("kpi.json").at("/figures/goodput");
    assertThat(goodput.path("value").asDouble()).isCloseTo(96.667, within(0.001));
    assertThat(goodput.path("high").asDouble()).isCloseTo(100, within(0.001));
  }

  @Test
  void clocks_of_several_hosts_agree_by_the_targets_or_make_the_run_invalid() throws IOException {
    assertThat(merge(generators(run -> host(run, "b", 40, 5.0))).ending(ExitCode.OK).out())
        .doesNotContain("generator_clocks");
    assertThat(merge(generators(run -> host(run, "b", 400, 5.0))).ending(INVALID).out())
        .contains("The clocks of the generators are 400 ms apart: they did not begin together.");
    List<Path> around =
        generators(
            run -> {
              host(run, "b", 80, 5.0);
              of(run, 2, one -> one.share = share(2, 3, "c", -80, 5.0));
            });
    assertThat(merge(around).ending(INVALID).out()).contains("generators are 160 ms apart");
    assertThat(merge(generators(run -> host(run, "b", 0, null))).ending(ExitCode.OK).out())
        .contains("NOT_EVALUATED generator_clocks");
  }

  @Test
  void runs_that_do_not_belong_together_are_refused_by_name() throws IOException {
    refused(run -> of(run, 1, one -> one.profile = "heavy"), "profile heavy instead of smoke.");
    refused(run -> of(run, 1, one -> one.simulation = "X"), "simulation X instead of ");
    refused(run -> of(run, 1, one -> one.seed = 7), "seed 7 instead of 42.");
    refused(run -> of(run, 1, one -> one.commit = "bbbb"), "commit bbbb instead of ");
    refused(
        run -> of(run, 1, one -> one.settings.put("clients", "7")),
        "generator-1 is not of the same load as",
        "clients 7 instead of 100.");
    refused(
        run -> of(run, 1, one -> one.share = share(1, 9, "a", 0, null)),
        "number of generators 9 instead of 3.");
    refused(
        run -> of(run, 2, one -> one.share = share(1, 3, "a", 0, null)),
        "generator-1 are both of generator 1; name one of them.");
    refused(
        run -> {
          String start = "soon";
          Manifest.Share own = run.share;
          run.share =
              new Manifest.Share(own.index(), own.count(), start, 5, 0, own.host(), 0, null);
        },
        "manifest.json has no common start.");
    refused(
        run -> of(run, 2, one -> one.share = null),
        "generator-2 is the run of a single generator, without -Dshard");
    merge(generators(run -> {}));
    List<Path> again = new ArrayList<>(generators(run -> {}));
    again.add(merged());
    merge(again).refused(merged() + " is a merged run; name the runs of its generators.");
    merge(List.of(folder.resolve("none"))).refused("none is not a folder.");
    merge(List.of(folder)).refused(" is not a complete run folder: it has no manifest.json.");
    merge(List.of()).ending(ExitCode.USAGE);
  }

  private void refused(Consumer<SampleRun> change, String... words) throws IOException {
    merge(generators(change)).refused(words);
  }

  private static void of(SampleRun run, int index, Consumer<SampleRun> change) {
    if (run.share != null && run.share.index() == index) {
      change.accept(run);
    }
  }

  private static void host(SampleRun run, String host, double clockMs, Double boundMs) {
    of(run, 1, one -> one.share = share(1, 3, host, clockMs, boundMs));
    of(run, 0, one -> one.share = share(0, 3, "a", 0, boundMs));
    of(run, 2, one -> one.share = share(2, 3, "a", 0, boundMs));
  }

  private static Manifest.Share share(
      int index, int count, String host, double clockMs, Double boundMs) {
    String start = "2026-11-28T20:00:00Z";
    return new Manifest.Share(index, count, start, 5, 0, host, clockMs, boundMs);
  }

  /** Writes three generators of ten streams each. */
  private List<Path> generators(Consumer<SampleRun> change) throws IOException {
    List<Path> all = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      SampleRun run = new SampleRun(index + 1);
      run.share = share(index, 3, "a", 0, null);
      run.with("goodput", 100).with("messages_per_s", 100).with("pace_drift", 1);
      run.with("injector.rss_max", 100 + index);
      run.counted("streams_started", 10).counted("outcome_ok", 10).counted("streams_good", 10);
      run.counted("streams_open_max", 7).offered("clients", 10);
      change.accept(run);
      Path own = run.write(folder.resolve("generator-" + index));
      Files.writeString(own.resolve("samples.ndjson"), "{\"t\":1}\n{\"t\":6}\n");
      all.add(own);
    }
    return all;
  }

  private CommandLineRun merge(List<Path> runs) {
    return merge(runs, LIMIT);
  }

  private CommandLineRun merge(List<Path> runs, String limit) {
    return CommandLineRun.of("merge", runs, limit, "--output-dir", folder.resolve("merged"));
  }

  private Path merged() throws IOException {
    return folder
        .resolve("merged")
        .resolve(Files.readSymbolicLink(folder.resolve("merged").resolve("latest")));
  }

  private JsonNode json(String name) throws IOException {
    return JsonFile.MAPPER.readTree(merged().resolve(name).toFile());
  }
}
