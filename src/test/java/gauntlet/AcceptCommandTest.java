package gauntlet;

import static gauntlet.CommandLineRun.sample;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.SampleRun;

/** Runs that cannot be part of a baseline are tested with {@link verdict.Baseline}. */
class AcceptCommandTest {
  @TempDir private Path folder;
  private Path baselines;
  private Path file;
  private List<Path> runs;
  private List<Path> others;

  @BeforeEach
  void three_runs_and_three_of_another_commit_which_was_slower() throws IOException {
    baselines = folder.resolve("baselines");
    file = baselines.resolve(CommandLineRun.NAME + ".json");
    runs = new ArrayList<>(CommandLineRun.three(folder, "aaaa", 10));
    others = CommandLineRun.three(folder, "bbbb", 20);
  }

  @Test
  void three_runs_in_any_order_become_a_baseline() {
    runs.add(runs.remove(0));
    assertThat(accept(runs).ending(ExitCode.OK).out())
        .contains(file + " is new: 3 runs, commit aaaa, 5 figures, 2 CPUs, AMD EPYC, 24 GiB")
        .contains("baseline of 3 runs written to " + file);
    assertThat(file)
        .content()
        .contains("\"commit\": \"aaaa\"", "[10.0,10.1,10.2]", "\"made\": \"2026-11-23T03:00:00Z\"");
    CommandLineRun again = accept(runs).ending(ExitCode.OK);
    assertThat(again.out()).contains(file + " is this baseline already.");
  }

  @Test
  void without_a_terminal_a_baseline_is_replaced_only_with_yes() throws IOException {
    accept(runs);
    String before = Files.readString(file);
    assertThat(accept(others, "--dry-run").ending(ExitCode.OK).out())
        .contains("from  commit aaaa, 3 runs", "to    commit bbbb, 3 runs")
        .containsPattern("ttft.p50 +10.1 -> 20.2 ms  \\+100.0 %  \\(worse, noise .* %\\)")
        .contains("2 figures are within what chance explains (99 % each)")
        .contains("Nothing was written (--dry-run).");
    CommandLineRun accepted = accept(others).ending(ExitCode.USAGE);
    assertThat(accepted.out()).contains("to    commit bbbb, 3 runs");
    assertThat(accepted.err())
        .isEqualToIgnoringNewLines(file + " exists and was not replaced; --yes replaces it.");
    assertThat(file).hasContent(before);
    accept(others, "--yes").ending(ExitCode.OK);
    assertThat(file).content().contains("\"commit\": \"bbbb\"");
  }

  @ParameterizedTest
  @CsvSource({"y, true", "' YES ', true", "'', false", "n, false", "yesterday, false"})
  void at_a_terminal_a_baseline_is_replaced_after_consent(String answer, boolean replaced) {
    accept(runs);
    List<String> questions = new ArrayList<>();
    CommandLineRun accepted = answering(answer, questions);
    assertThat(questions).containsExactly("Replace " + file + "? [y/N]");
    assertThat(accepted.code()).isEqualTo(replaced ? ExitCode.OK : ExitCode.USAGE);
    assertThat(accepted.err())
        .isEqualToIgnoringNewLines(replaced ? "" : file + " exists and was not replaced.");
    assertThat(file).content().contains("\"commit\": \"" + (replaced ? "bbbb" : "aaaa"));
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
    accept(others, "--yes").ending(ExitCode.OK);
    assertThat(file).content().contains("\"commit\": \"bbbb\"");
  }

  @Test
  void a_run_that_failed_its_limits_is_accepted_with_a_note() throws IOException {
    Path failed = further(sample("aaaa", 5, 10).failed());
    CommandLineRun accepted = accept(runs).ending(ExitCode.OK);
    assertThat(accepted.out()).contains("note: " + failed + " is FAIL: It is 9 %.");
  }

  @Test
  void runs_that_are_too_few_not_valid_or_not_complete_are_refused() throws IOException {
    refused(runs.subList(0, 2), "A baseline needs at least 3 runs");
    refused(List.of(folder.resolve("nowhere")), folder.resolve("nowhere") + " is not a folder.");
    assertThat(CommandLineRun.of("accept").err()).contains("Missing required parameter: 'RUN'");
    further(sample("aaaa", 5, 10).invalid());
    refused(runs, "its verdict is INVALID. The injector was late.");
    Files.delete(runs.get(1).resolve("kpi.json"));
    refused(runs, runs.get(1) + " is not a complete run folder: it has no kpi.json, ");
  }

  @Test
  void a_folder_that_cannot_be_written_is_named() throws IOException {
    Files.writeString(baselines, "I am a file");
    CommandLineRun accepted = accept(runs).ending(ExitCode.USAGE);
    assertThat(accepted.err())
        .contains(file + " cannot be written: " + baselines + " exists and is not a folder.");
    assertThat(baselines).hasContent("I am a file");
  }

  private Path further(SampleRun run) throws IOException {
    Path path = run.write(folder.resolve("further"));
    runs.add(path);
    return path;
  }

  private CommandLineRun answering(String answer, List<String> questions) {
    Terminal person =
        question -> {
          questions.add(question);
          return Optional.of(answer);
        };
    return CommandLineRun.at(person, "accept", others, "--baselines-dir", baselines);
  }

  private CommandLineRun accept(List<Path> given, String... options) {
    return CommandLineRun.of("accept", given, "--baselines-dir", baselines, List.of(options));
  }

  private void refused(List<Path> given, String why) {
    accept(given).refused(why);
    assertThat(file).doesNotExist();
  }
}
