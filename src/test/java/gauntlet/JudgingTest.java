package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verdict.Baselines;
import verdict.Check;
import verdict.Criteria;
import verdict.Judgement;
import verdict.Rule;
import verdict.RunRecord;
import verdict.Threshold;

/** A run that has just ended and an old one are judged by the same code, from the folder alone. */
class JudgingTest {
  private static final Criteria STANDARD =
      new Criteria(
          List.of(Threshold.parse("goodput > 99 %", Map.of())),
          List.of(Rule.parse("ttft.p50 warn 20 % fail 50 %", 20)),
          true);

  @TempDir private Path folder;

  @Test
  void a_baseline_that_cannot_be_used_is_a_check_that_says_why() throws Exception {
    RunRecord run = RunRecord.read(new SmallRun().in(folder));

    Judgement ruling = STANDARD.judge(run, "The file is broken.");

    assertThat(ruling.verdict().verdict()).isEqualTo(Check.Outcome.INCONCLUSIVE);
    assertThat(ruling.verdict().sentence()).isEqualTo("The file is broken.");
    assertThat(ruling.comparison().made()).isFalse();
  }

  @Test
  void of_the_verdict_in_the_folder_only_validity_and_invariants_are_taken_over() throws Exception {
    RunRecord run = RunRecord.read(new SmallRun().failed().in(folder));

    Judgement ruling = STANDARD.judge(run, new Baselines(folder));

    assertThat(ruling.verdict().checks())
        .filteredOn(check -> check.kind() == Check.Kind.THRESHOLD)
        .singleElement()
        .satisfies(check -> assertThat(check.outcome()).isEqualTo(Check.Outcome.PASS));
  }

  @Test
  void an_invalid_run_is_compared_with_nothing() throws Exception {
    Path baselines = accepted();
    RunRecord run = RunRecord.read(new SmallRun().invalid().in(folder.resolve("run")));

    Judgement ruling = STANDARD.judge(run, new Baselines(baselines));

    assertThat(ruling.verdict().verdict()).isEqualTo(Check.Outcome.INVALID);
    assertThat(ruling.comparison().reason()).isEqualTo("Not compared, because the run is invalid.");
    assertThat(ruling.comparison().changes()).isEmpty();
  }

  private Path accepted() throws IOException {
    Path baselines = folder.resolve("baselines");
    List<Path> runs = SmallRun.three(folder, "aaaa");
    assertThat(CommandLineRun.of("accept", runs, "--baselines-dir", baselines).code()).isZero();
    return baselines;
  }
}
