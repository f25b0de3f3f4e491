package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Outcome;

/** A run that is compared with a baseline from a faster hour of the same machine. */
class MachineSpeedTest {
  /** Half as much again fails; the generator's own CPU an event was 10 us. */
  @ParameterizedTest
  @CsvSource({
    "step_p99, 160, 10, 500, FAIL",
    "step_p99, 160, 10.5, 500, FAIL", // The baseline's runs differ by as much.
    "step_p99, 160, 13, 500, WARN",
    "step_p99, 160, 13, 480, WARN",
    "step_p99, 160, 13, 470, FAIL", // Fewer events cost more each.
    "step_p99, 160, 8, 500, FAIL",
    "step_p99, 199, 13, 500, FAIL", // More than a machine explains that is slower by 30 %.
    "step_p99, 130, 13, 500, WARN",
    "step_p99, 110, 13, 500, PASS",
    "llm.cpu_us_per_event, 160, 13, 500, WARN",
    "error_rate, 160, 13, 500, FAIL", // No speed.
  })
  void a_failure_that_a_slower_machine_explains_is_a_warning(
      String figure,
      double value,
      double generatorUs,
      double perS,
      Outcome outcome,
      @TempDir Path folder)
      throws Exception {
    Baselines baselines = new Baselines(folder);
    String own = "injector.cpu_us_per_event";
    SampleRun[] runs = SampleRun.with(figure, 99, 100, 101);
    IntStream.range(0, 3)
        .forEach(at -> runs[at].with(own, 9.9 + at / 10.0).with("messages_per_s", 499 + at));
    baselines.write(Baseline.of(Arrays.stream(runs).map(SampleRun::record).toList()));
    SampleRun run = new SampleRun(9).with(figure, value).with(own, generatorUs);
    Rule rule = Rule.parse(figure + " warn 20 % fail 50 %", 20);
    Comparison comparison =
        Comparison.of(baselines, run.with("messages_per_s", perS).record(), List.of(rule), 20);
    Check check = comparison.checks().get(0);
    assertThat(check.outcome()).isEqualTo(outcome);
    assertThat(check.reason().contains("; the generator's own CPU an event is +30.0 % too"))
        .isEqualTo(outcome == Outcome.WARN && value != 130);
    String speed = " The generator's own CPU an event changed by %s: %s.";
    assertThat(comparison.otherSpeed())
        .isEqualTo(
            generatorUs == 13 && perS >= 480
                ? speed.formatted("+30.0 %", "the machine may be slower than it was")
                : generatorUs == 8
                    ? speed.formatted("-20.0 %", "a faster machine may hide what got slower")
                    : "");
    assertThat(comparison.sentence()).endsWith(comparison.otherSpeed());
  }
}
