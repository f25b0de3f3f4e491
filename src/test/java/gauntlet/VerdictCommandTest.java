package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class VerdictCommandTest {
  private static final int FAIL = 3;
  private static final int INCONCLUSIVE = 4;
  private static final int INVALID = 5;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The only one, so that only the comparison finds something. */
  private static final String LIMIT = "--limit=goodput > 99 %";

  @TempDir private Path folder;
  private Path baselines;

  @BeforeEach
  void make_a_folder_of_baselines() throws IOException {
    baselines = Files.createDirectory(folder.resolve("baselines"));
  }

  @Test
  void a_good_run_passes_and_nothing_is_written() throws IOException {
    Path run = run(new SmallRun());
    Map<String, String> before = SmallRun.files(run);
    CommandLineRun judged = verdict(run);
    assertThat(judged.code()).isEqualTo(ExitCode.OK);
    assertThat(judged.out())
        .startsWith(
            "SseBattleSimulation.smoke of 2026-11-21T03:00:00Z, commit 899b4af\n" + run + "\n\n")
        .contains("PASS  All 4 checks hold. There is no baseline")
        .contains("Nothing was written; --write");
    assertThat(judged.err()).isEmpty();
    assertThat(SmallRun.files(run)).isEqualTo(before);
    assertThat(verdict(run, "--fail-on-regression").code()).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void a_limit_that_does_not_hold_fails_in_the_words_of_the_run() throws IOException {
    CommandLineRun judged = verdict(run(new SmallRun().goodput(98).ttft(13)));
    assertThat(judged.code()).isEqualTo(FAIL);
    assertThat(judged.out())
        .contains("FAIL  goodput is 98 %; the limit is > 99 %.")
        .contains("ttft_p95 is 26 ms; the limit is < 25 ms.")
        .contains("The run folder has PASS; this is FAIL.")
        .contains("  goodput was not checked and is FAIL");
  }

  @Test
  void limits_on_the_command_line_replace_those_of_the_run() throws IOException {
    Path run = run(new SmallRun().goodput(98));
    CommandLineRun judged = verdict(run, "--limit", "goodput > 95 %", "--limit", "ttft.p50 < 9 ms");
    assertThat(judged.code()).isEqualTo(FAIL);
    assertThat(judged.out())
        .contains("FAIL  ttft_p50 is 10 ms; the limit is < 9 ms.")
        .contains("3 of 5 checks pass.");
    assertThat(verdict(run, "--limit", "ttft.p99 < 5 s").code()).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void validity_and_invariants_stay_as_the_run_recorded_them() throws IOException {
    accept();
    CommandLineRun invalid = verdict(run(new SmallRun().invalid()));
    assertThat(invalid.code()).isEqualTo(INVALID);
    assertThat(invalid.out())
        .contains("INVALID  The injector was late.")
        .contains("INCONCLUSIVE goodput                  Not compared, because the run is invalid")
        .doesNotContain("Compared with");
    CommandLineRun broken = verdict(run(new SmallRun().broken()));
    assertThat(broken.code()).isEqualTo(FAIL);
    assertThat(broken.out()).contains("FAIL  A token came out of order.");
    assertThat(verdict(run(new SmallRun().failed())).code())
        .as("a threshold is judged again")
        .isEqualTo(ExitCode.OK);
  }

  @Test
  void a_regression_is_shown_and_fails_only_on_demand() throws IOException {
    accept();
    Path run = run(new SmallRun().ttft(16));
    CommandLineRun judged = verdict(run, LIMIT);
    assertThat(judged.code()).isEqualTo(ExitCode.OK);
    assertThat(judged.out())
        .contains("FAIL  ttft.p50 was 10.1 ms and is 16 ms (+58.4 %)")
        .contains("(3 runs, commit aaaa): 1 of 1 figures under a rule stand out.")
        .containsPattern("FAIL +ttft.p50 +10.1 -> 16 ms  \\+58.4 %  \\(worse, noise")
        .contains("The exit code is 0 all the same: --fail-on-regression was not given.");
    assertThat(verdict(run, LIMIT, "--fail-on-regression").code()).isEqualTo(FAIL);
    assertThat(verdict(run, LIMIT, "--regression-threshold", "70").out()).contains("\nPASS  ");
    assertThat(verdict(run, LIMIT, "--rule", "ttft.p90 warn 10 %").out())
        .contains("WARN  ttft.p90 was 15.2 ms and is 24 ms (+58.4 %)");
  }

  @Test
  void an_older_run_without_rules_is_compared_with_a_note() throws IOException {
    accept();
    Path run = run(new SmallRun().ttft(16).manifest(file -> file.remove("regression_rules")));
    CommandLineRun judged = verdict(run, LIMIT);
    assertThat(judged.code()).isEqualTo(ExitCode.OK);
    assertThat(judged.out())
        .containsPattern("ttft.p50 +10.1 -> 16 ms")
        .contains("The run's manifest has no regression_rules, so no rule is about the changes");
  }

  @Test
  void write_puts_the_verdict_and_its_evidence_into_the_run_folder() throws IOException {
    accept();
    Path run = run(new SmallRun().ttft(16));
    CommandLineRun judged = verdict(run, LIMIT, "--write", "--fail-on-regression");
    assertThat(judged.code()).isEqualTo(FAIL);
    JsonNode verdict = JSON.readTree(run.resolve("verdict.json").toFile());
    assertThat(verdict.path("verdict").asText()).isEqualTo("FAIL");
    assertThat(verdict.path("fail_on_regression").asBoolean()).isTrue();
    assertThat(state(run)).isEqualTo("compared");
    assertThat(run.resolve("baseline.json"))
        .hasSameTextualContentAs(baselines.resolve(SmallRun.NAME + ".json"));
    assertThat(run.resolve("report.html")).content().contains("ttft.p50 was 10.1 ms and is 16 ms");
    assertThat(run.resolve("junit.xml")).content().contains("ttft_p50_change");
    Map<String, String> before = SmallRun.files(run);
    CommandLineRun again = verdict(run, LIMIT, "--write", "--fail-on-regression");
    assertThat(SmallRun.files(run)).isEqualTo(before);
    assertThat(again.out()).contains("The run folder has FAIL too, check by check.");
  }

  @Test
  void a_run_on_another_machine_is_not_compared_and_keeps_no_copy_of_a_baseline()
      throws IOException {
    accept();
    Path run =
        run(new SmallRun().manifest(file -> ((ObjectNode) file.path("machine")).put("cpus", 64)));
    Files.writeString(run.resolve("baseline.json"), "{}");
    assertThat(verdict(run, "--write").out())
        .contains("The baseline is from another class of machine: 64 CPUs instead of 2 CPUs.");
    assertThat(run.resolve("baseline.json")).doesNotExist();
    assertThat(state(run)).isEqualTo("not_compared");
  }

  private void accept() throws IOException {
    List<Path> runs = SmallRun.three(folder, "aaaa");
    assertThat(CommandLineRun.of("accept", runs, "--baselines-dir", baselines).code()).isZero();
  }

  private Path run(SmallRun run) throws IOException {
    return run.in(folder.resolve("run"));
  }

  private CommandLineRun verdict(Path run, String... options) {
    return CommandLineRun.of("verdict", run, "--baselines-dir", baselines, List.of(options));
  }

  private static String state(Path run) throws IOException {
    return JSON.readTree(run.resolve("comparison.json").toFile()).path("state").asText();
  }
}
