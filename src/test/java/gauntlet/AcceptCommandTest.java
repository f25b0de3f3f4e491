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
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AcceptCommandTest {
  @TempDir private Path folder;
  private Path baselines;
  private Path file;

  @BeforeEach
  void name_the_folders() {
    baselines = folder.resolve("baselines");
    file = baselines.resolve(SmallRun.NAME + ".json");
  }

  @Test
  void three_runs_become_a_baseline() throws IOException {
    CommandLineRun accepted = accept(SmallRun.three(folder, "aaaa"));

    assertThat(accepted.code()).isEqualTo(ExitCode.OK);
    assertThat(accepted.out())
        .contains(file + " is new: 3 runs, commit aaaa, 5 figures, 2 CPUs, AMD EPYC, 8 GiB")
        .contains("baseline of 3 runs written to " + file);
    assertThat(file).content().contains("\"commit\": \"aaaa\"", "[10.0,10.1,10.2]");
  }

  @Test
  void the_newest_run_is_the_last_in_whatever_order_they_are_given() throws IOException {
    List<Path> runs = new ArrayList<>(SmallRun.three(folder, "aaaa"));
    runs.add(runs.remove(0));

    accept(runs);

    assertThat(file).content().contains("\"made\": \"2026-11-22T03:00:00Z\"", "[10.0,10.1,10.2]");
  }

  @Test
  void a_dry_run_shows_the_difference_only() throws IOException {
    accept(SmallRun.three(folder, "aaaa"));
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
  void a_baseline_is_not_replaced_when_there_is_nobody_to_ask() throws IOException {
    accept(SmallRun.three(folder, "aaaa"));
    String before = Files.readString(file);

    CommandLineRun accepted = accept(others());

    assertThat(accepted.code()).isEqualTo(ExitCode.USAGE);
    assertThat(accepted.out()).contains("commit aaaa, 3 runs -> commit bbbb, 3 runs");
    assertThat(accepted.err())
        .isEqualToIgnoringNewLines(file + " is there and was not replaced; --yes replaces it.");
    assertThat(file).hasContent(before);
  }

  @Test
  void yes_replaces_it() throws IOException {
    accept(SmallRun.three(folder, "aaaa"));

    assertThat(accept(others(), "--yes").code()).isEqualTo(ExitCode.OK);
    assertThat(file).content().contains("\"commit\": \"bbbb\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"y", "Yes", " YES "})
  void so_does_a_person_who_agrees(String answer) throws IOException {
    accept(SmallRun.three(folder, "aaaa"));
    List<String> asked = new ArrayList<>();

    CommandLineRun accepted = asking(answer, asked);

    assertThat(asked).containsExactly("Replace " + file + "? [y/N]");
    assertThat(accepted.code()).isEqualTo(ExitCode.OK);
    assertThat(file).content().contains("\"commit\": \"bbbb\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "n", "yesterday"})
  void and_nobody_who_does_not(String answer) throws IOException {
    accept(SmallRun.three(folder, "aaaa"));
    String before = Files.readString(file);

    CommandLineRun accepted = asking(answer, new ArrayList<>());

    assertThat(accepted.code()).isEqualTo(ExitCode.USAGE);
    assertThat(accepted.err()).contains(file + " is there and was not replaced.");
    assertThat(file).hasContent(before);
  }

  @Test
  void the_same_runs_again_need_no_question() throws IOException {
    List<Path> runs = SmallRun.three(folder, "aaaa");
    accept(runs);

    CommandLineRun again = accept(runs);

    assertThat(again.code()).isEqualTo(ExitCode.OK);
    assertThat(again.out()).contains(file + " is this baseline already.");
  }

  @Test
  void an_old_file_that_cannot_be_read_is_named_and_replaced_only_with_yes() throws IOException {
    Files.createDirectories(baselines);
    Files.writeString(file, "{\"schema\": 1, \"simul");
    List<String> asked = new ArrayList<>();

    CommandLineRun refused = asking("y", asked);

    assertThat(asked).isEmpty();
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.out()).contains(file + " is broken: ", "the new baseline: 3 runs");
    assertThat(refused.err())
        .contains(file + " is there, but cannot be used, and was not replaced; --yes replaces it.");
    assertThat(file).hasContent("{\"schema\": 1, \"simul");
    assertThat(accept(others(), "--yes").code()).isEqualTo(ExitCode.OK);
    assertThat(file).content().contains("\"commit\": \"bbbb\"");
  }

  @Test
  void a_run_that_failed_its_limits_is_accepted_with_a_note() throws IOException {
    List<Path> runs = new ArrayList<>(SmallRun.three(folder, "aaaa"));
    SmallRun fourth = new SmallRun().commit("aaaa").started("2026-11-25T03:00:00Z").failed();
    Path failed = fourth.in(folder.resolve("failed"));
    runs.add(failed);

    CommandLineRun accepted = accept(runs);

    assertThat(accepted.code()).isEqualTo(ExitCode.OK);
    assertThat(accepted.out()).contains("note: " + failed + " is FAIL: It is 9 %.");
  }

  @Test
  void an_invalid_run_and_one_with_a_broken_invariant_are_refused() throws IOException {
    List<Path> runs = SmallRun.three(folder, "aaaa");

    refused(with(runs, new SmallRun().invalid()), "its verdict is INVALID. The injector was late.");
    refused(with(runs, new SmallRun().broken()), "its verdict is FAIL. A token came out of order.");
  }

  @Test
  void runs_that_are_not_alike_are_refused() throws IOException {
    List<Path> runs = SmallRun.three(folder, "aaaa");

    refused(
        with(runs, new SmallRun().commit("bbbb").started("2026-11-20T01:00:00Z")),
        "it ran commit bbbb instead of aaaa.");
    refused(
        with(runs, new SmallRun().manifest(manifest -> manifest.put("profile", "heavy"))),
        "it is one of SseBattleSimulation.");
  }

  @Test
  void fewer_than_three_runs_are_refused_and_so_is_one_run_thrice() throws IOException {
    List<Path> runs = SmallRun.three(folder, "aaaa");

    refused(runs.subList(0, 2), "A baseline needs at least 3 runs");
    refused(List.of(runs.get(0), runs.get(1), runs.get(0)), "A baseline needs different runs");
    assertThat(CommandLineRun.of("accept").err()).contains("Missing required parameter: 'RUN'");
  }

  @Test
  void a_folder_that_is_none_and_one_half_written_are_refused() throws IOException {
    List<Path> runs = new ArrayList<>(SmallRun.three(folder, "aaaa"));
    Files.delete(runs.get(1).resolve("kpi.json"));

    refused(runs, runs.get(1) + " is no whole run folder: it has no kpi.json.");
    refused(List.of(folder.resolve("nowhere")), folder.resolve("nowhere") + " is no folder.");
  }

  @Test
  void a_folder_that_cannot_be_written_is_named() throws IOException {
    Files.writeString(baselines, "I am a file");

    CommandLineRun accepted = accept(SmallRun.three(folder, "aaaa"));

    assertThat(accepted.code()).isEqualTo(ExitCode.USAGE);
    assertThat(accepted.err())
        .contains(file + " cannot be written: " + baselines + " is there and is no folder.");
    assertThat(baselines).hasContent("I am a file");
  }

  /** Three runs of another commit, which was slower. */
  private List<Path> others() throws IOException {
    List<Path> runs = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      runs.add(
          new SmallRun()
              .commit("bbbb")
              .started("2026-11-25T0" + index + ":00:00Z")
              .ttft(20)
              .in(folder.resolve("other" + index)));
    }
    return runs;
  }

  private List<Path> with(List<Path> runs, SmallRun further) throws IOException {
    List<Path> all = new ArrayList<>(runs);
    all.add(
        further
            .manifest(manifest -> manifest.put("started", "2026-11-20T01:00:00Z"))
            .in(folder.resolve("further")));
    return all;
  }

  private CommandLineRun asking(String answer, List<String> asked) throws IOException {
    Terminal person =
        question -> {
          asked.add(question);
          return Optional.of(answer);
        };
    return CommandLineRun.asking(person, "accept", others(), "--baselines-dir", baselines);
  }

  private CommandLineRun accept(List<Path> runs, String... options) {
    return CommandLineRun.of("accept", runs, "--baselines-dir", baselines, List.of(options));
  }

  private void refused(List<Path> runs, String why) {
    CommandLineRun accepted = accept(runs);
    assertThat(accepted.code()).isEqualTo(ExitCode.USAGE);
    assertThat(accepted.err()).contains(why).doesNotContain("\tat ");
    assertThat(file).doesNotExist();
  }
}
