package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class VerdictCommandTest {
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
    Path run = new SmallRun().in(folder.resolve("run"));
    Map<String, String> before = SmallRun.files(run);

    CommandLineRun judged = verdict(run);

    assertThat(judged.code()).isEqualTo(ExitCode.OK);
    assertThat(judged.out())
        .contains("SseBattleSimulation.smoke of 2026-11-21T03:00:00Z, commit 899b4af")
        .contains("PASS  All 4 checks hold. There is no baseline")
        .contains("Nothing was written; --write");
    assertThat(judged.err()).isEmpty();
    assertThat(SmallRun.files(run)).isEqualTo(before);
  }

  @Test
  void a_limit_that_does_not_hold_fails() throws IOException {
    CommandLineRun judged = verdict(new SmallRun().goodput(98).in(folder.resolve("run")));

    assertThat(judged.code()).isEqualTo(ExitCode.FAIL);
    assertThat(judged.out())
        .contains("FAIL  goodput is 98 %; the limit is > 99 %.")
        .contains("The run folder says PASS; this is FAIL.")
        .contains("  goodput was not checked and is FAIL");
  }

  @Test
  void words_in_the_limits_of_the_run_stand_for_what_they_stood_for_then() throws IOException {
    assertThat(verdict(new SmallRun().ttft(13).in(folder.resolve("slow"))).out())
        .contains("ttft_p95 is 26 ms; the limit is < 25 ms.");
  }

  @Test
  void limits_that_are_typed_stand_for_those_of_the_run() throws IOException {
    Path run = new SmallRun().goodput(98).in(folder.resolve("run"));

    CommandLineRun judged = verdict(run, "--limit", "goodput > 95 %", "--limit", "ttft.p50 < 9 ms");

    assertThat(judged.code()).isEqualTo(ExitCode.FAIL);
    assertThat(judged.out())
        .contains("FAIL  ttft_p50 is 10 ms; the limit is < 9 ms.")
        .contains("3 of 5 checks pass.");
  }

  @Test
  void too_few_samples_are_inconclusive() throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));

    assertThat(verdict(run, "--limit", "ttft.p99 < 5 s").code()).isEqualTo(ExitCode.INCONCLUSIVE);
  }

  @Test
  void validity_stays_as_the_run_recorded_it() throws IOException {
    CommandLineRun judged = verdict(new SmallRun().invalid().in(folder.resolve("run")));

    assertThat(judged.code()).isEqualTo(ExitCode.INVALID);
    assertThat(judged.out())
        .contains("INVALID  The injector was late.")
        .contains("INCONCLUSIVE goodput                  Not compared, because the run is invalid");
  }

  @Test
  void a_broken_invariant_stays_broken() throws IOException {
    CommandLineRun judged = verdict(new SmallRun().broken().in(folder.resolve("run")));

    assertThat(judged.code()).isEqualTo(ExitCode.FAIL);
    assertThat(judged.out()).contains("FAIL  A token came out of order.");
  }

  @Test
  void a_regression_is_shown_and_lets_the_build_go_on() throws IOException {
    accept();

    CommandLineRun judged = verdict(new SmallRun().ttft(16).in(folder.resolve("run")), LIMIT);

    assertThat(judged.code()).isEqualTo(ExitCode.OK);
    assertThat(judged.out())
        .contains("FAIL  ttft.p50 was 10.1 ms and is 16 ms (+58.4 %)")
        .contains("(3 runs, commit aaaa): 1 of 1 figures under a rule stand out.")
        .containsPattern("FAIL +ttft.p50 +10.1 -> 16 ms  \\+58.4 %  \\(worse, noise")
        .contains("The exit code is 0 all the same: --fail-on-regression was not given.");
  }

  @Test
  void a_regression_fails_when_it_is_asked_for() throws IOException {
    accept();
    Path run = new SmallRun().ttft(16).in(folder.resolve("run"));

    assertThat(verdict(run, LIMIT, "--fail-on-regression").code()).isEqualTo(ExitCode.FAIL);
  }

  @Test
  void no_baseline_is_inconclusive_when_a_comparison_is_asked_for() throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));

    assertThat(verdict(run, "--fail-on-regression").code()).isEqualTo(ExitCode.INCONCLUSIVE);
  }

  @Test
  void rules_and_their_threshold_can_be_typed() throws IOException {
    accept();
    Path run = new SmallRun().ttft(16).in(folder.resolve("run"));

    assertThat(verdict(run, LIMIT, "--regression-threshold", "70").out()).startsWith(title(run));
    assertThat(verdict(run, LIMIT, "--regression-threshold", "70").out()).contains("\nPASS  ");
    assertThat(verdict(run, LIMIT, "--rule", "ttft.p90 warn 10 %").out())
        .contains("WARN  ttft.p90 was 15.2 ms and is 24 ms (+58.4 %)");
  }

  @Test
  void a_run_of_before_there_were_rules_is_compared_and_says_that_no_rule_looks()
      throws IOException {
    accept();
    Path run =
        new SmallRun()
            .ttft(16)
            .manifest(manifest -> manifest.remove("regression_rules"))
            .in(folder.resolve("run"));

    CommandLineRun judged = verdict(run, LIMIT);

    assertThat(judged.code()).isEqualTo(ExitCode.OK);
    assertThat(judged.out())
        .containsPattern("ttft.p50 +10.1 -> 16 ms")
        .contains("The run's manifest has no regression_rules, so no rule looks at the changes");
  }

  @Test
  void write_puts_the_verdict_and_its_evidence_into_the_run_folder() throws IOException {
    accept();
    Path run = new SmallRun().ttft(16).in(folder.resolve("run"));

    CommandLineRun judged = verdict(run, LIMIT, "--write", "--fail-on-regression");

    assertThat(judged.code()).isEqualTo(ExitCode.FAIL);
    JsonNode verdict = JSON.readTree(run.resolve("verdict.json").toFile());
    assertThat(verdict.path("verdict").asText()).isEqualTo("FAIL");
    assertThat(verdict.path("fail_on_regression").asBoolean()).isTrue();
    assertThat(JSON.readTree(run.resolve("comparison.json").toFile()).path("state").asText())
        .isEqualTo("compared");
    assertThat(run.resolve("baseline.json"))
        .hasSameTextualContentAs(baselines.resolve(SmallRun.NAME + ".json"));
    assertThat(run.resolve("report.html")).content().contains("ttft.p50 was 10.1 ms and is 16 ms");
    assertThat(run.resolve("junit.xml")).content().contains("ttft_p50_change");
  }

  @Test
  void what_was_written_is_judged_the_same_again() throws IOException {
    accept();
    Path run = new SmallRun().ttft(16).in(folder.resolve("run"));
    verdict(run, "--write");
    Map<String, String> before = SmallRun.files(run);

    CommandLineRun again = verdict(run, "--write");

    assertThat(SmallRun.files(run)).isEqualTo(before);
    assertThat(again.out()).contains("The run folder says FAIL too, check by check.");
  }

  @Test
  void a_copy_of_a_baseline_that_no_longer_is_compared_with_goes() throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));
    Files.writeString(run.resolve("baseline.json"), "{}");

    verdict(run, "--write");

    assertThat(run.resolve("baseline.json")).doesNotExist();
    assertThat(JSON.readTree(run.resolve("comparison.json").toFile()).path("state").asText())
        .isEqualTo("not_compared");
  }

  @Test
  void a_baseline_of_another_machine_is_not_compared_with() throws IOException {
    accept();
    Path run =
        new SmallRun()
            .manifest(manifest -> ((ObjectNode) manifest.path("machine")).put("cpus", 64))
            .in(folder.resolve("run"));

    assertThat(verdict(run).out())
        .contains("The baseline is from another class of machine: 64 CPUs instead of 2 CPUs.");
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

  private static String title(Path run) {
    return "SseBattleSimulation.smoke of 2026-11-21T03:00:00Z, commit 899b4af\n" + run + "\n\n";
  }
}
