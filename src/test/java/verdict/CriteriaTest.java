package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Kpi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/** Which side is blamed if thresholds are missed beside other programs. */
class CriteriaTest {
  private static final List<Threshold> THRESHOLDS =
      Stream.of("gap.p99 < 40 ms", "goodput > 99 %", "success_rate > 99 %")
          .map(text -> Threshold.parse(text, Map.of()))
          .toList();

  @ParameterizedTest
  @CsvSource({
    // machine_quiet, p99 of gap, goodput, success rate, an invariant holds, verdict
    "WARN, 39, 100, 100, true,  WARN",
    "WARN, 80, 100, 100, true,  INVALID",
    "WARN, 39, 90,  100, true,  INVALID",
    "PASS, 80, 90,  100, true,  FAIL",
    "WARN, 81, 90,  100, true,  FAIL",
    "WARN, 80, 90,  98,  true,  FAIL",
    "WARN, 80, 90,  100, false, FAIL",
  })
  void a_threshold_that_is_nearly_met_beside_others_is_their_fault_and_nothing_else_is(
      Outcome quiet, double gapP99, double goodput, double success, boolean holds, Outcome verdict)
      throws Exception {
    SampleRun run = SampleRun.healthy().with(Kpi.GAP, 2_000, gapP99 / 4);
    run.with("goodput", goodput).with("success_rate", success);
    run.with(
        new Check("machine_quiet", Kind.VALIDITY, quiet, "63 %", "<= 20 %", "Others took it."));
    run.with(Check.invariant("in_order", holds, "1", "0", "A token came out of order."));
    Verdict found =
        new Criteria(THRESHOLDS, List.of(), 20, false).judge(run.record(), "None.").verdict();

    assertThat(found.verdict()).isEqualTo(verdict);
    if (verdict == Outcome.INVALID) {
      assertThat(found.sentence())
          .isEqualTo(
              "Others took it; they may be why a threshold was missed; run again without them.");
    }
  }
}
