package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.JsonFile;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/** The verdict of all checks, and which side is blamed if thresholds are missed beside others. */
class VerdictTest {
  private static final ObjectMapper MAPPER = JsonFile.MAPPER;

  private static final List<Threshold> THRESHOLDS =
      Stream.of("gap.p99 < 40 ms", "goodput > 99 %", "success_rate > 99 %", "pace_drift < 1 %")
          .map(text -> Threshold.parse(text, Map.of()))
          .toList();

  private static final Check VALID = check("valid", Kind.VALIDITY, Outcome.PASS);
  private static final Check KEPT = check("kept", Kind.INVARIANT, Outcome.PASS);
  private static final Check FAST = check("fast", Kind.THRESHOLD, Outcome.PASS);
  private static final Check NONE = check("baseline", Kind.BASELINE, Outcome.INCONCLUSIVE);

  @Test
  void a_run_passes_if_every_evaluated_check_passes() {
    Verdict verdict = Verdict.of(List.of(VALID, KEPT, FAST));
    assertThat(verdict)
        .isEqualTo(
            new Verdict(1, Outcome.PASS, "All 3 checks hold.", false, List.of(VALID, KEPT, FAST)));
    assertThat(verdict.troubles()).isEmpty();
    assertThat(verdict.lines()).containsExactly("PASS  All 3 checks hold.");
    Check open = new Check("heap", Kind.THRESHOLD, Outcome.NOT_EVALUATED, "", "< 4 MB", "No JVM.");
    Check also = new Check("slope", Kind.THRESHOLD, Outcome.NOT_EVALUATED, "", "", "No JVM.");
    assertThat(Verdict.of(List.of(VALID, KEPT, FAST, open, also)).lines())
        .containsExactly(
            "PASS  3 of 5 checks hold, 2 not evaluated.",
            "  NOT_EVALUATED heap, slope              No JVM.");
    assertThat(Verdict.of(List.of(open)).verdict()).isEqualTo(Outcome.INCONCLUSIVE);
  }

  @Test
  void a_threshold_on_what_cannot_be_known_of_a_service_is_not_evaluated() {
    SampleRun run = new SampleRun(1);
    run.unchecked.put("delivery_lag", "No time is stated.");
    Threshold limit = Threshold.parse("delivery_lag.p99 < 9 ms", Map.of());
    assertThat(Threshold.check(List.of(limit), run.report()))
        .extracting(Check::outcome, Check::reason)
        .containsExactly(tuple(Outcome.NOT_EVALUATED, "No time is stated."));
  }

  @ParameterizedTest
  @CsvSource({"PASS, WARN", "WARN, INCONCLUSIVE", "INCONCLUSIVE, FAIL", "FAIL, INVALID"})
  void the_worst_check_decides(Outcome one, Outcome worst) {
    Check better = check("one", Kind.INVARIANT, one);
    Check worse = check("other", Kind.INVARIANT, worst);
    for (List<Check> checks : List.of(List.of(better, worse), List.of(worse, better))) {
      Verdict verdict = Verdict.of(checks);
      assertThat(verdict.verdict()).isEqualTo(worst);
      assertThat(verdict.letsBuildGoOn()).isEqualTo(worst == Outcome.WARN);
    }
  }

  @Test
  void figures_of_an_invalid_run_are_compared_with_nothing() {
    Check stalled = Check.validity("stalled", false, "1", "2", "It stalled.");
    Check lost = Check.invariant("lost", false, "1", "2", "It lost.");
    Check slow = check("slow", Kind.THRESHOLD, Outcome.FAIL);
    Check slower = check("slower", Kind.BASELINE, Outcome.FAIL);
    Verdict verdict = Verdict.of(List.of(stalled, lost, slow, FAST, slower));
    assertThat(verdict.verdict()).isEqualTo(Outcome.INVALID);
    assertThat(verdict.sentence()).isEqualTo("It stalled.");
    assertThat(verdict.checks())
        .extracting(check -> check.outcome().name())
        .containsExactly("INVALID", "FAIL", "INCONCLUSIVE", "INCONCLUSIVE", "INCONCLUSIVE");
    assertThat(verdict.checks().get(3).reason())
        .isEqualTo("Not compared, because the run is invalid.");
  }

  @Test
  void checks_that_did_not_pass_come_worst_first() {
    Check unsure = check("unsure", Kind.THRESHOLD, Outcome.INCONCLUSIVE);
    Check lost = check("lost", Kind.INVARIANT, Outcome.FAIL);
    Check slow = check("slow", Kind.THRESHOLD, Outcome.FAIL);
    Verdict verdict = Verdict.of(List.of(VALID, unsure, lost, slow));
    assertThat(verdict.troubles()).containsExactly(lost, slow, unsure);
    assertThat(verdict.sentence()).isEqualTo("lost's reason. And 1 more.");
    assertThat(verdict.lines())
        .containsExactly(
            "FAIL  lost's reason. And 1 more.",
            "  FAIL          lost                     lost's reason. (1)",
            "  FAIL          slow                     slow's reason. (1)",
            "  INCONCLUSIVE  unsure                   unsure's reason. (1)",
            "  1 of 4 checks hold.");
  }

  /** A change counts always; a comparison that could not be made counts only if it decides. */
  @ParameterizedTest
  @CsvSource({
    // thresholds, baseline, the comparison decides, verdict, the build goes on
    "PASS, PASS, false, PASS, true",
    "PASS, WARN, false, WARN, true",
    "PASS, INCONCLUSIVE, false, PASS, true",
    "PASS, INCONCLUSIVE, true, INCONCLUSIVE, false",
    "PASS, FAIL, false, FAIL, true",
    "PASS, FAIL, true, FAIL, false",
    "WARN, INCONCLUSIVE, false, WARN, true",
    "INCONCLUSIVE, PASS, false, INCONCLUSIVE, false",
    "INCONCLUSIVE, FAIL, false, FAIL, false",
    "FAIL, PASS, false, FAIL, false",
    "FAIL, INCONCLUSIVE, false, FAIL, false",
  })
  void a_comparison_decides_the_build_only_on_demand(
      Outcome threshold, Outcome baseline, boolean decides, Outcome verdict, boolean goesOn) {
    Verdict found =
        Verdict.of(
            List.of(
                VALID,
                KEPT,
                check("fast", Kind.THRESHOLD, threshold),
                check("change", Kind.BASELINE, baseline)),
            decides);
    assertThat(found.verdict()).isEqualTo(verdict);
    assertThat(found.letsBuildGoOn()).isEqualTo(goesOn);
    assertThat(found.failOnRegression()).isEqualTo(decides);
    assertThat(found.checks()).hasSize(4);
    assertThat(found.counts(found.checks().get(3)))
        .isEqualTo(decides || baseline != Outcome.INCONCLUSIVE);
  }

  @Test
  void a_missing_baseline_is_named_once_and_counts_as_a_check() {
    Check slow = check("slow", Kind.THRESHOLD, Outcome.WARN);
    assertThat(Verdict.of(List.of(VALID, KEPT, NONE)).lines())
        .containsExactly(
            "PASS  2 of 3 checks hold.",
            "  INCONCLUSIVE  baseline                 baseline's reason. (1)");
    assertThat(sentence(false, VALID, slow, NONE)).isEqualTo("slow's reason.");
    assertThat(sentence(true, VALID, KEPT, NONE)).isEqualTo("baseline's reason.");
  }

  @Test
  void nothing_that_was_checked_is_no_pass() {
    Check same = check("same", Kind.BASELINE, Outcome.PASS);
    assertThat(Verdict.of(List.of()).verdict()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(Verdict.of(List.of()).letsBuildGoOn()).isFalse();
    assertThat(sentence(false)).isEqualTo("Nothing was checked.");
    assertThat(sentence(false, NONE)).isEqualTo("Nothing was checked.");
    assertThat(Verdict.of(List.of(same)).letsBuildGoOn()).isFalse();
    assertThat(Verdict.of(List.of(same), true).letsBuildGoOn()).isTrue();
  }

  @Test
  void the_form_of_the_file_is_pinned_and_is_read_back() throws IOException {
    Verdict verdict = Verdict.of(List.of(VALID));
    JsonNode json = MAPPER.valueToTree(verdict);
    assertThat(json)
        .hasToString(
            "{\"schema\":1,\"verdict\":\"PASS\",\"sentence\":\"All 1 checks hold.\","
                + "\"fail_on_regression\":false,\"checks\":"
                + "[{\"name\":\"valid\",\"kind\":\"validity\",\"outcome\":\"PASS\","
                + "\"figure\":\"1\",\"limit\":\"2\",\"reason\":\"valid's reason.\"}]}");
    assertThat(MAPPER.treeToValue(json, Verdict.class)).isEqualTo(verdict);
    String old = "{\"schema\": 1, \"verdict\": \"PASS\"}";
    assertThat(MAPPER.readValue(old, Verdict.class).letsBuildGoOn())
        .as("a file without checks")
        .isFalse();
    assertThatThrownBy(() -> MAPPER.readValue("{\"schema\": 1}", Verdict.class))
        .hasMessageContaining("it has no verdict");
  }

  @ParameterizedTest
  @CsvSource({
    // machine_quiet, p99 of gap, drift, goodput, success rate, an invariant holds, verdict
    "WARN, 39, 0,   100, 100, true,  WARN",
    "WARN, 80, 0,   100, 100, true,  INVALID",
    "WARN, 39, 0,   90,  100, true,  INVALID",
    "WARN, 39, 2,   100, 100, true,  INVALID",
    "WARN, 39, 2.1, 100, 100, true,  FAIL",
    "PASS, 80, 0,   90,  100, true,  FAIL",
    "WARN, 81, 0,   90,  100, true,  FAIL",
    "WARN, 80, 0,   90,  98,  true,  FAIL",
    "WARN, 80, 0,   90,  100, false, FAIL",
  })
  void a_threshold_that_is_nearly_met_beside_others_is_their_fault_and_nothing_else_is(
      Outcome quiet,
      double gapP99,
      double drift,
      double goodput,
      double success,
      boolean holds,
      Outcome verdict)
      throws Exception {
    SampleRun run = SampleRun.healthy().with(Kpi.GAP, 2_000, gapP99 / 4);
    run.with("goodput", goodput).with("success_rate", success).with("pace_drift", drift);
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

  private static String sentence(boolean decides, Check... checks) {
    return Verdict.of(List.of(checks), decides).sentence();
  }

  private static Check check(String name, Kind kind, Outcome outcome) {
    return new Check(name, kind, outcome, "1", "2", name + "'s reason.");
  }
}
