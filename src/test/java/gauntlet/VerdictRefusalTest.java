package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Input that {@code gauntlet verdict} refuses, and its errors. */
@Timeout(30)
class VerdictRefusalTest {
  @TempDir private Path folder;
  private Path baselines;
  private Path run;

  @BeforeEach
  void a_run_and_a_folder_of_baselines() throws IOException {
    baselines = Files.createDirectory(folder.resolve("baselines"));
    run = new SmallRun().in(folder.resolve("run"));
  }

  @Test
  void all_wrong_options_are_reported_at_once() {
    CommandLineRun judged =
        verdict(
            "--limit",
            "ttft.p95 < 5",
            "--limit",
            "speed > 9",
            "--rule",
            "ttft.p50",
            "--regression-threshold",
            "many");
    assertThat(judged.code()).isEqualTo(ExitCode.USAGE);
    assertThat(judged.out()).isEmpty();
    assertThat(judged.err().lines())
        .containsExactly(
            "--limit: 'ttft.p95 < 5': '5' is not a number of ms or one of interval",
            "--limit: 'speed > 9' names 'speed', which is no KPI",
            "--regression-threshold: 'many' is not a number from 0.1 to 1000 (per cent)",
            "--rule: 'ttft.p50' is not a rule; write for example ttft.p99 warn 20 % fail 50 %",
            "Nothing was done. 'gauntlet verdict --help' lists every option.");
  }

  @Test
  void an_older_run_without_words_or_threshold_needs_options() throws IOException {
    new SmallRun().manifest(manifest -> manifest.remove("limit_words")).in(run);
    assertThat(refused("manifest.json: 'ttft.p95 < interval + 5 ms': 'interval' is not a number"))
        .contains("The run's manifest has no limit_words, as in older runs")
        .contains("--limit 'gap.p99 < 100 ms'");
    new SmallRun().manifest(manifest -> manifest.remove("regression_threshold")).in(run);
    refused("has no regression_threshold for the word threshold; give --regression-threshold");
    assertThat(verdict("--regression-threshold", "20").code()).isEqualTo(ExitCode.OK);
  }

  /** Every way in which a file can be broken is tested with RunRecord and Baselines. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kpi.json | {\"schema\": 1} | it has no kpis or no figures",
        "kpi.json | {\"schema\": 1, \"kpis\": 7} | is broken",
        "verdict.json | {\"schema\": 1, \"verdict\": \"FINE\", \"checks\": []} | is broken",
        "verdict.json | {\"schema\": 1, \"verdict\": \"PASS\", \"checks\": []} | has no checks",
        "manifest.json | {\"schema\": 7} | has schema 7, newer than the 1 known here",
        "manifest.json | {\"schema\": 1} | has no simulation",
      })
  void a_file_that_cannot_be_used_is_named(String name, String text, String why)
      throws IOException {
    Files.writeString(run.resolve(name), text);
    assertThat(refused(run.resolve(name).toString())).contains(why);
  }

  @Test
  void a_run_without_a_check_of_its_validity_is_refused() throws IOException {
    Path file = run.resolve("verdict.json");
    Files.writeString(file, Files.readString(file).replace("\"validity\"", "\"threshold\""));
    refused(file + " has no check of the run's validity: the run was never judged");
  }

  @Test
  void folders_that_do_not_exist_are_named() throws IOException {
    Files.delete(baselines);
    refused("--baselines-dir: there is no folder " + baselines);
    run = folder.resolve("nowhere");
    refused(run + " is not a folder.");
  }

  @Test
  void a_run_folder_that_cannot_be_written_stays_unchanged() throws IOException {
    String before = Files.readString(run.resolve("verdict.json"));
    Files.createDirectory(run.resolve("report.html"));
    refused(run.resolve("report.html") + " cannot be written: it is a folder.");
    assertThat(run.resolve("verdict.json")).hasContent(before);
    assertThat(run.resolve("comparison.json")).doesNotExist();
  }

  @Test
  void a_baseline_that_cannot_be_used_is_named_and_nothing_is_written() throws IOException {
    List<Path> three = SmallRun.three(folder, "aaaa");
    assertThat(CommandLineRun.of("accept", three, "--baselines-dir", baselines).code()).isZero();
    Map<String, String> before = SmallRun.files(run);
    Path file = baselines.resolve(SmallRun.NAME + ".json");
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, 200));
    refused(file + " is broken: ");
    Files.writeString(file, whole.replace("\"centre\": 10.1", "\"centre\": 99"));
    refused("ttft.p50 has centre 99.0, but the median of its values is 10.1");
    assertThat(SmallRun.files(run)).isEqualTo(before);
  }

  private CommandLineRun verdict(String... options) {
    return CommandLineRun.of("verdict", run, "--baselines-dir", baselines, List.of(options));
  }

  private String refused(String why) {
    CommandLineRun judged = verdict("--write");
    assertThat(judged.code()).isEqualTo(ExitCode.USAGE);
    assertThat(judged.out()).isEmpty();
    assertThat(judged.err()).contains(why).doesNotContain("\tat ");
    return judged.err();
  }
}
