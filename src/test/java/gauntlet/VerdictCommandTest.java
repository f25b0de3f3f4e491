package gauntlet;

import static gauntlet.CommandLineRun.files;
import static gauntlet.CommandLineRun.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verdict.SampleRun;

class VerdictCommandTest {
  private static final int FAIL = 3;
  private static final int INCONCLUSIVE = 4;
  private static final int INVALID = 5;

  /** The only one, so that only the comparison finds something. */
  private static final String LIMIT = "--limit=goodput > 99 %";

  @TempDir private Path folder;
  private final SampleRun sample = sample("cccc", 4, 10);
  private final SampleRun slow = sample("cccc", 4, 16);
  private Path baselines;
  private Path run;

  @BeforeEach
  void a_run_and_a_folder_of_baselines() throws IOException {
    baselines = Files.createDirectory(folder.resolve("baselines"));
    run = sample.write(folder.resolve("run"));
  }

  @Test
  void a_good_run_passes_and_nothing_is_written() throws IOException {
    Map<String, String> before = files(run);
    CommandLineRun judged = verdict(ExitCode.OK, sample);
    assertThat(judged.out())
        .startsWith("SseBattleSimulation.smoke of 2026-11-25T03:00:00Z, commit cccc\n" + run)
        .contains("PASS  4 of 5 checks hold.\n", " There is no baseline ")
        .contains("Nothing was written; --write");
    assertThat(judged.err()).isEmpty();
    assertThat(files(run)).isEqualTo(before);
    verdict(INCONCLUSIVE, sample, "--fail-on-regression");
  }

  @Test
  void limits_are_those_of_the_run_or_of_the_command_line() throws IOException {
    SampleRun bad = sample("cccc", 4, 13).with("goodput", 98);
    assertThat(verdict(FAIL, bad).out())
        .contains("FAIL  goodput is 98 %; the limit is > 99 %.")
        .contains("ttft_p95 is 39 ms; the limit is < 35 ms.")
        .contains("The run folder has PASS; this is FAIL.")
        .contains("  goodput was not checked and is FAIL");
    assertThat(verdict(FAIL, bad, "--limit", "goodput > 95 %", "--limit", "ttft.p50 < 9 ms").out())
        .contains("FAIL  ttft_p50 is 13 ms; the limit is < 9 ms.")
        .contains("3 of 5 checks hold.");
    verdict(INCONCLUSIVE, bad, "--limit", "ttft.p99 < 5 s");
  }

  @Test
  void validity_and_invariants_stay_as_the_run_recorded_them() throws IOException {
    accept();
    assertThat(verdict(INVALID, sample("cccc", 4, 10).invalid()).out())
        .contains("INVALID  The injector was late.")
        .contains("INCONCLUSIVE  goodput                  Not compared, because the run is invalid")
        .doesNotContain("Compared with");
    assertThat(verdict(FAIL, sample("cccc", 4, 10).broken()).out())
        .contains("FAIL  A token came out of order.");
    verdict(ExitCode.OK, sample("cccc", 4, 10).failed());
  }

  @Test
  void a_regression_is_shown_and_fails_only_on_demand() throws IOException {
    accept();
    assertThat(verdict(ExitCode.OK, slow, LIMIT).out())
        .contains("FAIL  ttft.p50 was 10.1 ms and is 16 ms (+58.4 %)")
        .contains("(3 runs, commit aaaa): 2 of 4 figures under a rule stand out.")
        .containsPattern("FAIL +ttft.p50 +10.1 -> 16 ms  \\+58.4 %  \\(worse, noise")
        .contains("The exit code is 0 all the same: --fail-on-regression was not given.");
    verdict(FAIL, slow, LIMIT, "--fail-on-regression");
    assertThat(verdict(ExitCode.OK, slow, LIMIT, "--rule", "ttft.p90 warn 10 %").out())
        .contains("ttft.p90 was 20.2 ms and is 32 ms (+58.4 %)");
    slow.rules = List.of();
    slow.regressionThreshold = 0;
    assertThat(verdict(ExitCode.OK, slow, LIMIT).out()).contains("FAIL  ttft.p50 was");
    assertThat(verdict(ExitCode.OK, slow, LIMIT, "--regression-threshold", "70").out())
        .contains("\nPASS  ");
  }

  @Test
  void write_puts_the_verdict_and_its_evidence_into_the_run_folder() throws IOException {
    accept();
    verdict(FAIL, slow, LIMIT, "--write", "--fail-on-regression");
    JsonNode verdict = json("verdict.json");
    assertThat(verdict.path("verdict").asText()).isEqualTo("FAIL");
    assertThat(verdict.path("fail_on_regression").asBoolean()).isTrue();
    assertThat(json("comparison.json").path("state").asText()).isEqualTo("compared");
    assertThat(run.resolve("baseline.json"))
        .hasSameTextualContentAs(baselines.resolve(CommandLineRun.NAME + ".json"));
    assertThat(run.resolve("report.html")).content().contains("ttft.p50 was 10.1 ms and is 16 ms");
    assertThat(run.resolve("junit.xml")).content().contains("ttft_p50_change");
    Map<String, String> before = files(run);
    CommandLineRun again = verdict(LIMIT, "--write", "--fail-on-regression");
    assertThat(files(run)).isEqualTo(before);
    assertThat(again.out()).contains("The run folder has FAIL too, check by check.");
  }

  @Test
  void a_run_on_another_machine_is_not_compared_and_keeps_no_copy_of_a_baseline()
      throws IOException {
    accept();
    Files.writeString(run.resolve("baseline.json"), "{}");
    assertThat(verdict(ExitCode.OK, sample.on(64, "AMD EPYC", "17"), "--write").out())
        .contains("The baseline is from another class of machine: 64 CPUs instead of 2 CPUs.");
    assertThat(run.resolve("baseline.json")).doesNotExist();
    assertThat(json("comparison.json").path("state").asText()).isEqualTo("not_compared");
  }

  @Test
  void all_wrong_options_are_reported_at_once() {
    String[] limits = {"--limit=ttft.p95 < 5", "--limit=speed > 9"};
    CommandLineRun judged =
        verdict(limits[0], limits[1], "--rule=ttft.p50", "--regression-threshold=many");
    assertThat(judged.code()).isEqualTo(ExitCode.USAGE);
    assertThat(judged.out()).isEmpty();
    assertThat(judged.err().lines())
        .containsExactly(
            "--regression-threshold: 'many' is not a number from 0.1 to 1000.0",
            "--limit: 'ttft.p95 < 5': '5' is not a number of ms or one of interval",
            "--limit: 'speed > 9' names 'speed', which is no KPI",
            "--rule: 'ttft.p50' is not a rule; write for example ttft.p99 warn 20 % fail 50 %",
            "Nothing was done. 'gauntlet verdict --help' lists every option.");
    assertThat(verdict("--limit=ttft.p50 < 9 ms", "--limit=ttft.p50 < 99 ms").err())
        .startsWith(
            "--limit: 'ttft.p50 < 9 ms' and 'ttft.p50 < 99 ms' are both about ttft.p50; keep one");
  }

  @Test
  void an_older_run_without_words_needs_limits_in_numbers() throws IOException {
    sample.limitWords = Map.of();
    sample.write(run);
    assertThat(refused("manifest.json: 'ttft.p95 < interval + 5 ms': 'interval' is not a number"))
        .contains("The run's manifest has no limit_words, as in older runs")
        .contains("--limit 'gap.p99 < 100 ms'");
  }

  /** Every way in which a file can be broken is tested with RunRecord and Baselines. */
  @Test
  void a_run_folder_that_cannot_be_used_stays_unchanged() throws IOException {
    Path verdict = run.resolve("verdict.json");
    String before = Files.readString(verdict);
    Files.writeString(verdict, before.replace("\"validity\"", "\"threshold\""));
    refused(verdict + " has no check of the run's validity: the run was never judged");
    Files.writeString(verdict, before);
    Files.createDirectory(run.resolve("report.html"));
    refused(run.resolve("report.html") + " cannot be written: it is a folder.");
    assertThat(verdict).hasContent(before);
    assertThat(run.resolve("comparison.json")).doesNotExist();
    Files.delete(run.resolve("report.html"));
    Files.delete(baselines);
    refused("--baselines-dir: there is no folder " + baselines);
    Files.writeString(run.resolve("kpi.json"), "{");
    refused(run.resolve("kpi.json") + " is broken: ");
  }

  @Test
  void a_baseline_that_cannot_be_used_is_named_and_nothing_is_written() throws IOException {
    accept();
    Map<String, String> before = files(run);
    Path file = baselines.resolve(CommandLineRun.NAME + ".json");
    Files.writeString(file, Files.readString(file).replace("\"centre\": 10.1", "\"centre\": 99"));
    refused("ttft.p50 has centre 99.0, but the median of its values is 10.1");
    assertThat(files(run)).isEqualTo(before);
  }

  private void accept() throws IOException {
    List<Path> runs = CommandLineRun.three(folder, "aaaa", 10);
    assertThat(CommandLineRun.of("accept", runs, "--baselines-dir", baselines).code()).isZero();
  }

  private CommandLineRun verdict(int code, SampleRun judged, String... options) throws IOException {
    judged.write(run);
    CommandLineRun verdict = verdict(options).ending(code);
    return verdict;
  }

  private CommandLineRun verdict(String... options) {
    return CommandLineRun.of("verdict", run, "--baselines-dir", baselines, List.of(options));
  }

  private String refused(String why) {
    CommandLineRun judged = verdict("--write").ending(ExitCode.USAGE);
    assertThat(judged.out()).isEmpty();
    assertThat(judged.err()).contains(why).doesNotContain("\tat ");
    return judged.err();
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(run.resolve(name).toFile());
  }
}
