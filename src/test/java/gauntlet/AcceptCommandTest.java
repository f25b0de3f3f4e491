package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class AcceptCommandTest {
  @TempDir private Path folder;
  private Path baselines;
  private Path file;
  private List<Path> runs;

  @BeforeEach
  void three_runs() throws IOException {
    baselines = folder.resolve("baselines");
    file = baselines.resolve(SmallRun.NAME + ".json");
    runs = new ArrayList<>(SmallRun.three(folder, "aaaa"));
  }

  @Test
  void three_runs_in_any_order_become_a_baseline() {
    runs.add(runs.remove(0));
    CommandLineRun accepted = accept(runs);
    assertThat(accepted.code()).isEqualTo(ExitCode.OK);
    assertThat(accepted.out())
        .contains(file + " is new: 3 runs, commit aaaa, 5 figures, 2 CPUs, AMD EPYC, 8 GiB")
        .contains("baseline of 3 runs written to " + file);
    assertThat(file)
        .content()
        .contains("\"commit\": \"aaaa\"", "[10.0,10.1,10.2]", "\"made\": \"2026-11-22T03:00:00Z\"");
    CommandLineRun again = accept(runs);
    assertThat(again.code()).isEqualTo(ExitCode.OK);
    assertThat(again.out()).contains(file + " is this baseline already.");
  }

  @Test
  void a_dry_run_shows_the_difference_only() throws IOException {
    accept(runs);
    String before = Files.readString(file);
    CommandLineRun accepted = accept(others(), "--dry-run");
    assertThat(accepted.code()).isEqualTo(ExitCode.OK);
    assertThat(accepted.out())
        .contains("commit aaaa, 3 runs -> commit bbbb, 3 runs")
        .containsPattern("ttft.p50 +10.1 ± 0.1.. ms -> 20 ± 0 ms  \\+98.0 %")
        .contains("2 figures moved by less than 2 %")
        .contains("Nothing was written (--dry-run).");
    assertThat(file).hasContent(before);
  }

  @Test
  void without_a_terminal_a_baseline_is_replaced_only_with_yes() throws IOException {
    accept(runs);
    String before = Files.readString(file);
    CommandLineRun accepted = accept(others());
    assertThat(accepted.code()).isEqualTo(ExitCode.USAGE);
    assertThat(accepted.out()).contains("commit aaaa, 3 runs -> commit bbbb, 3 runs");
    assertThat(accepted.err())
        .isEqualToIgnoringNewLines(file + " exists and was not replaced; --yes replaces it.");
    assertThat(file).hasContent(before);
    assertThat(accept(others(), "--yes").code()).isEqualTo(ExitCode.OK);
    assertThat(file).content().contains("\"commit\": \"bbbb\"");
  }

  @ParameterizedTest
  @CsvSource({"y, true", "Yes, true", "' YES ', true", "'', false", "n, false", "yesterday, false"})
  void at_a_terminal_a_baseline_is_replaced_after_consent(String answer, boolean replaced)
      throws IOException {
    accept(runs);
    List<String> questions = new ArrayList<>();
    CommandLineRun accepted = answering(answer, questions);
    assertThat(questions).containsExactly("Replace " + file + "? [y/N]");
    assertThat(accepted.code()).isEqualTo(replaced ? ExitCode.OK : ExitCode.USAGE);
    assertThat(file).content().contains("\"commit\": \"" + (replaced ? "bbbb" : "aaaa"));
    if (!replaced) {
      assertThat(accepted.err()).contains(file + " exists and was not replaced.");
    }
  }

  @Test
  void an_old_file_that_cannot_be_read_is_named_and_replaced_only_with_yes() throws IOException {
    Files.createDirectories(baselines);
    Files.writeString(file, "{\"schema\": 1, \"simul");
    List<String> questions = new ArrayList<>();
    CommandLineRun refused = answering("y", questions);
    assertThat(questions).isEmpty();
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.out()).contains(file + " is broken: ", "the new baseline: 3 runs");
    assertThat(refused.err())
        .contains(file + " exists, but cannot be used, and was not replaced; --yes replaces it.");
    assertThat(file).hasContent("{\"schema\": 1, \"simul");
    assertThat(accept(others(), "--yes").code()).isEqualTo(ExitCode.OK);
    assertThat(file).content().contains("\"commit\": \"bbbb\"");
  }

  @Test
  void a_run_that_failed_its_limits_is_accepted_with_a_note() throws IOException {
    Path failed = further(new SmallRun().failed());
    CommandLineRun accepted = accept(runs);
    assertThat(accepted.code()).isEqualTo(ExitCode.OK);
    assertThat(accepted.out()).contains("note: " + failed + " is FAIL: It is 9 %.");
  }

  @Test
  void runs_that_cannot_be_believed_or_are_not_alike_are_refused() throws IOException {
    further(new SmallRun().invalid());
    refused(runs, "its verdict is INVALID. The injector was late.");
    further(new SmallRun().broken());
    refused(runs, "its verdict is FAIL. A token came out of order.");
    further(new SmallRun().manifest(manifest -> manifest.put("profile", "heavy")));
    refused(runs, "it is one of SseBattleSimulation.");
  }

  @Test
  void too_few_runs_and_folders_without_a_run_are_refused() throws IOException {
    refused(runs.subList(0, 2), "A baseline needs at least 3 runs");
    refused(List.of(runs.get(0), runs.get(1), runs.get(0)), "A baseline needs different runs");
    assertThat(CommandLineRun.of("accept").err()).contains("Missing required parameter: 'RUN'");
    Files.delete(runs.get(1).resolve("kpi.json"));
    refused(runs, runs.get(1) + " is not a complete run folder: it has no kpi.json.");
    refused(List.of(folder.resolve("nowhere")), folder.resolve("nowhere") + " is not a folder.");
  }

  @Test
  void a_folder_that_cannot_be_written_is_named() throws IOException {
    Files.writeString(baselines, "I am a file");
    CommandLineRun accepted = accept(runs);
    assertThat(accepted.code()).isEqualTo(ExitCode.USAGE);
    assertThat(accepted.err())
        .contains(file + " cannot be written: " + baselines + " exists and is not a folder.");
    assertThat(baselines).hasContent("I am a file");
  }

  /** Three runs of another commit, which was slower. */
  private List<Path> others() throws IOException {
    List<Path> others = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      SmallRun slow = new SmallRun().commit("bbbb").ttft(20);
      slow.started("2026-11-25T0" + index + ":00:00Z");
      others.add(slow.in(folder.resolve("other" + index)));
    }
    return others;
  }

  /** Adds a run, or replaces the one that was added. */
  private Path further(SmallRun run) throws IOException {
    Path path = run.commit("aaaa").started("2026-11-25T01:00:00Z").in(folder.resolve("further"));
    runs.remove(path);
    runs.add(path);
    return path;
  }

  private CommandLineRun answering(String answer, List<String> questions) throws IOException {
    Terminal person =
        question -> {
          questions.add(question);
          return Optional.of(answer);
        };
    return CommandLineRun.at(person, "accept", others(), "--baselines-dir", baselines);
  }

  private CommandLineRun accept(List<Path> given, String... options) {
    return CommandLineRun.of("accept", given, "--baselines-dir", baselines, List.of(options));
  }

  private void refused(List<Path> given, String why) {
    CommandLineRun accepted = accept(given);
    assertThat(accepted.code()).isEqualTo(ExitCode.USAGE);
    assertThat(accepted.err()).contains(why).doesNotContain("\tat ");
    assertThat(file).doesNotExist();
  }
}
