package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code gauntlet verdict} refuses to judge, and what it says then. */
@Timeout(30)
class VerdictRefusalTest {
  @TempDir private Path folder;
  private Path baselines;

  @BeforeEach
  void make_a_folder_of_baselines() throws IOException {
    baselines = Files.createDirectory(folder.resolve("baselines"));
  }

  @Test
  void all_that_is_typed_wrong_is_told_at_once() throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));

    CommandLineRun judged =
        verdict(
            run,
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
  void a_run_of_before_words_were_kept_says_so() throws IOException {
    Path run =
        new SmallRun()
            .manifest(manifest -> manifest.remove("limit_words"))
            .in(folder.resolve("run"));

    CommandLineRun judged = verdict(run);

    assertThat(judged.code()).isEqualTo(ExitCode.USAGE);
    assertThat(judged.err())
        .contains("manifest.json: 'ttft.p95 < interval + 5 ms': 'interval' is not a number of ms")
        .contains("The run's manifest has no limit_words, as in runs of before they were kept")
        .contains("--limit 'gap.p99 < 100 ms'");
  }

  @Test
  void a_rule_with_the_word_threshold_needs_one() throws IOException {
    Path run =
        new SmallRun()
            .manifest(manifest -> manifest.remove("regression_threshold"))
            .in(folder.resolve("run"));

    assertThat(verdict(run).err())
        .contains(
            "has no regression_threshold for the word threshold; give --regression-threshold");
    assertThat(verdict(run, "--regression-threshold", "20").code()).isEqualTo(ExitCode.OK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "kpi.json", "verdict.json"})
  void a_file_that_is_missing_cut_off_empty_or_newer_is_named(String name) throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));
    Path file = run.resolve(name);
    String whole = Files.readString(file);

    Files.writeString(file, whole.substring(0, whole.length() / 2));
    refused(run, file + " is broken: ");
    Files.writeString(file, "");
    refused(run, file + " has no schema 1");
    Files.writeString(file, whole.replace("\"schema\":1", "\"schema\":7"));
    refused(run, file + " has schema 7, newer than the 1 known here; update Gauntlet.");
    Files.delete(file);
    refused(run, run + " is no whole run folder: it has no " + name + ".");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kpi.json | {\"schema\": 1} | has no kpis or no figures",
        "kpi.json | {\"schema\": 1, \"kpis\": 7} | is broken",
        "verdict.json | {\"schema\": 1} | has no verdict",
        "verdict.json | {\"schema\": 1, \"verdict\": \"PASS\", \"checks\": [{}]} | no checks",
        "verdict.json | {\"schema\": 1, \"verdict\": \"FINE\", \"checks\": []} | is broken",
        "verdict.json | {\"schema\": 1, \"verdict\": \"PASS\", \"checks\": []} | no checks",
        "manifest.json | {\"schema\": 1} | has no simulation"
      })
  void a_file_of_nonsense_is_named(String name, String text, String why) throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));
    Files.writeString(run.resolve(name), text);

    assertThat(refused(run, run.resolve(name).toString())).contains(why);
  }

  @Test
  void a_run_that_never_checked_whether_it_can_be_believed_is_refused() throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));
    Path file = run.resolve("verdict.json");
    Files.writeString(file, Files.readString(file).replace("\"validity\"", "\"threshold\""));

    refused(run, file + " has no check of the run's validity: the run was never judged");
  }

  @Test
  void a_simulation_whose_name_is_a_path_is_refused() throws IOException {
    Path run =
        new SmallRun()
            .manifest(manifest -> manifest.put("simulation", "../../elsewhere"))
            .in(folder.resolve("run"));

    refused(run, "has the simulation '../../elsewhere', no name.");
  }

  @Test
  void a_folder_that_is_not_there_is_named() {
    refused(folder.resolve("nowhere"), folder.resolve("nowhere") + " is no folder.");
  }

  @Test
  void a_folder_of_baselines_that_is_not_there_is_named() throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));
    Files.delete(baselines);

    refused(run, "--baselines-dir: there is no folder " + baselines);
  }

  @Test
  void a_run_folder_that_cannot_be_written_is_left_as_it_was() throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));
    String before = Files.readString(run.resolve("verdict.json"));
    Files.createDirectory(run.resolve("report.html"));

    refused(run, run.resolve("report.html") + " cannot be written: it is a folder.");
    assertThat(run.resolve("verdict.json")).hasContent(before);
    assertThat(run.resolve("comparison.json")).doesNotExist();
  }

  @Test
  void a_baseline_that_cannot_be_used_is_named_and_nothing_is_written() throws IOException {
    accept();
    Path run = new SmallRun().in(folder.resolve("run"));
    Map<String, String> before = SmallRun.files(run);
    Path file = baselines.resolve(SmallRun.NAME + ".json");
    String whole = Files.readString(file);

    Files.writeString(file, whole.substring(0, 200));
    refused(run, file + " is broken: ");
    Files.writeString(file, whole.replace("\"schema\": 1", "\"schema\": 2"));
    refused(run, "newer than the 1 known here");
    Files.writeString(file, whole.replace("\"centre\": 10.1", "\"centre\": 99"));
    refused(run, "ttft.p50 has centre 99.0, but the median of its values is 10.1");
    Files.writeString(file, whole.replace("\"profile\": \"smoke\"", "\"profile\": \"heavy\""));
    refused(run, "it is the baseline of SseBattleSimulation.heavy");
    assertThat(SmallRun.files(run)).isEqualTo(before);
  }

  private void accept() throws IOException {
    assertThat(
            CommandLineRun.of(
                    "accept", SmallRun.three(folder, "aaaa"), "--baselines-dir", baselines)
                .code())
        .isEqualTo(ExitCode.OK);
  }

  private CommandLineRun verdict(Path run, String... options) {
    return CommandLineRun.of(
        "verdict", run, "--baselines-dir", baselines, Stream.of(options).toList());
  }

  private String refused(Path run, String why) {
    CommandLineRun judged = verdict(run, "--write");
    assertThat(judged.code()).isEqualTo(ExitCode.USAGE);
    assertThat(judged.out()).isEmpty();
    assertThat(judged.err()).contains(why).doesNotContain("\tat ");
    return judged.err();
  }
}
